// What a topic must be to hold a log, and how it is made.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "events/log/kafka/kafka_log.h"

namespace kring {

namespace kafka {
class Client;
}

// As the brokers tell it.
struct KafkaTopic {
  std::int32_t partitions = 0;
  std::int32_t replicas = 0;  // of the partition that has the fewest
  std::map<std::string, std::string> settings;  // by name, the brokers' defaults included
};

// All reasons why a log must not lie there, each a sentence for people; none: it may. Pure.
std::vector<std::string> topic_violations(const KafkaTopic& topic, const KafkaOptions& options);

// Errors: `topic_not_found`, `log_unreachable`, `kafka`, `invalid_settings`.
Result<KafkaTopic> describe_topic(const KafkaOptions& options);

// Error: kind unsupported, code `topic_refused`, with all violations; those of describe_topic.
Result<KafkaTopic> check_topic(const KafkaOptions& options);
Result<KafkaTopic> check_topic(kafka::Client& client, const KafkaOptions& options);

// The settings that such a topic is made with, by name.
std::map<std::string, std::string> topic_settings(std::int32_t replicas);

// Makes the topic with these settings; returns when the brokers know it. Error `topic_exists`.
Result<void> create_topic(const KafkaOptions& options, std::int32_t partitions, std::int32_t replicas);

}  // namespace kring
