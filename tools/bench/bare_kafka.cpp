#include "tools/bench/bare_kafka.h"

#include <librdkafka/rdkafka.h>

#include <array>

#include "events/base/text.h"
#include "events/log/kafka/broker_partition.h"
#include "events/log/kafka/client.h"
#include "events/log/kafka/topic.h"
#include "tools/bench/measure.h"

namespace kring::bench {
namespace {

using kafka::Client;
using std::chrono::milliseconds;

constexpr int patience = 30'000;  // milliseconds

template <class T>
using Handle = std::unique_ptr<T, void (*)(T*)>;

[[noreturn]] void failed(std::string_view what, rd_kafka_resp_err_t code) {
  throw Failed{{ErrorKind::io, "kafka", "", concat("the bare client of Kafka cannot ", what, ": ", rd_kafka_err2str(code))}};
}

Handle<rd_kafka_topic_t> topic_of(Client& client, const KafkaOptions& options) {
  return {rd_kafka_topic_new(client.handle(), options.topic.c_str(), nullptr), rd_kafka_topic_destroy};
}

int count_brokers(const KafkaOptions& options) {
  const auto client = must(Client::make(Client::Role::consumer, options, {}));
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto code = rd_kafka_metadata(client->handle(), 0, nullptr, &metadata, static_cast<int>(options.answer_within.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw Failed{client->unreachable(rd_kafka_err2str(code)).error()};
  const int count = metadata->broker_cnt;
  rd_kafka_metadata_destroy(metadata);
  return count;
}

}  // namespace

BenchTopics::BenchTopics(const KafkaOptions& options, bool keep) : options_(options), keep_(keep) {
  constexpr int enough = 3;
  options_.topic += concat("-", to_hex(view(random_token())).substr(0, 12), "-");
  replicas_ = count_brokers(options_) >= enough ? enough : 1;
  if (replicas_ < enough) options_.allow_unreplicated = true;
}

BenchTopics::~BenchTopics() {
  if (keep_ || made_.empty()) return;
  const auto client = Client::make(Client::Role::producer, options_, {});
  if (!client) return;
  std::vector<rd_kafka_DeleteTopic_t*> orders;
  for (const std::string& name : made_) orders.push_back(rd_kafka_DeleteTopic_new(name.c_str()));
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new((*client)->handle()), rd_kafka_queue_destroy);
  rd_kafka_DeleteTopics((*client)->handle(), orders.data(), orders.size(), nullptr, queue.get());
  const Handle<rd_kafka_event_t> answer(rd_kafka_queue_poll(queue.get(), patience), rd_kafka_event_destroy);
  rd_kafka_DeleteTopic_destroy_array(orders.data(), orders.size());
  if (options_.notice && (!answer || rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR))
    options_.notice(concat("the topics ", options_.topic, "* could not be removed"));
}

KafkaOptions BenchTopics::make(std::string_view name) {
  KafkaOptions options = options_;
  options.topic += concat(name, '-', made_.size() + 1);
  must(create_topics(options, 1, replicas_));  // one for keys too, which nobody uses
  made_.insert(made_.end(), {options.topic, key_topic_name(options.topic)});
  return options;
}

double bare_produce_rate(const KafkaOptions& options, const std::vector<Bytes>& messages, std::size_t in_flight) {
  const auto client = must(Client::make(Client::Role::producer, options, kafka::producer_settings(options)));
  const auto topic = topic_of(*client, options);
  std::size_t inside = 0;
  client->on_delivery = [&](const rd_kafka_message_t* report) {
    if (report->err != RD_KAFKA_RESP_ERR_NO_ERROR) failed("deliver", report->err);
    --inside;
  };
  const auto produce = [&](const Bytes& message, std::size_t most) {
    while (inside >= most) client->poll(milliseconds(100));
    const int code = rd_kafka_produce(topic.get(), 0, 0, const_cast<char*>(message.data()), message.size(), nullptr, 0, nullptr);
    if (code != 0) failed("send", rd_kafka_last_error());
    ++inside;
  };
  const auto wait = [&] {
    while (inside > 0) client->poll(milliseconds(100));
  };
  produce(messages.front(), 1);  // what is done once: connecting, asking for a producer id
  wait();
  const auto taken = seconds([&] {
    for (const Bytes& message : messages) produce(message, in_flight);
    wait();
  });
  return static_cast<double>(messages.size()) / taken;
}

double bare_consume_rate(const KafkaOptions& options, std::uint64_t messages) {
  std::array<rd_kafka_message_t*, 1000> got{};
  std::uint64_t seen = 0, bytes = 0;
  const auto taken = seconds([&] {
    const auto client = must(Client::make(Client::Role::consumer, options, kafka::consumer_settings()));
    const auto topic = topic_of(*client, options);
    if (rd_kafka_consume_start(topic.get(), 0, 0) != 0) failed("read", rd_kafka_last_error());
    auto last = Clock::now();
    while (seen < messages) {
      const auto count = rd_kafka_consume_batch(topic.get(), 0, 100, got.data(), got.size());
      const std::uint64_t before = seen;
      for (ssize_t i = 0; i < count; ++i) {
        const rd_kafka_message_t& message = *got[static_cast<std::size_t>(i)];
        // librdkafka goes on by itself: a broker may not know of a new topic yet.
        if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
          ++seen;
          bytes += message.len;
        }
        rd_kafka_message_destroy(got[static_cast<std::size_t>(i)]);
      }
      if (seen > before) last = Clock::now();
      else if (seconds_since(last) * 1000 > patience) failed("read on", RD_KAFKA_RESP_ERR__TIMED_OUT);
    }
    rd_kafka_consume_stop(topic.get(), 0);
  });
  keep(bytes);
  return static_cast<double>(seen) / taken;
}

}  // namespace kring::bench
