#include "events/log/kafka/topic.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "events/base/text.h"
#include "events/log/frame.h"
#include "events/members.h"

namespace kring {
namespace {

// What Kafka adds to a message in a batch of its own: 61 bytes for the batch, and some for the message.
constexpr std::int64_t batch_overhead = 1024;
constexpr std::int64_t least_message_size = static_cast<std::int64_t>(max_body + frame_header_size) + batch_overhead;
constexpr std::int32_t least_replicas = 3;
constexpr std::int64_t least_in_sync = 2;

// How long a key that was destroyed may still lie on brokers. A day is a promise that can be kept; an hour is what we ask for.
constexpr std::int64_t hour = 3'600'000, most_lag = 24 * hour;

struct Required {
  const char* name;
  const char* value;
  const char* why;
};
constexpr std::array required{
    Required{"cleanup.policy", "delete", "a compacted topic drops records"},
    Required{"retention.ms", "-1", "records would be deleted when they are old"},
    Required{"retention.bytes", "-1", "records would be deleted when there are many"},
    Required{"unclean.leader.election.enable", "false", "records that were answered could be lost"},
};
constexpr std::array required_of_keys{
    Required{"cleanup.policy", "compact", "keys would be deleted when they are old, or stay when they are destroyed"},
    Required{"unclean.leader.election.enable", "false", "keys that records need could be lost"},
};
struct Bound {
  const char* name;
  std::int64_t made_with;
};
constexpr std::array bounds_of_keys{Bound{"max.compaction.lag.ms", hour}, Bound{"segment.ms", hour}};

std::string setting(const KafkaTopic& topic, const std::string& name) {
  const auto found = topic.settings.find(name);
  return found == topic.settings.end() ? "not told" : found->second;
}

std::int64_t number(const KafkaTopic& topic, const std::string& name) {
  const std::string text = setting(topic, name);
  std::int64_t value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string in_sync(std::int32_t replicas) { return concat(replicas >= least_replicas ? least_in_sync : 1); }

class Violations {
 public:
  // `prefix`: of which topic it is told.
  Violations(const KafkaTopic& topic, std::string prefix) : topic_(topic), prefix_(std::move(prefix)) {}

  void add(std::string text) { all.push_back(prefix_ + std::move(text)); }
  void require(std::span<const Required> settings) {
    for (const Required& one : settings)
      if (const std::string found = setting(topic_, one.name); found != one.value) add(concat(one.name, " is ", found, ", not ", one.value, ": ", one.why));
  }
  void require_replicas() {
    if (topic_.replicas < least_replicas)
      add(concat("it has ", topic_.replicas, topic_.replicas == 1 ? " replica" : " replicas", ", below ", least_replicas,
                 ": the loss of a machine could lose records (setting allow_unreplicated)"));
    if (number(topic_, "min.insync.replicas") < least_in_sync)
      add(concat("min.insync.replicas is ", setting(topic_, "min.insync.replicas"), ", below ", least_in_sync,
                 ": a record could be answered that one machine alone has (setting allow_unreplicated)"));
  }

  std::vector<std::string> all;

 private:
  const KafkaTopic& topic_;
  const std::string prefix_;
};

std::vector<std::string> key_topic_violations(const KafkaTopic& keys, const KafkaTopic& log, const KafkaOptions& options) {
  Violations violations(keys, concat(key_topic_name(options.topic), ": "));
  if (keys.partitions != log.partitions)
    violations.add(concat("it has ", keys.partitions, keys.partitions == 1 ? " partition" : " partitions", ", and ", options.topic, " has ", log.partitions,
                          ": partitions were added to one of them, and where a programme belongs is reckoned by their number"));
  violations.require(required_of_keys);
  for (const Bound& one : bounds_of_keys)
    if (const auto found = number(keys, one.name); found < 0 || found > most_lag)
      violations.add(concat(one.name, " is ", setting(keys, one.name), ", above ", most_lag, ": a key that was destroyed would lie there for longer than a day"));
  if (!options.allow_unreplicated) violations.require_replicas();
  return std::move(violations.all);
}

}  // namespace

std::string key_topic_name(const std::string& topic) { return topic + "-keys"; }

std::map<std::string, std::string> topic_settings(std::int32_t replicas) {
  std::map<std::string, std::string> settings{{"max.message.bytes", concat(least_message_size)}, {"min.insync.replicas", in_sync(replicas)}};
  for (const Required& one : required) settings[one.name] = one.value;
  return settings;
}

std::map<std::string, std::string> key_topic_settings(std::int32_t replicas) {
  std::map<std::string, std::string> settings{{"min.insync.replicas", in_sync(replicas)}};
  for (const Required& one : required_of_keys) settings[one.name] = one.value;
  for (const Bound& one : bounds_of_keys) settings[one.name] = concat(one.made_with);
  return settings;
}

std::vector<std::string> topic_violations(const KafkaTopics& topics, const KafkaOptions& options) {
  const KafkaTopic& topic = topics.log;
  Violations violations(topic, "");
  if (options.partition < 0 || options.partition >= topic.partitions)
    violations.add(concat("it has no partition ", options.partition, " (", topic.partitions, " in all)"));
  violations.require(required);
  if (const auto size = number(topic, "max.message.bytes"); size < least_message_size)
    violations.add(concat("max.message.bytes is ", setting(topic, "max.message.bytes"), ", below ", least_message_size, ": a large record would be refused"));
  if (!options.allow_unreplicated) violations.require_replicas();
  if (topics.keys)
    for (std::string& one : key_topic_violations(*topics.keys, topic, options)) violations.all.push_back(std::move(one));
  return std::move(violations.all);
}

}  // namespace kring
