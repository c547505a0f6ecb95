// Simulated time, and processes that take turns in it: whatever happens, happens at a moment, one thing after the other.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace kring::simulator::protocol {

using Micros = std::int64_t;
inline constexpr Micros millisecond = 1000, second = 1'000'000;

class Schedule {
 public:
  Micros now() const { return now_; }
  void at(Micros when, std::function<void()> what) { events_.emplace(std::pair(when, ++count_), std::move(what)); }
  void after(Micros delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }

  // Goes on to the next event. False: there is none.
  bool step();
  // Lets time pass where nothing happens until then. False: something does.
  bool skip_to(Micros when);

 private:
  Micros now_ = 0;
  std::uint64_t count_ = 0;
  std::map<std::pair<Micros, std::uint64_t>, std::function<void()>> events_;
};

// One process of the simulated world. It has a thread, which runs only while the schedule's waits for it: so code that waits
// in the middle of something can run as it is, and a run can be repeated. What both threads use needs no lock.
class Process {
 public:
  // `body` begins when the first event wakes it.
  Process(Schedule& schedule, std::function<void()> body);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  // `body` has returned

  bool alive() const { return alive_; }
  bool ended() const { return ended_; }

  // ---- on its own thread ----
  void sleep();                        // until somebody wakes it
  void sleep_until(Micros when);       // or until then
  void pass(Micros duration);          // until then, whoever wakes it, or until it is killed
  void freeze_for(Micros duration) { frozen_until_ = schedule_.now() + duration; }  // from its next wait on
  void revive();                       // another one begins in its place

  // ---- on any ----
  void wake();
  // From now on everything fails that it tries, so that it comes to its end: as if it were gone at this moment.
  void kill();

 private:
  enum class Turn : std::uint8_t { schedule, process };
  void resume();
  void yield();

  Schedule& schedule_;
  bool alive_ = true, ended_ = false;
  std::uint64_t waits_ = 0;  // so that who would wake it from an earlier wait finds that it is over
  Micros frozen_until_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  Turn turn_ = Turn::schedule;
  std::thread thread_;
};

}  // namespace kring::simulator::protocol
