#include "events/log/kafka/topic.h"

#include <algorithm>
#include <array>
#include <charconv>

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

}  // namespace

std::map<std::string, std::string> topic_settings(std::int32_t replicas) {
  std::map<std::string, std::string> settings{{"max.message.bytes", concat(least_message_size)},
                                              {"min.insync.replicas", concat(replicas >= least_replicas ? least_in_sync : 1)}};
  for (const Required& one : required) settings[one.name] = one.value;
  return settings;
}

std::vector<std::string> topic_violations(const KafkaTopic& topic, const KafkaOptions& options) {
  std::vector<std::string> violations;
  if (options.partition < 0 || options.partition >= topic.partitions)
    violations.push_back(concat("it has no partition ", options.partition, " (", topic.partitions, " in all)"));
  for (const Required& one : required)
    if (const std::string found = setting(topic, one.name); found != one.value)
      violations.push_back(concat(one.name, " is ", found, ", not ", one.value, ": ", one.why));
  if (const auto size = number(topic, "max.message.bytes"); size < least_message_size)
    violations.push_back(concat("max.message.bytes is ", setting(topic, "max.message.bytes"), ", below ", least_message_size,
                                ": a large record would be refused"));
  if (options.allow_unreplicated) return violations;
  if (topic.replicas < least_replicas)
    violations.push_back(concat("it has ", topic.replicas, topic.replicas == 1 ? " replica" : " replicas", ", below ",
                                least_replicas, ": the loss of a machine could lose records (setting allow_unreplicated)"));
  if (number(topic, "min.insync.replicas") < least_in_sync)
    violations.push_back(concat("min.insync.replicas is ", setting(topic, "min.insync.replicas"), ", below ", least_in_sync,
                                ": a record could be answered that one machine alone has (setting allow_unreplicated)"));
  return violations;
}

}  // namespace kring
