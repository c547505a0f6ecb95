// One seed, one history, on several nodes that share a partition of a broker.
#pragma once

#include <cstdint>
#include <string>

#include "tools/simulator/protocol/node.h"

namespace kring::simulator::protocol {

struct Outcome {
  std::string wrong;  // empty: everything that must be true is
  std::string trace;  // what happened, a line each; the same for the same seed
  Happenings happenings;
  Takings takings;
  std::size_t nodes = 0, commands = 0, answers = 0, unknown = 0, crashes = 0, outages = 0, records = 0, voided = 0;
};

Outcome run(std::uint64_t seed);

}  // namespace kring::simulator::protocol
