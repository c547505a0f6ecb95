// The memory log: the reference for what the port means. Frames lie in a list as they would in a topic, and pass
// through the same acceptance rule. Nothing outlives the process; "durable" here means appended.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "events/log/acceptance.h"
#include "events/log/event_log.h"
#include "events/log/random.h"

namespace kring {

// One log in memory, shared by its writers and readers. Thread-safe.
class MemoryStore {
 public:
  explicit MemoryStore(std::function<Token()> random = random_token) : random_(std::move(random)) {}

  // Adds a frame as any writer might, void ones included, and tells how it stands: tests play zombies with it.
  Standing add(Bytes frame);

  LogState state() const;
  std::uint64_t voided() const;  // frames that did not count

 private:
  friend class MemoryLog;

  const Bytes* at(Position position, std::uint64_t& offset) const;  // none beyond the end; stays valid
  bool take_writer();
  void give_writer();

  mutable std::mutex mutex_;
  std::deque<Bytes> frames_;            // a deque keeps its elements where they are
  std::vector<std::uint64_t> offsets_;  // offsets_[position - 1]: where in frames_ the record lies
  Acceptance acceptance_;
  bool writer_taken_ = false;
  const std::function<Token()> random_;  // history and writer ids
};

// Both may be called any number of times on one store. A second claim is `busy` while the first writer lives.
// `history`: what an empty log gets, where it is to be a copy of another; zeros: a random one.
std::unique_ptr<EventLog> open_memory_log(std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>(),
                                          const HistoryId& history = {});
std::unique_ptr<LogReader> open_memory_reader(std::shared_ptr<MemoryStore> store);

}  // namespace kring
