// Clients: each wish is sent until it is answered, with the same id; some are sent again though they were answered.
#pragma once

#include <string>

#include "tools/simulator/wishes.h"
#include "tools/simulator/world.h"

namespace kring::simulator {

class Clients {
 public:
  Clients(std::uint64_t seed, Trace& trace) : dice_(seed), wishes_(dice_, trace, Hearing::in_order) {}

  const Wishes& wishes() const { return wishes_; }

  // Sends several at once, and more while others are on their way, until everybody is answered, the engine says that it does
  // not know, or the disk stops; then waits for what is on its way. In between the engine decides and commits, in an order
  // that the seed gives. Returns what a client must not be told; empty: nothing.
  std::string run(World& world);

  bool given_up() const { return unknown_; }  // the engine said that it does not know

 private:
  bool wants_more() const;
  void send(std::size_t client);
  void take(std::size_t client, const Answer& answer);

  Dice dice_;
  Wishes wishes_;
  World* world_ = nullptr;
  bool unknown_ = false;
  std::size_t outstanding_ = 0;
  std::string wrong_;
};

}  // namespace kring::simulator
