#include "tools/simulator/protocol/schedule.h"

#include <algorithm>

#include "events/base/check.h"

namespace kring::simulator::protocol {

bool Schedule::step() {
  if (events_.empty()) return false;
  auto next = events_.extract(events_.begin());
  now_ = std::max(now_, next.key().first);
  next.mapped()();
  return true;
}

bool Schedule::skip_to(Micros when) {
  if (!events_.empty() && events_.begin()->first.first <= when) return false;
  now_ = std::max(now_, when);
  return true;
}

Process::Process(Schedule& schedule, std::function<void()> body) : schedule_(schedule) {
  thread_ = std::thread([this, run = std::move(body)] {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return turn_ == Turn::process; });
    }
    run();
    std::lock_guard lock(mutex_);
    ended_ = true;
    turn_ = Turn::schedule;
    changed_.notify_one();
  });
}

Process::~Process() {
  KRING_CHECK(ended_);
  thread_.join();
}

void Process::resume() {
  if (ended_) return;
  std::unique_lock lock(mutex_);
  turn_ = Turn::process;
  changed_.notify_one();
  changed_.wait(lock, [&] { return turn_ == Turn::schedule; });
}

void Process::yield() {
  std::unique_lock lock(mutex_);
  turn_ = Turn::schedule;
  changed_.notify_one();
  changed_.wait(lock, [&] { return turn_ == Turn::process; });
  ++waits_;
}

void Process::wake() {
  schedule_.at(std::max(schedule_.now(), alive_ ? frozen_until_ : 0), [this, wait = waits_] {
    if (wait == waits_) resume();
  });
}

void Process::kill() {
  alive_ = false;
  wake();
}

void Process::revive() {
  alive_ = true;
  frozen_until_ = 0;
}

void Process::sleep() { yield(); }

void Process::sleep_until(Micros when) {
  when = std::max(when, frozen_until_);
  if (schedule_.skip_to(when)) return;
  schedule_.at(when, [this, wait = waits_] {
    if (wait == waits_) resume();
  });
  yield();
}

void Process::pass(Micros duration) {
  const Micros until = std::max(schedule_.now() + duration, frozen_until_);
  while (alive_ && schedule_.now() < until) sleep_until(until);
}

}  // namespace kring::simulator::protocol
