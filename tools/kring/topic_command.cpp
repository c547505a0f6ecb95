// kring topic: makes and checks the topic that a log on Kafka lies in.
#include <iostream>

#include "events/base/text.h"
#include "events/json/json.h"
#include "events/log/kafka/topic.h"
#include "tools/kring/log_place.h"

namespace kring::cli {
namespace {

json::Object describe(const KafkaOptions& kafka, const KafkaTopic& topic) {
  json::Object settings;
  for (const auto& [name, value] : topic_settings(topic.replicas)) {
    const auto found = topic.settings.find(name);
    settings[name] = found == topic.settings.end() ? json::Value() : json::Value(found->second);
  }
  return {{"topic", kafka.topic}, {"partitions", topic.partitions}, {"replicas", topic.replicas}, {"settings", std::move(settings)}};
}

int check(const KafkaOptions& kafka) {
  const auto topic = describe_topic(kafka);
  if (!topic) return report(topic.error());
  json::Object document = describe(kafka, *topic);
  auto& violations = (document["violations"] = json::Array()).get_array();
  for (const std::string& violation : topic_violations(*topic, kafka)) {
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
  auto made = create_topic(*kafka, options.topic_partitions, options.topic_replicas);
  return made ? check(*kafka) : report(made.error());
}

}  // namespace kring::cli
