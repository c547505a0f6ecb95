// Clients of several nodes: they send what they want to any of them, send it again when they do not know what came of it,
// and do not wait for ever.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/simulator/protocol/node.h"
#include "tools/simulator/wishes.h"

namespace kring::simulator::protocol {

class Crowd {
 public:
  Crowd(std::uint64_t seed, Broker& broker, const Happenings& happenings, std::vector<std::unique_ptr<Node>>& nodes)
      : broker_(broker), happenings_(happenings), nodes_(nodes), dice_(seed), wishes_(dice_, broker.trace(), Hearing::in_any_order) {}

  const Wishes& wishes() const { return wishes_; }
  const std::string& wrong() const { return wrong_; }  // what a client must not be told; empty: nothing
  std::size_t unknown() const { return unknown_; }

  void begin();  // sends, and goes on until everybody is answered
  void send(std::size_t client, std::size_t node);

 private:
  void look();
  void hear(std::size_t client, std::size_t node, const Answer& answer);
  Micros on_the_way() { return 1 + static_cast<Micros>(dice_.below(dice_.chance(3) ? second : 5 * millisecond)); }

  Broker& broker_;
  const Happenings& happenings_;
  std::vector<std::unique_ptr<Node>>& nodes_;
  Dice dice_;
  Wishes wishes_;
  std::size_t favourite_ = 0;  // the node that answered last
  std::size_t unknown_ = 0;
  std::string wrong_;
};

}  // namespace kring::simulator::protocol
