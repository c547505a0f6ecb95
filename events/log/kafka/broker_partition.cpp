#include "events/log/kafka/broker_partition.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <utility>

#include "events/base/text.h"
#include "events/log/frame.h"
#include "events/log/kafka/answers.h"
#include "events/log/kafka/client.h"
#include "events/log/kafka/topic.h"
#include "events/log/kafka/writer.h"
#include "events/log/log_errors.h"
#include "events/members.h"

namespace kring::kafka {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds slice{50};        // between two looks at what librdkafka has to say, while waiting
constexpr milliseconds retry_after{100};
constexpr int ask_again = 2000;          // milliseconds; a question that was under way when a broker went is never answered
constexpr milliseconds grace{2000};      // for the last delivery reports, after librdkafka should have given up

using Topic = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;
using Queue = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;

// What was handed over in one call. librdkafka points to its frames until it has reported them.
struct Shipment {
  struct Sent {
    Shipment* with = nullptr;
    Delivery delivery{Delivery::Outcome::unknown, -1, "no report of its delivery came"};
  };
  Shipment(std::size_t frames, milliseconds within) : sent(frames), deadline(within) {
    for (Sent& one : sent) one.with = this;
  }
  std::vector<Sent> sent;
  std::size_t pending = 0;
  Deadline deadline;
};

class BrokerPartition final : public Partition {
 public:
  explicit BrokerPartition(const KafkaOptions& options)
      : options_(options), name_(concat(options.topic, "/", options.partition)) {}
  BrokerPartition(const BrokerPartition&) = delete;
  BrokerPartition& operator=(const BrokerPartition&) = delete;
  ~BrokerPartition() override { stop(); }

  const std::string& name() const override { return name_; }
  Share share() const override { return {options_.partition, partitions_}; }
  std::uint64_t interruptions() override {
    return (consumer_ ? consumer_->interruptions() : 0) + (producer_ ? producer_->interruptions() : 0);
  }
  Result<void> open() override;
  Result<Watermarks> watermarks() override;
  Result<Message> message_at(Offset offset) override;
  void stop_reading() override { stop(); }
  Result<void> send(std::span<const Bytes> frames) override;
  std::optional<std::vector<Delivery>> delivered() override;
  void interrupt() override;

 private:
  Result<void> go_to(Offset offset);
  Result<void> judge(const rd_kafka_message_t& message);
  void stop();
  Result<void> start_producer();

  const KafkaOptions options_;
  const std::string name_;
  std::int32_t partitions_ = 1;
  std::deque<std::unique_ptr<Shipment>> shipments_;  // not told of yet
  std::deque<std::unique_ptr<Shipment>> given_up_;   // told of before all reports came
  std::atomic<bool> interrupted_ = false;
  std::unique_ptr<Client> consumer_, producer_;
  // After what they belong to, so that they go first.
  Topic read_from_{nullptr, rd_kafka_topic_destroy}, write_to_{nullptr, rd_kafka_topic_destroy};
  Queue reports_{nullptr, rd_kafka_queue_destroy};
  std::optional<Offset> next_;  // that the consumer will give; none: it is not started
};

Result<void> BrokerPartition::open() {
  auto consumer = Client::make(Client::Role::consumer, options_, consumer_settings());
  if (!consumer) return std::unexpected(std::move(consumer.error()));
  const auto topic = check_topic(**consumer, options_);
  if (!topic) return std::unexpected(topic.error());
  partitions_ = topic->partitions;
  rd_kafka_topic_conf_t* settings = rd_kafka_topic_conf_new();
  rd_kafka_topic_conf_set(settings, "auto.offset.reset", "error", nullptr, 0);
  read_from_.reset(rd_kafka_topic_new((*consumer)->handle(), options_.topic.c_str(), settings));
  if (!read_from_) return refused(name_, rd_kafka_err2str(rd_kafka_last_error()));
  consumer_ = std::move(*consumer);
  return {};
}

Result<Watermarks> BrokerPartition::watermarks() {
  const Deadline deadline(options_.answer_within);
  for (;;) {
    Watermarks marks;
    std::int64_t low = 0, high = 0;
    const auto code = ask_for_ends(consumer_->handle(), options_.topic, options_.partition, std::min(deadline.left(), ask_again), low, high);
    marks = {static_cast<Offset>(low), static_cast<Offset>(high)};
    consumer_->poll(milliseconds(0));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return marks;
    if (!passes(code)) return refused(concat("the end of ", name_), rd_kafka_err2str(code));
    consumer_->count_interruption();
    if (deadline.passed()) return consumer_->unreachable(rd_kafka_err2str(code));
    consumer_->poll(retry_after);
  }
}

Result<Message> BrokerPartition::message_at(Offset offset) {
  const Deadline deadline(options_.answer_within);
  if (next_ != offset)
    if (auto gone = go_to(offset); !gone) return std::unexpected(std::move(gone.error()));
  bool twice = false;
  for (;; consumer_->poll(milliseconds(0))) {
    if (deadline.passed()) return consumer_->unreachable(concat("no message at ", name_, ", offset ", offset));
    std::unique_ptr<void, void (*)(void*)> owner(
        rd_kafka_consume(read_from_.get(), options_.partition, static_cast<int>(slice.count())),
        [](void* message) { rd_kafka_message_destroy(static_cast<rd_kafka_message_t*>(message)); });
    if (!owner) continue;
    const auto& message = *static_cast<const rd_kafka_message_t*>(owner.get());
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      if (auto fine = judge(message); !fine) return std::unexpected(std::move(fine.error()));
      continue;
    }
    const auto found = static_cast<Offset>(message.offset);
    if (found < offset) continue;  // of the place before
    if (found > offset && !std::exchange(twice, true)) {
      // Before this is called a hole it is asked for once more, by name.
      if (auto gone = go_to(offset); !gone) return std::unexpected(std::move(gone.error()));
      continue;
    }
    next_ = found + 1;
    return Message{found, {static_cast<const char*>(message.payload), message.len}, std::move(owner)};
  }
}

// An error in place of a message: returned where it will not pass.
Result<void> BrokerPartition::judge(const rd_kafka_message_t& message) {
  const char* detail = rd_kafka_message_errstr(&message);
  const std::string why = detail != nullptr ? detail : rd_kafka_err2str(message.err);
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return {};
  if (passes(message.err)) {
    consumer_->count_interruption();
    return {};
  }
  const Offset wanted = next_.value_or(0);
  stop();
  consumer_->count_interruption();
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message.err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE ||
      message.err == RD_KAFKA_RESP_ERR__BAD_MSG || message.err == RD_KAFKA_RESP_ERR__BAD_COMPRESSION)
    return fail(ErrorKind::damaged, "log_damaged", concat("the log is damaged at ", name_, ", offset ", wanted, ": ", why));
  return refused(concat("reading ", name_, ", offset ", wanted), why);
}

Result<void> BrokerPartition::go_to(Offset offset) {
  const auto to = static_cast<std::int64_t>(offset);
  if (next_) {
    const auto code = rd_kafka_seek(read_from_.get(), options_.partition, to, static_cast<int>(options_.answer_within.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) stop();
  }
  if (!next_ && rd_kafka_consume_start(read_from_.get(), options_.partition, to) != 0)
    return refused(concat("reading ", name_), rd_kafka_err2str(rd_kafka_last_error()));
  next_ = offset;
  return {};
}

void BrokerPartition::stop() {
  if (next_) rd_kafka_consume_stop(read_from_.get(), options_.partition);
  next_.reset();
}

Result<void> BrokerPartition::start_producer() {
  if (producer_) return {};
  auto producer = Client::make(Client::Role::producer, options_, producer_settings(options_));
  if (!producer) return std::unexpected(std::move(producer.error()));
  write_to_.reset(rd_kafka_topic_new((*producer)->handle(), options_.topic.c_str(), nullptr));
  if (!write_to_) return refused(name_, rd_kafka_err2str(rd_kafka_last_error()));
  producer_ = std::move(*producer);
  reports_.reset(rd_kafka_queue_get_main(producer_->handle()));
  producer_->on_delivery = [](const rd_kafka_message_t* report) {
    auto& sent = *static_cast<Shipment::Sent*>(report->_private);
    sent.delivery = delivery_of(*report);
    --sent.with->pending;
  };
  return {};
}

Result<void> BrokerPartition::send(std::span<const Bytes> frames) {
  if (auto started = start_producer(); !started) return started;
  shipments_.push_back(std::make_unique<Shipment>(frames.size(), options_.deliver_within + grace));
  Shipment& shipment = *shipments_.back();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const int failed = rd_kafka_produce(write_to_.get(), options_.partition, RD_KAFKA_MSG_F_COPY,
                                        const_cast<char*>(frames[i].data()), frames[i].size(), nullptr, 0, &shipment.sent[i]);
    if (failed != 0) {
      // Those after it would not follow on anything: not sent at all.
      for (std::size_t k = i; k < frames.size(); ++k)
        shipment.sent[k].delivery = {Delivery::Outcome::absent, -1, rd_kafka_err2str(rd_kafka_last_error())};
      break;
    }
    ++shipment.pending;
  }
  return {};
}

std::optional<std::vector<Delivery>> BrokerPartition::delivered() {
  Shipment& oldest = *shipments_.front();
  while (oldest.pending > 0 && !oldest.deadline.passed()) {
    if (interrupted_.exchange(false)) return std::nullopt;
    producer_->poll(slice);
  }
  std::vector<Delivery> deliveries;
  deliveries.reserve(oldest.sent.size());
  for (Shipment::Sent& sent : oldest.sent) deliveries.push_back(std::move(sent.delivery));
  if (oldest.pending > 0) given_up_.push_back(std::move(shipments_.front()));
  shipments_.pop_front();
  consumer_->poll(milliseconds(0));  // so that interruptions() knows of those that it had meanwhile
  return deliveries;
}

void BrokerPartition::interrupt() {
  interrupted_ = true;
  rd_kafka_queue_yield(reports_.get());
}

}  // namespace

ClientSettings consumer_settings() {
  return {{"check.crcs", "true"},
          {"isolation.level", "read_uncommitted"},  // every reader sees the same messages
          {"allow.auto.create.topics", "false"},
          // How long an idle request stays at the broker: going to another offset waits for it.
          {"fetch.wait.max.ms", "20"},
          {"fetch.error.backoff.ms", "100"}};
}

ClientSettings producer_settings(const KafkaOptions& options) {
  return {{"enable.idempotence", "true"},
          {"acks", "all"},
          {"linger.ms", "0"},
          {"message.max.bytes", concat(max_body + frame_header_size + 1024)},
          {"message.timeout.ms", concat(options.deliver_within.count())}};
}

std::unique_ptr<Partition> make_broker_partition(const KafkaOptions& options) {
  return std::make_unique<BrokerPartition>(options);
}

}  // namespace kring::kafka

namespace kring {

std::uint64_t KafkaStatistics::voided() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : messages) sum += count;
  return sum - messages[static_cast<std::size_t>(Standing::counts)];
}

std::unique_ptr<KafkaLog> make_kafka_log(KafkaOptions options) {
  auto partition = kafka::make_broker_partition(options);
  return kafka::make_log(std::move(options), std::move(partition));
}

std::unique_ptr<KafkaReader> make_kafka_reader(KafkaOptions options) {
  return kafka::make_reader(kafka::make_broker_partition(options));
}

}  // namespace kring
