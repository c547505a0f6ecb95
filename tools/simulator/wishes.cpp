#include "tools/simulator/wishes.h"

#include <algorithm>
#include <utility>

#include "events/base/check.h"

namespace kring::simulator {
namespace {

std::string shown(const Told& told) {
  return concat(name_of(told.status), " at ", told.position ? concat(*told.position) : "no position");
}

}  // namespace

Wishes::Wishes(Dice& dice, Trace& trace, Hearing hearing) : dice_(dice), trace_(trace), hearing_(hearing) {
  for (Wish& wish : make_history(dice_)) clients_.push_back({std::move(wish), {}});
}

bool Wishes::content() const { return std::ranges::all_of(clients_, [](const Client& client) { return client.told.has_value(); }); }

std::vector<std::size_t> Wishes::choose() {
  std::vector<std::size_t> chosen;
  const std::size_t size = 1 + dice_.below(8);
  const bool defined = clients_.front().told.has_value();
  for (std::size_t i = 0; i < (defined ? clients_.size() : 1) && chosen.size() < size; ++i)
    if (!clients_[i].told && clients_[i].in_flight == 0) chosen.push_back(i);
  for (std::size_t i = 1; i < chosen.size(); ++i)  // clients do not wait for each other
    if (dice_.chance(30)) std::swap(chosen[i], chosen[dice_.below(i)]);
  if (!chosen.empty() && defined && dice_.chance(25)) chosen.push_back(dice_.below(chosen.back() + 1));  // again, answered or not
  return chosen;
}

Request Wishes::send(std::size_t client) {
  auto request = json::parse_command(clients_[client].wish.text);
  KRING_CHECK(request.has_value());
  request->command.actor = "simulator";
  trace_("sends ", clients_[client].wish.text);
  ++clients_[client].in_flight;
  return std::move(*request);
}

std::string Wishes::hear(std::size_t index, const Answer& answer) {
  Client& client = clients_[index];
  const Told told{answer.position, answer.first_status.value_or(answer.status), answer.events};
  trace_("answer to ", client.wish.id, ": ", name_of(answer.status), ", ", shown(told), answer.rejection ? concat(", ", answer.rejection->code) : "");
  if (answer.status == AnswerStatus::unknown) return "";
  ++answers_;
  const std::string wrong = take(client, answer, told);
  if (wrong.empty()) return "";
  return concat(client.wish.id, " is ", wrong, ": ", shown(told), client.told ? concat(", before: ", shown(*client.told)) : "");
}

std::string Wishes::take(Client& client, const Answer& answer, const Told& told) {
  if (answer.status == AnswerStatus::invalid) return "invalid";
  if (client.told && client.told->position) {
    if (hearing_ == Hearing::in_order && answer.status != AnswerStatus::duplicate) return "decided twice";
    if (told != *client.told) return "answered otherwise than before";
  }
  if (told.position)
    if (const auto [there, added] = positions_.emplace(*told.position, client.wish.id); !added && there->second != client.wish.id)
      return concat("answered with the position of ", there->second);
  client.told = told;
  return "";
}

}  // namespace kring::simulator
