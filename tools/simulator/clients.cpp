#include "tools/simulator/clients.h"

#include <algorithm>
#include <utility>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/json/json.h"

namespace kring::simulator {
namespace {

std::string shown(const Told& told) {
  return concat(name_of(told.status), " at ", told.position ? concat(*told.position) : "no position");
}

}  // namespace

Clients::Clients(std::uint64_t seed, Trace& trace) : trace_(trace), dice_(seed) {
  for (Wish& wish : make_history(dice_)) clients_.push_back({std::move(wish), {}});
}

bool Clients::content() const { return std::ranges::all_of(clients_, [](const Client& client) { return client.told.has_value(); }); }

bool Clients::wants_more() const { return !unknown_ && wrong_.empty() && world_->disk().running() && !content(); }

std::string Clients::run(World& world) {
  world_ = &world;
  unknown_ = false;
  for (;;) {
    if (wants_more() && (outstanding_ == 0 || dice_.chance(20))) {
      world.pass(static_cast<std::int64_t>(dice_.below(700'000)));
      for (const std::size_t client : choose()) send(client);
    }
    if (outstanding_ == 0) return wrong_;
    const bool commits = dice_.chance(50);
    Engine& engine = world.engine();
    if (!engine.step(commits ? Engine::Step::commit : Engine::Step::decide)) engine.step(commits ? Engine::Step::decide : Engine::Step::commit);
  }
}

std::vector<std::size_t> Clients::choose() {
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

void Clients::send(std::size_t client) {
  auto request = json::parse_command(clients_[client].wish.text);
  KRING_CHECK(request.has_value());
  request->command.actor = "simulator";
  trace_("sends ", clients_[client].wish.text);
  ++outstanding_;
  ++clients_[client].in_flight;
  world_->engine().submit(std::move(*request), [this, client](const Answer& answer) {
    --outstanding_;
    --clients_[client].in_flight;
    if (world_->disk().running()) take(client, answer);  // else there is nobody any more to hear it
  });
}

void Clients::take(std::size_t index, const Answer& answer) {
  Client& client = clients_[index];
  const Told told{answer.position, answer.first_status.value_or(answer.status), answer.events};
  trace_("answer to ", client.wish.id, ": ", name_of(answer.status), ", ", shown(told), answer.rejection ? concat(", ", answer.rejection->code) : "");
  if (answer.status == AnswerStatus::unknown) {
    unknown_ = true;
    return;
  }
  ++answers_;
  if (answer.status == AnswerStatus::invalid) return wrong(client, "invalid", told);
  if (client.told && client.told->position) {
    if (answer.status != AnswerStatus::duplicate) return wrong(client, "decided twice", told);
    if (told != *client.told) return wrong(client, "answered otherwise than before", told);
  }
  client.told = told;
}

void Clients::wrong(const Client& client, std::string_view what, const Told& told) {
  if (wrong_.empty()) wrong_ = concat(client.wish.id, " is ", what, ": ", shown(told), client.told ? concat(", before: ", shown(*client.told)) : "");
}

}  // namespace kring::simulator
