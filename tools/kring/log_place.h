// Where the log is: what --log says, and how a log on Kafka is reached.
#pragma once

#include <cstdint>
#include <string>

#include "events/base/error.h"
#include "events/log/kafka/kafka_log.h"
#include "tools/kring/options.h"

namespace kring::cli {

struct LogPlace {
  bool on_kafka = false;  // else embedded, in the data directory
  std::string brokers;    // HOST:PORT[,HOST:PORT]
  std::string topic;
  std::int32_t partition = 0;
};

// `embedded`, or kafka://HOST:PORT[,HOST:PORT]/TOPIC[/PARTITION]. Error: kind usage.
Result<LogPlace> parse_log_url(const std::string& url);

bool on_kafka(const Options& options);  // `log_url` was parsed before

// Place and settings together: those of kring.toml, and $KRING_KAFKA_ALLOW_UNREPLICATED. What librdkafka complains of is
// told on standard error.
Result<KafkaOptions> kafka_options(const Options& options);

}  // namespace kring::cli
