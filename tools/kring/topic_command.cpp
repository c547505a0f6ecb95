// kring topic: makes and checks the topic that a log on Kafka lies in.
#include <iostream>

#include "events/base/text.h"
#include "events/json/json.h"
#include "events/log/kafka/topic.h"
#include "events/privacy/key_encryption_key.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/log_place.h"

namespace kring::cli {
namespace {

json::Object describe(const std::string& name, const KafkaTopic& topic, const std::map<std::string, std::string>& wanted) {
  json::Object settings;
  for (const auto& [setting, value] : wanted) {
    const auto found = topic.settings.find(setting);
    settings[setting] = found == topic.settings.end() ? json::Value() : json::Value(found->second);
  }
  return {{"topic", name}, {"partitions", topic.partitions}, {"replicas", topic.replicas}, {"settings", std::move(settings)}};
}

int check(const KafkaOptions& kafka) {
  const auto topics = describe_topics(kafka);
  if (!topics) return report(topics.error());
  json::Object document = describe(kafka.topic, topics->log, topic_settings(topics->log.replicas));
  const std::string keys = key_topic_name(kafka.topic);
  document["keys"] = topics->keys ? json::Value(describe(keys, *topics->keys, key_topic_settings(topics->keys->replicas))) : json::Value();
  std::vector<std::string> found = topic_violations(*topics, kafka);
  if (!topics->keys) found.push_back(concat(keys, ", the topic for its keys, is not there: 'kring topic create' makes it"));
  auto& violations = (document["violations"] = json::Array()).get_array();
  for (const std::string& violation : found) {
    violations.emplace_back(violation);
    std::cerr << "kring: the topic " << kafka.topic << " is not fit to hold a log: " << violation << '\n';
  }
  std::cout << json::to_text(document) << '\n';
  return violations.empty() ? Exit::ok : Exit::failed;
}

// Of a topic that somebody makes there is one maker: so its key-encryption key is made here, and nowhere twice.
Result<void> make_shared_key(const Options& options) {
  if (options.topic_partitions == 1) return {};
  const auto paths = key_paths(options);
  if (!paths) return std::unexpected(paths.error());
  if (const auto found = read_key_encryption_key(posix_filesystem(), paths->key_encryption_key); found || found.error().kind != ErrorKind::not_found)
    return found ? Result<void>() : std::unexpected(found.error());
  if (auto made = make_key_encryption_key(posix_filesystem(), paths->key_encryption_key); !made) return std::unexpected(std::move(made.error()));
  std::cerr << concat("kring: ", paths->key_encryption_key, " is made, the key-encryption key of this topic: each data directory that uses it needs a copy\n");
  return {};
}

}  // namespace

int run_topic(const Options& options) {
  if (!on_kafka(options)) return report({ErrorKind::usage, "wrong_use", "--log", "kring topic needs --log kafka://HOST:PORT/TOPIC"});
  const auto kafka = kafka_options(options);
  if (!kafka) return report(kafka.error());
  if (options.topic_action == "check") return check(*kafka);
  if (options.topic_replicas < 3 && !kafka->allow_unreplicated)
    return report({ErrorKind::usage, "wrong_use", "--replicas",
                   "fewer than 3 replicas may lose records when a machine is lost; the setting allow_unreplicated of kring.toml allows it"});
  auto made = create_topics(*kafka, options.topic_partitions, options.topic_replicas);
  if (made) made = make_shared_key(options);
  return made ? check(*kafka) : report(made.error());
}

}  // namespace kring::cli
