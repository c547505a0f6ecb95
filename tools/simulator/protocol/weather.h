// How much goes wrong in a run, in percent of the occasions: from a quiet day to a storm.
#pragma once

#include "events/base/dice.h"

namespace kring::simulator::protocol {

struct Weather {
  unsigned request = 0;     // something happens to a request of a producer, or to the report of it
  unsigned freeze = 0;      // a process stops where it waits for a broker, and wakes up later
  unsigned connection = 0;  // a connection is lost
  unsigned network = 0;     // a command or an answer is lost between client and process
  unsigned crash = 0;       // of a process, at each look of who makes them
  unsigned outage = 0;      // of the broker
  unsigned stray = 0;       // a client goes to another process than the one that answered last
  unsigned old_end = 0;     // a broker tells an old end of the log
};

inline Weather choose_weather(Dice& dice) {
  const auto level = [&](unsigned most) { return dice.chance(40) ? 0u : static_cast<unsigned>(dice.below(most + 1)); };
  return {level(15), level(6), level(2), level(8), level(50), level(20), level(30), dice.chance(20) ? 2u : 0u};
}

}  // namespace kring::simulator::protocol
