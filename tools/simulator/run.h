// One seed, one history, one failure.
#pragma once

#include <cstdint>
#include <string>

#include "tools/simulator/failure.h"

namespace kring::simulator {

struct Outcome {
  std::string wrong;  // empty: everything that must be true is
  std::string trace;  // what happened, a line each; the same for the same seed
  FailureKind failure{};
  bool happened = false;      // it did, or the history was over before
  bool refused = false;       // the data were found to be damaged, and refused
  bool undetectable = false;  // the newest batch was lost, and nothing could have proved that it was there
  std::size_t power_losses = 0, process_ends = 0, failed_operations = 0, starts = 0, commands = 0, answers = 0;
};

// Not more than one at a time in a process.
Outcome run(std::uint64_t seed);

}  // namespace kring::simulator
