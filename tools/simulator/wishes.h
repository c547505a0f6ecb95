// What the clients of a run want, and what they were told of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/runtime/answer.h"
#include "events/json/json.h"
#include "tools/simulator/history.h"
#include "tools/simulator/trace.h"

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

// In which order answers reach a client: as they were given, so that after the first one all others are duplicates; or
// any, where several processes answer.
enum class Hearing : std::uint8_t { in_order, in_any_order };

class Wishes {
 public:
  Wishes(Dice& dice, Trace& trace, Hearing hearing);

  const std::vector<Client>& all() const { return clients_; }
  bool content() const;  // everybody was answered
  std::size_t answers() const { return answers_; }

  // Some that are to be sent now: not answered and not on their way, but for one now and then that is sent again. Before
  // the programme is defined only its definition.
  std::vector<std::size_t> choose();

  Request send(std::size_t client);  // one more on its way
  void end_wait(std::size_t client) { --clients_[client].in_flight; }  // answered, or waited for too long

  // Returns what a client must not be told; empty: nothing.
  std::string hear(std::size_t client, const Answer& answer);

 private:
  std::string take(Client& client, const Answer& answer, const Told& told);

  Dice& dice_;
  Trace& trace_;
  const Hearing hearing_;
  std::vector<Client> clients_;
  std::map<Position, std::string> positions_;  // that were answered, for which command
  std::size_t answers_ = 0;
};

}  // namespace kring::simulator
