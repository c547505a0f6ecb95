// What the suites that append have in common: commands, the engine that takes them, and how fast one core could be.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "engine/runtime/engine.h"
#include "tools/bench/workspace.h"

namespace kring::bench {

// At most so many in flight: enter() waits for one to leave.
class Gate {
 public:
  explicit Gate(std::size_t most) : most_(most) {}
  void enter() {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [&] { return inside_ < most_; });
    ++inside_;
  }
  void leave() {
    std::lock_guard lock(mutex_);
    if (inside_-- == most_) left_.notify_one();  // under the lock: who is woken may destroy this
  }
  void wait_until_empty() {
    for (std::size_t i = 0; i < most_; ++i) enter();
  }

 private:
  const std::size_t most_;
  std::size_t inside_ = 0;
  std::mutex mutex_;
  std::condition_variable left_;
};

// Commands of some programmes; the first `before` set them up and are not timed.
struct Work {
  std::vector<Made> made;
  std::size_t before = 0;

  std::size_t timed() const { return made.size() - before; }
};
Work work_of(std::uint64_t timed, std::uint64_t seed);

// An engine on an empty log, with the rest of what it needs in a directory.
class Subject {
 public:
  Subject(const DataDirectory& directory, std::unique_ptr<EventLog> log);

  // Commands a second.
  double rate(const Work& work, std::size_t in_flight);

 private:
  void submit(std::vector<Request>& requests, std::size_t from, std::size_t to, std::size_t in_flight, std::size_t& wrong);

  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<CommandIndex> index_;
  std::unique_ptr<Engine> engine_;
};

// As many bytes as each record of the timed part takes in the log.
std::vector<Bytes> frames_in(LogReader& log, const Work& work);

// One core that only decides, encodes and hashes. Personal texts come sealed.
double decide_encode_hash_rate(const DataDirectory& directory, const Work& work);

}  // namespace kring::bench
