#include "events/log/kafka/key_topic.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>

#include "events/base/text.h"
#include "events/log/kafka/answers.h"
#include "events/log/kafka/broker_partition.h"
#include "events/log/kafka/client.h"
#include "events/log/kafka/topic.h"

namespace kring {
namespace {

using kafka::Client;
using kafka::Deadline;
using kafka::Delivery;
using std::chrono::milliseconds;

constexpr milliseconds slice{50}, retry_after{100}, grace{2000};
constexpr int ask_again = 2000;            // milliseconds
constexpr std::size_t most_at_once = 10'000;  // messages with librdkafka

using Topic = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;

class KeyTopic final : public KeyFeed {
 public:
  explicit KeyTopic(const KafkaOptions& options)
      : options_(options), topic_(key_topic_name(options.topic)), name_(concat(topic_, "/", options.partition)) {}
  KeyTopic(const KeyTopic&) = delete;
  KeyTopic& operator=(const KeyTopic&) = delete;
  ~KeyTopic() override { stop(); }

  Result<void> read(const Visit& visit) override;
  Result<void> publish(std::span<const KeyMessage> messages) override;

 private:
  Result<void> open();
  Result<std::int64_t> end();
  Result<void> start();
  void stop();
  Result<bool> take(const rd_kafka_message_t& message, std::int64_t until, const Visit& visit);
  Result<void> start_producer();
  Result<void> send(std::span<const KeyMessage> messages);

  const KafkaOptions options_;
  const std::string topic_, name_;
  std::unique_ptr<Client> consumer_, producer_;
  // After what they belong to, so that they go first.
  Topic read_from_{nullptr, rd_kafka_topic_destroy}, write_to_{nullptr, rd_kafka_topic_destroy};
  std::int64_t next_ = 0;  // offset that was not shown yet
  bool reading_ = false;
};

// The log's start has checked both topics; that this one is missing is an error here alone.
Result<void> KeyTopic::open() {
  if (consumer_) return {};
  auto like_the_log = kafka::consumer_settings();
  like_the_log.emplace_back("enable.partition.eof", "true");  // behind the last message compaction may leave offsets that no message has
  auto consumer = Client::make(Client::Role::consumer, options_, like_the_log);
  if (!consumer) return std::unexpected(std::move(consumer.error()));
  rd_kafka_topic_conf_t* settings = rd_kafka_topic_conf_new();
  rd_kafka_topic_conf_set(settings, "auto.offset.reset", "error", nullptr, 0);
  read_from_.reset(rd_kafka_topic_new((*consumer)->handle(), topic_.c_str(), settings));
  if (!read_from_) return kafka::refused(name_, rd_kafka_err2str(rd_kafka_last_error()));
  consumer_ = std::move(*consumer);
  return {};
}

Result<std::int64_t> KeyTopic::end() {
  const Deadline deadline(options_.answer_within);
  for (;;) {
    std::int64_t low = 0, high = 0;
    const auto code = kafka::ask_for_ends(consumer_->handle(), topic_, options_.partition, std::min(deadline.left(), ask_again), low, high);
    consumer_->poll(milliseconds(0));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      next_ = std::max(next_, low);
      return high;
    }
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
      return fail(ErrorKind::io, "topic_not_found",
                  concat("the topic ", topic_, " at ", options_.brokers, ", for the keys of ", options_.topic, ", is not there: ", rd_kafka_err2str(code),
                         "; 'kring topic create' makes it"));
    if (!kafka::passes(code)) return kafka::refused(concat("the end of ", name_), rd_kafka_err2str(code));
    if (deadline.passed()) return consumer_->unreachable(rd_kafka_err2str(code));
    consumer_->poll(retry_after);
  }
}

Result<void> KeyTopic::start() {
  if (!reading_ && rd_kafka_consume_start(read_from_.get(), options_.partition, next_) != 0)
    return kafka::refused(concat("reading ", name_), rd_kafka_err2str(rd_kafka_last_error()));
  reading_ = true;
  return {};
}

void KeyTopic::stop() {
  if (reading_) rd_kafka_consume_stop(read_from_.get(), options_.partition);
  reading_ = false;
}

Result<void> KeyTopic::read(const Visit& visit) {
  if (auto opened = open(); !opened) return opened;
  const auto until = end();
  if (!until) return std::unexpected(until.error());
  if (next_ >= *until) return {};
  if (auto started = start(); !started) return started;
  // Each message starts the waiting anew: how many there are nobody knows.
  for (Deadline deadline(options_.answer_within); next_ < *until; consumer_->poll(milliseconds(0))) {
    if (deadline.passed()) return consumer_->unreachable(concat("no message at ", name_, ", offset ", next_));
    const std::unique_ptr<rd_kafka_message_t, void (*)(rd_kafka_message_t*)> message(
        rd_kafka_consume(read_from_.get(), options_.partition, static_cast<int>(slice.count())), rd_kafka_message_destroy);
    if (!message) continue;
    const auto taken = take(*message, *until, visit);
    if (!taken) return std::unexpected(taken.error());
    if (*taken) deadline.restart(options_.answer_within);
  }
  return {};
}

// False: it was no message, and more have to be waited for.
Result<bool> KeyTopic::take(const rd_kafka_message_t& message, std::int64_t until, const Visit& visit) {
  const char* detail = message.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nullptr : rd_kafka_message_errstr(&message);
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    if (message.offset >= until) next_ = std::max(next_, until);
    return false;
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR && kafka::passes(message.err)) return false;
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    stop();
    return kafka::refused(concat("reading ", name_, ", offset ", next_), detail != nullptr ? detail : rd_kafka_err2str(message.err));
  }
  if (message.offset < next_) return true;  // shown before
  const auto bytes = [](const void* data, std::size_t size) { return BytesView(static_cast<const char*>(data), size); };
  next_ = message.offset + 1;
  visit(bytes(message.key, message.key_len), message.payload == nullptr ? std::nullopt : std::optional(bytes(message.payload, message.len)));
  return true;
}

Result<void> KeyTopic::start_producer() {
  if (producer_) return {};
  auto producer = Client::make(Client::Role::producer, options_,
                               {{"enable.idempotence", "true"},
                                {"acks", "all"},
                                {"linger.ms", "0"},
                                {"message.timeout.ms", concat(options_.deliver_within.count())}});
  if (!producer) return std::unexpected(std::move(producer.error()));
  write_to_.reset(rd_kafka_topic_new((*producer)->handle(), topic_.c_str(), nullptr));
  if (!write_to_) return kafka::refused(name_, rd_kafka_err2str(rd_kafka_last_error()));
  producer_ = std::move(*producer);
  return {};
}

Result<void> KeyTopic::publish(std::span<const KeyMessage> messages) {
  // A producer that asks for a topic which is not there would have it made, with settings of the broker's.
  if (auto opened = open(); !opened) return opened;
  if (!producer_)
    if (auto there = end(); !there) return std::unexpected(there.error());
  if (auto started = start_producer(); !started) return started;
  for (; !messages.empty(); messages = messages.subspan(std::min(messages.size(), most_at_once)))
    if (auto sent = send(messages.first(std::min(messages.size(), most_at_once))); !sent) {
      // What it still holds is given up: nobody waits for it any more.
      write_to_.reset();
      producer_.reset();
      return sent;
    }
  return {};
}

Result<void> KeyTopic::send(std::span<const KeyMessage> messages) {
  std::string why;
  std::size_t pending = 0;
  producer_->on_delivery = [&](const rd_kafka_message_t* report) {
    const Delivery delivery = kafka::delivery_of(*report);
    if (delivery.outcome != Delivery::Outcome::stored) why = delivery.why;
    --pending;
  };
  for (const KeyMessage& message : messages) {
    void* const value = message.value ? const_cast<char*>(message.value->data()) : nullptr;
    const int failed = rd_kafka_produce(write_to_.get(), options_.partition, RD_KAFKA_MSG_F_COPY, value, message.value ? message.value->size() : 0,
                                        message.key.data(), message.key.size(), nullptr);
    if (failed != 0) {
      why = rd_kafka_err2str(rd_kafka_last_error());
      break;
    }
    ++pending;
  }
  const Deadline deadline(options_.deliver_within + grace);
  while (pending > 0 && !deadline.passed()) producer_->poll(slice);
  producer_->on_delivery = {};
  if (pending > 0 && why.empty()) why = "no report of its delivery came";
  if (why.empty()) return {};
  return producer_->unreachable(concat("keys could not be stored in ", name_, ": ", why));
}

}  // namespace

std::unique_ptr<KeyFeed> make_key_feed(const KafkaOptions& options) { return std::make_unique<KeyTopic>(options); }

}  // namespace kring
