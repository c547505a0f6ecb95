// The log on Apache Kafka: one partition of a topic, one frame (docs/log-format.md) in each message, the Kafka offset as
// locator. Kafka cannot append under a condition, so every reader applies the acceptance rule (events/log/acceptance.h):
// what a writer appends after it was overtaken is void for everybody. docs/kafka.md says how to run it and what it does
// when brokers fail.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/log/acceptance.h"
#include "events/log/event_log.h"
#include "events/log/random.h"

namespace kring {

struct KafkaOptions {
  std::string brokers;  // HOST:PORT[,HOST:PORT]
  std::string topic;
  std::int32_t partition = 0;

  // Settings of librdkafka for TLS and SASL, by name; only those that `kafka_setting_names` lists are taken. A name that
  // ends in _file names a file whose first line is the value: secrets come in no other way.
  std::vector<std::pair<std::string, std::string>> client;

  // A topic with fewer than 3 replicas, or one that takes records with fewer than 2 in sync, may lose what was answered.
  bool allow_unreplicated = false;

  HistoryId history{};  // what an empty log gets, where it is to be a copy of another; zeros: a random one

  // A record that an earlier reading of this log has found to count. claim() reads on from there instead of from the
  // beginning, and refuses the log as `log_replaced` where it is gone. Position 0: none.
  Bookmark known;

  // How long brokers may take: to answer a question, or to send the next message that they have; and to take a batch,
  // while they fail and come back.
  std::chrono::milliseconds answer_within{10'000};
  std::chrono::milliseconds deliver_within{30'000};

  // An append is answered without reading it back where the broker says of each record that it lies exactly at the next
  // offset behind everything that was read: then nothing lies between that could make it void
  // (docs/decisions/0011-answers-are-read-back.md). Anything else is read back as ever.
  bool answer_by_offsets = true;

  // How many appends may be on their way. With more than one the next is sent while brokers store the last, which saves a wait
  // and costs batches their size: docs/decisions/0017-appends-overlap-on-kafka.md.
  std::size_t appends_at_once = 1;

  // Told in words for people what librdkafka complains of; called on the thread that uses the log. May be empty.
  std::function<void(std::string_view)> notice;

  std::function<Token()> random = random_token;  // history and writer ids
};

// What one object has read so far. Places that were read twice count twice.
struct KafkaStatistics {
  std::array<std::uint64_t, standing_count> messages{};  // by Standing; what is no frame at all is `malformed`
  std::uint64_t voided() const;
};

class KafkaReader : public LogReader {
 public:
  virtual KafkaStatistics statistics() const = 0;
};

class KafkaLog : public EventLog {
 public:
  virtual KafkaStatistics statistics() const = 0;
};

// Nothing is opened before the first call on what these return. Then the topic is checked, and refused with code
// `topic_refused` and all reasons (`topic.h`). Errors beyond those of the port: kind io, codes `log_unreachable`,
// `topic_not_found`, `kafka`; kind invalid, code `invalid_settings`; kind unsupported, code `unsupported_format`.
//
// A second writer is not `busy`: its claim deposes the first one, whose next append fails with `tail_moved` where none
// of its records count, else with `outcome_unknown`. claim() is `busy` only where two claim at the same moment and the
// other one was first. append() returns when it is certain that its records count.
//
// librdkafka has threads of its own in each object; nothing of ours runs on them. Destroying an object waits for them,
// and for nothing that brokers would have to answer.
std::unique_ptr<KafkaLog> make_kafka_log(KafkaOptions options);
std::unique_ptr<KafkaReader> make_kafka_reader(KafkaOptions options);

// The names that KafkaOptions::client may hold.
const std::vector<std::string_view>& kafka_setting_names();

}  // namespace kring
