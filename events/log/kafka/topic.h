// What a topic must be to hold a log, and how it is made.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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

// A log has two: its own, and one for the keys of persons, with as many partitions.
struct KafkaTopics {
  KafkaTopic log;
  std::optional<KafkaTopic> keys;  // none: it is not there
};

// The topic for the keys of a log that lies in `topic`.
std::string key_topic_name(const std::string& topic);
inline constexpr std::size_t max_log_topic_name = 244;  // so that the name of the other is not too long for Kafka

// All reasons why a log must not lie there, each a sentence for people; none: it may. Pure. A topic for keys that is not there
// is none of them: who has to have it asks for it.
std::vector<std::string> topic_violations(const KafkaTopics& topics, const KafkaOptions& options);

// Errors: `topic_not_found` (of the log), `log_unreachable`, `kafka`, `invalid_settings`.
Result<KafkaTopics> describe_topics(const KafkaOptions& options);
Result<KafkaTopic> describe_topic(const KafkaOptions& options);  // that of the log alone

// The topic of the log. Error: kind unsupported, code `topic_refused`, with all violations; those of describe_topics.
Result<KafkaTopic> check_topic(const KafkaOptions& options);
Result<KafkaTopic> check_topic(kafka::Client& client, const KafkaOptions& options);

// The settings that such topics are made with, by name.
std::map<std::string, std::string> topic_settings(std::int32_t replicas);
std::map<std::string, std::string> key_topic_settings(std::int32_t replicas);

// Makes those of the two topics that are missing; returns when all brokers know them. Where one is there, the other gets as
// many partitions, whatever `partitions` says. Error `topic_exists`: both are there.
Result<void> create_topics(const KafkaOptions& options, std::int32_t partitions, std::int32_t replicas);

// Makes the topic for keys, with partitions and replicas as the log has them. Nothing happens where it is there.
Result<void> create_key_topic(const KafkaOptions& options);

}  // namespace kring
