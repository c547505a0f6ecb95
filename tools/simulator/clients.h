// Clients: each wish is sent until it is answered, with the same id; some are sent again though they were answered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/runtime/answer.h"
#include "tools/simulator/history.h"
#include "tools/simulator/world.h"

namespace kring::simulator {

// What a client was told.
struct Told {
  std::optional<Position> position;  // none where nothing is recorded
  AnswerStatus status{};
  std::vector<std::string> events;
  bool operator==(const Told&) const = default;
};

struct Client {
  Wish wish;
  std::optional<Told> told;
  std::size_t in_flight = 0;  // so many times sent and not answered yet
};

class Clients {
 public:
  Clients(std::uint64_t seed, Trace& trace);

  const std::vector<Client>& all() const { return clients_; }
  bool content() const;  // everybody was answered

  // Sends several at once, and more while others are on their way, until everybody is answered, the engine says that it does
  // not know, or the disk stops; then waits for what is on its way. In between the engine decides and commits, in an order
  // that the seed gives. Returns what a client must not be told; empty: nothing.
  std::string run(World& world);

  bool given_up() const { return unknown_; }  // the engine said that it does not know
  std::size_t answers() const { return answers_; }

 private:
  bool wants_more() const;
  std::vector<std::size_t> choose();
  void send(std::size_t client);
  void take(std::size_t client, const Answer& answer);
  void wrong(const Client& client, std::string_view what, const Told& told);

  Trace& trace_;
  Dice dice_;
  std::vector<Client> clients_;
  World* world_ = nullptr;
  bool unknown_ = false;
  std::size_t outstanding_ = 0, answers_ = 0;
  std::string wrong_;
};

}  // namespace kring::simulator
