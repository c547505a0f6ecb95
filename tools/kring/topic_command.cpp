// kring topic: makes and checks the topic that a log on Kafka lies in.
#include <iostream>

#include "events/base/text.h"
#include "events/json/json.h"
#include "events/log/kafka/topic.h"
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
  return made ? check(*kafka) : report(made.error());
}

}  // namespace kring::cli
