// The benchmark: what kring can do on this machine, each figure beside its raw limit, taken in the same run. What each
// row means, and what was found, is docs/benchmarks.md. No exception crosses this header.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/error.h"
#include "events/log/kafka/kafka_log.h"
#include "tools/bench/report.h"

namespace kring::bench {

struct Options {
  std::vector<std::string> suites;  // empty: all on Kafka where that is given, else all others; in order
  double scale = 1;                 // of all counts; 1: ten million events
  std::uint64_t seed = 1;           // of the made-up histories
  std::string work_dir;             // where a directory for the data is made; empty: the system's for temporary files
  bool keep = false;                // leave that directory, and the topics
  std::optional<KafkaOptions> kafka;  // where suites on Kafka make their topics, whose names begin with `topic`
  std::string program;              // kring itself, for what is measured from outside
  std::function<void(std::string_view)> tell;  // what is being done, in words for people; may be empty
  // Waits until the descriptor can be read, which gives 0, or until the run is to end at once: what the process is to exit with.
  // On a thread of its own. May be empty.
  std::function<int(int descriptor)> wait_for_end;
};

// The names, in the order in which they run.
const std::vector<std::string>& suite_names();

// Runs the suites. Errors: kind `usage` for a suite that does not exist; else what the machine could not do.
Result<Report> run(const Options& options);

}  // namespace kring::bench
