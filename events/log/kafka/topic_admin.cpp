// Asking brokers about topics, and for one.
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <span>

#include "events/base/text.h"
#include "events/log/kafka/client.h"
#include "events/log/kafka/topic.h"

namespace kring {
namespace {

using kafka::Client;
using kafka::Deadline;

constexpr std::chrono::milliseconds ask_one_within{1000};  // one of several; it may be dying

template <class T>
using Handle = std::unique_ptr<T, void (*)(T*)>;

std::unexpected<Error> topic_not_found(const KafkaOptions& options, const std::string& topic, std::string_view why) {
  return fail(ErrorKind::io, "topic_not_found",
              concat("the topic ", topic, " at ", options.brokers, " is not there: ", why,
                     "; 'kring topic create' makes it"));
}

using Metadata = std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)>;

// What one broker, whichever is connected, knows of a topic.
Result<Metadata> ask(Client& client, const std::string& topic, const Deadline& deadline) {
  const Handle<rd_kafka_topic_t> name(rd_kafka_topic_new(client.handle(), topic.c_str(), nullptr), rd_kafka_topic_destroy);
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto code = rd_kafka_metadata(client.handle(), 0, name.get(), &metadata, deadline.left());
  client.poll(std::chrono::milliseconds(0));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return client.unreachable(rd_kafka_err2str(code));
  return Metadata(metadata, rd_kafka_metadata_destroy);
}

Result<KafkaTopic> partitions_of(Client& client, const KafkaOptions& options, const std::string& wanted, const Deadline& deadline) {
  const auto metadata = ask(client, wanted, deadline);
  if (!metadata) return std::unexpected(metadata.error());
  KafkaTopic topic;
  rd_kafka_resp_err_t problem = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  if ((*metadata)->topic_cnt == 1) {
    const rd_kafka_metadata_topic_t& found = (*metadata)->topics[0];
    problem = found.err;
    topic.partitions = found.partition_cnt;
    for (int i = 0; i < found.partition_cnt; ++i) {
      const std::int32_t replicas = found.partitions[i].replica_cnt;
      topic.replicas = i == 0 ? replicas : std::min(topic.replicas, replicas);
    }
  }
  if (problem == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return topic_not_found(options, wanted, rd_kafka_err2str(problem));
  if (problem != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka::refused(concat("topic ", wanted), rd_kafka_err2str(problem));
  return topic;
}

// Waits for the answer to a request that was put on `queue`.
Result<Handle<rd_kafka_event_t>> answer(Client& client, rd_kafka_queue_t* queue, const Deadline& deadline, const std::string& what) {
  Handle<rd_kafka_event_t> event(rd_kafka_queue_poll(queue, deadline.left() + 1000), rd_kafka_event_destroy);
  client.poll(std::chrono::milliseconds(0));
  if (!event) return client.unreachable(concat("timed out, ", what));
  const auto code = rd_kafka_event_error(event.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return event;
  const std::string why = rd_kafka_event_error_string(event.get());
  if (code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TRANSPORT) return client.unreachable(why);
  return kafka::refused(what, why);
}

Handle<rd_kafka_AdminOptions_t> admin_options(rd_kafka_t* handle, rd_kafka_admin_op_t operation, const Deadline& deadline) {
  Handle<rd_kafka_AdminOptions_t> options(rd_kafka_AdminOptions_new(handle, operation), rd_kafka_AdminOptions_destroy);
  std::array<char, 128> ignored{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), deadline.left(), ignored.data(), ignored.size());
  return options;
}

Result<std::map<std::string, std::string>> settings_of(Client& client, const std::string& topic, const Deadline& deadline) {
  rd_kafka_t* const handle = client.handle();
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(handle), rd_kafka_queue_destroy);
  const Handle<rd_kafka_ConfigResource_t> resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()),
                                                   rd_kafka_ConfigResource_destroy);
  std::array<rd_kafka_ConfigResource_t*, 1> wanted{resource.get()};
  const auto within = admin_options(handle, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, deadline);
  rd_kafka_DescribeConfigs(handle, wanted.data(), wanted.size(), within.get(), queue.get());
  const std::string what = concat("the settings of topic ", topic);
  const auto event = answer(client, queue.get(), deadline, what);
  if (!event) return std::unexpected(event.error());
  std::size_t count = 0;
  const auto* const* resources = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event->get()), &count);
  if (count != 1) return kafka::refused(what, "not told");
  if (rd_kafka_ConfigResource_error(resources[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* why = rd_kafka_ConfigResource_error_string(resources[0]);
    return kafka::refused(what, why != nullptr ? why : rd_kafka_err2str(rd_kafka_ConfigResource_error(resources[0])));
  }
  std::map<std::string, std::string> settings;
  const auto* const* entries = rd_kafka_ConfigResource_configs(resources[0], &count);
  for (std::size_t i = 0; i < count; ++i)
    if (const char* value = rd_kafka_ConfigEntry_value(entries[i])) settings[rd_kafka_ConfigEntry_name(entries[i])] = value;
  return settings;
}

Result<KafkaTopic> describe(Client& client, const KafkaOptions& options, const std::string& name, const Deadline& deadline) {
  auto topic = partitions_of(client, options, name, deadline);
  if (!topic) return topic;
  auto settings = settings_of(client, name, deadline);
  if (!settings) return std::unexpected(std::move(settings.error()));
  topic->settings = std::move(*settings);
  return topic;
}

// None where it is not there.
Result<std::optional<KafkaTopic>> describe_if_there(Client& client, const KafkaOptions& options, const std::string& name, const Deadline& deadline) {
  auto topic = describe(client, options, name, deadline);
  if (!topic && topic.error().code == "topic_not_found") return std::nullopt;
  if (!topic) return std::unexpected(std::move(topic.error()));
  return std::optional(std::move(*topic));
}

Result<KafkaTopics> describe(Client& client, const KafkaOptions& options, const Deadline& deadline) {
  auto log = describe(client, options, options.topic, deadline);
  if (!log) return std::unexpected(std::move(log.error()));
  auto keys = describe_if_there(client, options, key_topic_name(options.topic), deadline);
  if (!keys) return std::unexpected(std::move(keys.error()));
  return KafkaTopics{std::move(*log), std::move(*keys)};
}

struct NewTopic {
  std::string name;
  std::int32_t partitions = 1, replicas = 1;
  std::map<std::string, std::string> settings;
};

Result<void> order_topic(Client& client, const NewTopic& order, const Deadline& deadline) {
  rd_kafka_t* const handle = client.handle();
  std::array<char, 512> why{};
  const Handle<rd_kafka_NewTopic_t> topic(rd_kafka_NewTopic_new(order.name.c_str(), order.partitions, order.replicas, why.data(), why.size()),
                                          rd_kafka_NewTopic_destroy);
  if (!topic) return fail(ErrorKind::usage, "wrong_use", concat("topic ", order.name, ": ", why.data()));
  for (const auto& [name, value] : order.settings) rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str());
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(handle), rd_kafka_queue_destroy);
  std::array<rd_kafka_NewTopic_t*, 1> wanted{topic.get()};
  const auto within = admin_options(handle, RD_KAFKA_ADMIN_OP_CREATETOPICS, deadline);
  rd_kafka_CreateTopics(handle, wanted.data(), wanted.size(), within.get(), queue.get());
  const std::string what = concat("making topic ", order.name);
  const auto event = answer(client, queue.get(), deadline, what);
  if (!event) return std::unexpected(event.error());
  std::size_t count = 0;
  const auto* const* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  const auto code = count == 1 ? rd_kafka_topic_result_error(results[0]) : RD_KAFKA_RESP_ERR_UNKNOWN;
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  const char* text = count == 1 ? rd_kafka_topic_result_error_string(results[0]) : nullptr;
  auto error = kafka::refused(what, text != nullptr ? text : rd_kafka_err2str(code)).error();
  if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) error.code = "topic_exists";
  return std::unexpected(std::move(error));
}

bool is_complete(const rd_kafka_metadata_t& metadata, const NewTopic& order) {
  if (metadata.topic_cnt != 1 || metadata.topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR || metadata.topics[0].partition_cnt != order.partitions) return false;
  const std::span partitions(metadata.topics[0].partitions, static_cast<std::size_t>(order.partitions));
  return std::ranges::all_of(partitions, [](const auto& one) { return one.leader >= 0; });
}

// Each broker hears of a topic by itself, and whoever uses it next may ask the last one: so each is asked, by a client that
// knows no other. Those that are dead are not among those that brokers tell of.
Result<bool> all_know(Client& client, const KafkaOptions& options, const NewTopic& order, const Deadline& deadline) {
  const auto told = ask(client, order.name, deadline);
  if (!told) return std::unexpected(told.error());
  for (const auto& broker : std::span((*told)->brokers, static_cast<std::size_t>((*told)->broker_cnt))) {
    KafkaOptions alone = options;
    const std::string_view host = broker.host;
    alone.brokers = concat(host.find(':') == std::string_view::npos ? std::string(host) : concat("[", host, "]"), ":", broker.port);
    alone.notice = {};
    auto asking = Client::make(Client::Role::consumer, alone, {});
    if (!asking) return std::unexpected(std::move(asking.error()));
    const auto known = ask(**asking, order.name, Deadline(std::min(ask_one_within, std::chrono::milliseconds(deadline.left()))));
    if (!known || !is_complete(**known, order)) return false;
  }
  return true;
}

// Returns when the brokers know it.
Result<void> make_topic(Client& client, const KafkaOptions& options, const NewTopic& order) {
  const Deadline deadline(options.answer_within);
  if (auto ordered = order_topic(client, order, deadline); !ordered) return ordered;
  for (;;) {
    const auto known = all_know(client, options, order, deadline);
    if (known && *known) return {};
    if (deadline.passed()) return known ? client.unreachable(concat("topic ", order.name, " is made, and not all brokers know it yet")) : Result<void>(std::unexpected(known.error()));
    client.poll(std::chrono::milliseconds(20));
  }
}

Result<void> make_key_topic(Client& client, const KafkaOptions& options, std::int32_t partitions, std::int32_t replicas) {
  return make_topic(client, options, {key_topic_name(options.topic), partitions, replicas, key_topic_settings(replicas)});
}

// A consumer: it never makes topics by asking for them.
Result<std::unique_ptr<Client>> make_client(const KafkaOptions& options) { return Client::make(Client::Role::consumer, options, {}); }

}  // namespace

Result<KafkaTopics> describe_topics(const KafkaOptions& options) {
  auto client = make_client(options);
  if (!client) return std::unexpected(std::move(client.error()));
  return describe(**client, options, Deadline(options.answer_within));
}

Result<KafkaTopic> describe_topic(const KafkaOptions& options) {
  auto client = make_client(options);
  if (!client) return std::unexpected(std::move(client.error()));
  return describe(**client, options, options.topic, Deadline(options.answer_within));
}

Result<KafkaTopic> check_topic(const KafkaOptions& options) {
  auto client = make_client(options);
  if (!client) return std::unexpected(std::move(client.error()));
  return check_topic(**client, options);
}

Result<KafkaTopic> check_topic(Client& client, const KafkaOptions& options) {
  const auto topics = describe(client, options, Deadline(options.answer_within));
  if (!topics) return std::unexpected(topics.error());
  const auto violations = topic_violations(*topics, options);
  if (violations.empty()) return topics->log;
  std::string all;
  for (const std::string& violation : violations) all += concat("\n  - ", violation);
  return fail(ErrorKind::unsupported, "topic_refused", concat("the topic ", options.topic, " is not fit to hold a log:", all));
}

Result<void> create_topics(const KafkaOptions& options, std::int32_t partitions, std::int32_t replicas) {
  auto client = make_client(options);
  if (!client) return std::unexpected(std::move(client.error()));
  const Deadline deadline(options.answer_within);
  const auto log = describe_if_there(**client, options, options.topic, deadline);
  if (!log) return std::unexpected(log.error());
  const auto keys = describe_if_there(**client, options, key_topic_name(options.topic), deadline);
  if (!keys) return std::unexpected(keys.error());
  if (*log && *keys)
    return fail(ErrorKind::io, "topic_exists", concat("the topics ", options.topic, " and ", key_topic_name(options.topic), " are there already"));
  if (*log) partitions = (*log)->partitions;
  if (*keys) partitions = (*keys)->partitions;
  if (!*log)
    if (auto made = make_topic(**client, options, {options.topic, partitions, replicas, topic_settings(replicas)}); !made) return made;
  return *keys ? Result<void>() : make_key_topic(**client, options, partitions, replicas);
}

Result<void> create_key_topic(const KafkaOptions& options) {
  auto client = make_client(options);
  if (!client) return std::unexpected(std::move(client.error()));
  const auto topics = describe(**client, options, Deadline(options.answer_within));
  if (!topics) return std::unexpected(topics.error());
  if (topics->keys) return {};
  auto made = make_key_topic(**client, options, topics->log.partitions, topics->log.replicas);
  return !made && made.error().code == "topic_exists" ? Result<void>() : made;  // somebody else has just done so
}

}  // namespace kring
