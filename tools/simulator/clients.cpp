#include "tools/simulator/clients.h"

namespace kring::simulator {

bool Clients::wants_more() const { return !unknown_ && wrong_.empty() && world_->disk().running() && !wishes_.content(); }

std::string Clients::run(World& world) {
  world_ = &world;
  unknown_ = false;
  for (;;) {
    if (wants_more() && (outstanding_ == 0 || dice_.chance(20))) {
      world.pass(static_cast<std::int64_t>(dice_.below(700'000)));
      for (const std::size_t client : wishes_.choose()) send(client);
    }
    if (outstanding_ == 0) return wrong_;
    const bool commits = dice_.chance(50);
    Engine& engine = world.engine();
    if (!engine.step(commits ? Engine::Step::commit : Engine::Step::decide)) engine.step(commits ? Engine::Step::decide : Engine::Step::commit);
  }
}

void Clients::send(std::size_t client) {
  ++outstanding_;
  world_->engine().submit(wishes_.send(client), [this, client](const Answer& answer) {
    --outstanding_;
    wishes_.end_wait(client);
    if (world_->disk().running()) take(client, answer);  // else there is nobody any more to hear it
  });
}

void Clients::take(std::size_t client, const Answer& answer) {
  unknown_ |= answer.status == AnswerStatus::unknown;
  const std::string wrong = wishes_.hear(client, answer);
  if (wrong_.empty()) wrong_ = wrong;
}

}  // namespace kring::simulator
