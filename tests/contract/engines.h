// The engines that the log contract runs on. A new engine adds one function and one line in `log_engines`.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "events/log/event_log.h"

namespace kring::testing {

// One log, empty at first, gone with this object. Writers and readers of it must be destroyed before.
class LogFixture {
 public:
  virtual ~LogFixture() = default;
  // `history`: what the log gets where it is empty; zeros: a random one.
  virtual std::unique_ptr<EventLog> writer(const HistoryId& history = {}) = 0;
  virtual std::unique_ptr<LogReader> reader() = 0;
};

// What a second claim does while the first writer lives.
enum class SecondClaim { is_busy, deposes_the_first };

struct LogEngine {
  std::string name;
  std::unique_ptr<LogFixture> (*make)();
  SecondClaim second_claim = SecondClaim::is_busy;
};
inline void PrintTo(const LogEngine& engine, std::ostream* out) { *out << engine.name; }

std::vector<LogEngine> log_engines();

}  // namespace kring::testing
