#include "tools/simulator/protocol/crowd.h"

namespace kring::simulator::protocol {

void Crowd::begin() { look(); }

void Crowd::look() {
  if (wishes_.content() || !wrong_.empty()) return;
  for (const std::size_t client : wishes_.choose()) send(client, dice_.chance(broker_.weather().stray) ? dice_.below(nodes_.size()) : favourite_);
  broker_.schedule().after(static_cast<Micros>(dice_.below(400 * millisecond)), [this] { look(); });
}

void Crowd::send(std::size_t client, std::size_t node) {
  auto waits = std::make_shared<bool>(true);
  const auto end_wait = [this, client, waits] {
    if (std::exchange(*waits, false)) wishes_.end_wait(client);
  };
  broker_.schedule().after(static_cast<Micros>(5 * second + dice_.below(40 * second)), [this, node, end_wait, waits] {
    if (*waits && favourite_ == node) favourite_ = dice_.below(nodes_.size());
    end_wait();
  });
  Request request = wishes_.send(client);
  if (dice_.chance(broker_.weather().network)) return;  // lost
  auto answered = [this, client, node, end_wait](Answer answer) {
    if (dice_.chance(broker_.weather().network)) return;  // lost
    broker_.schedule().after(on_the_way(), [this, client, node, end_wait, told = std::move(answer)] {
      end_wait();
      hear(client, node, told);
    });
  };
  broker_.schedule().after(on_the_way(), [this, node, sent = std::move(request), completed = std::move(answered)]() mutable {
    nodes_[node]->submit(std::move(sent), std::move(completed));
  });
}

void Crowd::hear(std::size_t client, std::size_t node, const Answer& answer) {
  const bool unknown = answer.status == AnswerStatus::unknown;
  unknown_ += unknown;
  favourite_ = unknown ? dice_.below(nodes_.size()) : node;
  const bool refused = !unknown && !answer.position;  // without a record: for that a writer has only the end that it is told
  if (refused && happenings_.old_ends > 0) return;
  std::string wrong = wishes_.hear(client, answer);
  if (wrong.empty() && refused) wrong = concat(wishes_.all()[client].wish.id, " was refused without a record");
  if (wrong_.empty()) wrong_ = std::move(wrong);
}

}  // namespace kring::simulator::protocol
