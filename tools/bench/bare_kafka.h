// librdkafka with nothing around it, set as the log sets it: the raw limits of a log on Kafka. And topics to try them on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/log/kafka/kafka_log.h"

namespace kring::bench {

// Topics with names that nobody else has: three replicas where there are as many brokers, else one.
class BenchTopics {
 public:
  BenchTopics(const KafkaOptions& options, bool keep);  // `topic`: what their names begin with
  ~BenchTopics();                                       // removes them
  BenchTopics(const BenchTopics&) = delete;
  BenchTopics& operator=(const BenchTopics&) = delete;

  KafkaOptions make(std::string_view name);
  const std::string& prefix() const { return options_.topic; }

 private:
  KafkaOptions options_;
  const bool keep_;
  std::int32_t replicas_ = 1;
  std::vector<std::string> made_;
};

// Messages a second, so many in flight: each is handed over when one before it was reported stored.
double bare_produce_rate(const KafkaOptions& options, const std::vector<Bytes>& messages, std::size_t in_flight);

// Messages a second, from the beginning to the end of a topic that has so many.
double bare_consume_rate(const KafkaOptions& options, std::uint64_t messages);

}  // namespace kring::bench
