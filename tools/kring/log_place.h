// Where the log is: what --log says, and how a log on Kafka is reached.
#pragma once

#include <cstdint>
#include <optional>
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
  bool partition_named = false;
};

// `embedded`, or kafka://HOST:PORT[,HOST:PORT]/TOPIC[/PARTITION]. Error: kind usage.
Result<LogPlace> parse_log_url(const std::string& url);

// Where kring bench makes topics: kafka://HOST:PORT[,HOST:PORT][/PREFIX], as options whose `topic` is the prefix. None:
// `embedded`. Errors: kind usage, and those of kafka_settings().
Result<std::optional<KafkaOptions>> bench_place(const Options& options);

// One end of `kring copy`, from what --from or --to says: what --log takes, or a data directory with an embedded log, as
// file:DIR or as a path. A log on Kafka belongs to the data directory that --data names, and so does `embedded`.
struct CopyEnd {
  Options options;   // as if --data and --log had named it
  std::string name;  // the same for the same place, in whatever way it was typed
};
// Error: kind usage. `flag` is named in it.
Result<CopyEnd> parse_copy_end(const Options& options, const std::string& url, const std::string& flag);

// After a read did not find the programme that it names: says on standard error in which partition of the topic it would be.
void tell_home(const Options& options);

bool on_kafka(const Options& options);  // `log_url` was parsed before

// The same with another partition of the topic.
Options with_partition(const Options& options, std::int32_t partition);

// Where that lies which is made from the log, and its keys: the data directory, or partition-N in it where the log is
// another partition of a topic than the first.
std::string directory_of_log(const Options& options);

// Place and settings together: those of kring.toml, and $KRING_KAFKA_ALLOW_UNREPLICATED. What librdkafka complains of is
// told on standard error.
Result<KafkaOptions> kafka_options(const Options& options);

}  // namespace kring::cli
