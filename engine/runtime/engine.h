// The engine: one thread that takes what is queued, decides each command on the state as advanced by those before
// it, appends the batch, waits until it is durable, and answers all. docs/architecture.md shows where it stands.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/runtime/answer.h"
#include "engine/runtime/command_index.h"
#include "engine/runtime/environment.h"
#include "engine/runtime/programmes.h"
#include "engine/runtime/snapshot_store.h"
#include "events/log/event_log.h"
#include "events/privacy/sealing.h"

namespace kring {

struct EngineOptions {
  std::size_t queue_limit = 4096;            // commands waiting; submit blocks beyond it
  std::size_t batch_limit = 1024;            // commands decided before an append
  std::size_t batch_bytes = 4 << 20;         // and bytes
};

class Engine {
 public:
  using Completion = std::function<void(Answer)>;

  // Takes over the whole history of a log that the caller has claimed, up to `tail`: from the newest snapshot on, where
  // there are any. Completes the forgetting that an earlier writer may have begun. What is passed by reference must
  // outlive the engine, and is used by its thread alone from here on (the sealer is thread-safe).
  static Result<std::unique_ptr<Engine>> start(const EngineOptions& options, EventLog& log, const Bookmark& tail, CommandIndex& index,
                                               Sealer& sealer, Environment environment, SnapshotStore* snapshots = nullptr);
  ~Engine();  // answers what is queued, then stops

  // Thread-safe; blocks while the queue is full. `completed` runs on the engine's thread, in the order of submitting,
  // and no earlier than what it reports is durable.
  void submit(Request request, Completion completed);

  // Thread-safe: the newest place in the log that is durable.
  Bookmark head() const;
  // Called on the engine's thread after each append. Set it before the first submit.
  void on_append(std::function<void(const Bookmark&)> listener) { listener_ = std::move(listener); }

 private:
  struct Waiting {
    Request request;
    Completion completed;
  };
  struct Decided {
    Answer answer;
    Completion completed;
  };

  Engine(const EngineOptions& options, EventLog& log, CommandIndex& index, Sealer& sealer, Environment environment, SnapshotStore* snapshots);
  Result<void> take_over(const Bookmark& tail);
  Result<Bookmark> begin_at_snapshot(const HistoryId& history, const Bookmark& tail);
  Result<Bookmark> check_index(const Bookmark& tail);
  Result<std::size_t> replay(const Bookmark& applied, const Bookmark& indexed);
  void note_records(std::size_t bytes);
  void run();
  void process(std::vector<Waiting> waiting);
  void finish(std::vector<Decided>& decided);
  Result<void> store();
  Answer handle(Request& request);
  Answer record(Command command, Instant at, Programme& programme);
  Result<std::optional<Answer>> answered_before(const Command& command);
  Answer broken(std::string id) const;

  const EngineOptions options_;
  EventLog& log_;
  CommandIndex& index_;
  Sealer& sealer_;
  const Environment environment_;
  SnapshotStore* const snapshots_;  // may be null
  std::function<void(const Bookmark&)> listener_;

  Snapshot state_;                                 // where the state of the programmes stands; `at` only between batches
  Position next_ = 1;                              // the position of the next record
  std::vector<Draft> drafts_;                      // decided, not yet appended
  std::vector<Answer> drafted_;                    // their answers
  std::size_t drafted_bytes_ = 0;
  std::vector<Erasure> forgotten_;                 // by the drafts
  std::optional<Error> failure_;                   // from then on nothing is decided

  mutable std::mutex mutex_;                       // guards what follows
  std::condition_variable arrived_, taken_;
  std::deque<Waiting> queue_;
  bool stopping_ = false;
  Bookmark head_;

  std::thread thread_;
};

}  // namespace kring
