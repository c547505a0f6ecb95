// The engine: one thread decides what is queued, each command on the state as advanced by those before it; a second one
// takes all that is decided by then, appends it, waits until it is durable, and answers all, while the first decides on.
// Where the log lets several appends be on their way nothing blocks but waiting for the oldest, and one thread does both.
// docs/architecture.md shows where it stands.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/runtime/answer.h"
#include "engine/runtime/environment.h"
#include "engine/runtime/programmes.h"
#include "engine/runtime/replica.h"
#include "events/log/event_log.h"

namespace kring {

struct EngineOptions {
  std::size_t queue_limit = 4096;            // commands waiting; submit blocks beyond it
  std::size_t batch_limit = 1024;            // commands in one append; as many more may be decided meanwhile
  std::size_t batch_bytes = 4 << 20;         // and bytes, of which the last record may be the one too many
  bool threads = true;                       // of its own, one or two; without them whoever submits drives it with `step`
};

class Engine {
 public:
  using Completion = std::function<void(Answer)>;

  // Takes over the whole history of a log that the caller has claimed, up to `tail`: from the newest snapshot on, where
  // there are any. Completes the forgetting that an earlier writer may have begun, and records it where only the ledger of
  // erasures knows of it. What is passed by reference must outlive the engine, and is used by its threads alone from here on
  // (the sealer is thread-safe).
  static Result<std::unique_ptr<Engine>> start(const EngineOptions& options, EventLog& log, const Bookmark& tail, CommandIndex& index,
                                               Sealer& sealer, Environment environment, SnapshotStore* snapshots = nullptr);
  // The same from a replica that has followed the log, so that only what came after it is read.
  static Result<std::unique_ptr<Engine>> start(const EngineOptions& options, EventLog& log, const Bookmark& tail, Replica replica,
                                               Environment environment);
  ~Engine();  // answers what is queued, then stops

  // Thread-safe; blocks while the queue is full. `completed` runs on a thread of the engine's, always the same one, in
  // the order of submitting, and no earlier than what it reports is durable.
  void submit(Request request, Completion completed);

  // Without threads: does one piece of what the deciding or the committing thread would do. False: there is nothing to do.
  // So a simulator chooses the order in which the two take turns.
  enum class Step : std::uint8_t { decide, commit };
  bool step(Step step) { return step == Step::decide ? decide_some() : commit_some(); }

  // Thread-safe: the newest place in the log that is durable.
  Bookmark head() const;
  // Called after each append, on the thread that completes. Set it before the first submit.
  void on_append(std::function<void(const Bookmark&)> listener) { listener_ = std::move(listener); }

 private:
  struct Waiting {
    Request request;
    Completion completed;
  };
  // On its way to the log, where there is a record of it, and to whoever asked.
  struct Decided {
    Answer answer;
    Completion completed;
    std::optional<Draft> draft;
    std::vector<Erasure> forgotten;
  };

  // What is appended together.
  struct Batch {
    std::vector<Decided> decided;
    std::vector<Erasure> forgotten;
    enum class Kind : std::uint8_t { nothing, confirms, appends } kind = Kind::nothing;  // what has to be asked of the log
    std::optional<Error> failure;  // that it was handed over
  };

  Engine(const EngineOptions& options, EventLog& log, const Replica& replica, Environment environment);
  Result<void> take_over(const Bookmark& tail, Replica replica);
  void note_records(std::size_t bytes);

  bool works_alone() const { return options_.threads && overlaps_; }

  // ---- the thread that decides ----
  void decide_all();
  bool decide_and_commit();
  bool decide_some();
  std::vector<Waiting> take();
  void decide(Waiting& one);
  void add(Answer answer, Completion completed);
  void forget_again();
  Answer handle(Request& request);
  Answer record(Command command, Instant at, Programme& programme);
  Result<std::optional<Answer>> answered_before(const Command& command);
  Answer broken(std::string id) const;
  void hand_over();
  Result<void> settle();
  void keep_up();
  template <class Predicate>
  void wait_for_commits(std::unique_lock<std::mutex>& lock, Predicate enough);

  // ---- the thread that commits ----
  bool commit_some();
  std::vector<Decided> take_decided();
  bool takes_more() const;
  std::size_t worth_an_append() const;
  void begin(std::vector<Decided> decided);
  Result<void> hand_to_log(Batch& batch);
  void finish();
  Result<bool> store(const Batch& batch);

  const EngineOptions options_;
  EventLog& log_;
  const bool overlaps_;              // the log lets several appends be on their way
  CommandIndex& index_;
  Sealer& sealer_;
  const Environment environment_;
  SnapshotStore* const snapshots_;  // may be null
  std::function<void(const Bookmark&)> listener_;

  // Of the deciding thread; the log is the committing one's, but for moments when nothing is on its way (settle).
  Snapshot state_;                   // where the state of the programmes stands; `at` only when nothing is on its way
  Position next_ = 1;                // the position of the next record
  std::optional<Draft> draft_;       // of the command at hand
  std::vector<Erasure> forgotten_;   // by it
  std::vector<Erasure> erased_;      // in the ledger, and not forgotten by the log: it does not know these persons yet
  std::vector<Decided> ready_;       // decided, not yet handed over
  std::size_t recorded_bytes_ = 0;   // since the last snapshot was thought of
  std::optional<Error> failure_;     // from then on nothing is decided

  // Of the thread that commits.
  std::deque<Batch> on_the_way_;     // to the log, the oldest first
  Position end_ = 0;                 // of the log, once all of that is there
  bool settling_ = false;            // where it is the one that decides as well, which waits for all of that

  mutable std::mutex mutex_;         // guards what follows
  std::condition_variable arrived_, taken_, handed_over_, committed_;
  std::deque<Waiting> queue_;
  std::vector<Decided> decided_;
  bool committing_ = false;
  std::size_t interrupting_ = 0;     // so many queued commands are worth another append, while the log is waited for; 0: none are
  std::atomic<bool> idle_ = true;    // what is handed over now goes on its way at once; written under the mutex
  bool stopping_ = false;            // nothing more is submitted
  bool all_decided_ = false;         // nothing more is handed over
  Bookmark head_;
  std::optional<Error> commit_failure_;  // from then on everything is answered unknown

  bool taken_over_ = false;
  std::thread decider_, committer_;
};

}  // namespace kring
