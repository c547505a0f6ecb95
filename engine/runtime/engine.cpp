#include "engine/runtime/engine.h"

#include "events/base/check.h"
#include "events/codec/codec.h"

namespace kring {

Engine::Engine(const EngineOptions& options, EventLog& log, CommandIndex& index, Sealer& sealer, Environment environment, SnapshotStore* snapshots)
    : options_(options), log_(log), index_(index), sealer_(sealer), environment_(std::move(environment)), snapshots_(snapshots) {}

Result<std::unique_ptr<Engine>> Engine::start(const EngineOptions& options, EventLog& log, const Bookmark& tail, CommandIndex& index,
                                              Sealer& sealer, Environment environment, SnapshotStore* snapshots) {
  std::unique_ptr<Engine> engine(new Engine(options, log, index, sealer, std::move(environment), snapshots));
  if (auto taken = engine->take_over(tail); !taken) return std::unexpected(std::move(taken.error()));
  engine->thread_ = std::thread([raw = engine.get()] { raw->run(); });
  return engine;
}

Engine::~Engine() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<void> Engine::take_over(const Bookmark& tail) {
  auto history = log_.history();
  if (!history) return std::unexpected(std::move(history.error()));
  auto applied = begin_at_snapshot(*history, tail);
  if (!applied) return std::unexpected(std::move(applied.error()));
  auto indexed = check_index(tail);
  if (!indexed) return std::unexpected(std::move(indexed.error()));
  auto replayed = replay(*applied, *indexed);
  if (!replayed) return std::unexpected(std::move(replayed.error()));
  if (auto done = sealer_.forget(state_.erasures); !done) return done;
  if (auto committed = index_.commit(head_); !committed) return committed;
  state_.history = *history;
  note_records(*replayed);
  return {};
}

// Takes a snapshot when it is time for one. What is decided is in the log by then.
void Engine::note_records(std::size_t bytes) {
  if (!snapshots_ || !snapshots_->due(head_.position, bytes)) return;
  state_.at = head_;
  snapshots_->write(state_);
}

// The place in the log up to which the snapshot holds it.
Result<Bookmark> Engine::begin_at_snapshot(const HistoryId& history, const Bookmark& tail) {
  if (!snapshots_) return Bookmark{};
  auto snapshot = snapshots_->newest(log_, history, tail.position);
  if (!snapshot) return std::unexpected(std::move(snapshot.error()));
  if (*snapshot) state_ = std::move(**snapshot);
  return state_.at;
}

// The place in the log up to which the index knows it.
Result<Bookmark> Engine::check_index(const Bookmark& tail) {
  // An index beyond the tail, or at another record, belongs to another history.
  Bookmark indexed = index_.reached();
  bool mine = indexed.position <= tail.position;
  if (mine) {
    auto known = holds(log_, indexed);
    if (!known) return std::unexpected(std::move(known.error()));
    mine = *known;
  }
  if (mine) return indexed;
  if (auto cleared = index_.clear(); !cleared) return std::unexpected(std::move(cleared.error()));
  return Bookmark{};
}

// Brings state and index to the end of the log. Returns how many bytes of records the state took.
Result<std::size_t> Engine::replay(const Bookmark& applied, const Bookmark& indexed) {
  Result<void> outcome;
  std::size_t bytes = 0;
  auto visit = [&](const LogEntry& entry) {
    auto decision = codec::decode(entry.body);
    if (!decision) {
      outcome = fail(decision.error().kind, decision.error().code, "position " + std::to_string(entry.position) + ": " + decision.error().message);
      return false;
    }
    const Command& command = decision->command;
    if (entry.position > indexed.position) index_.add(command.programme, command.id, {entry.position, command.digest});
    if (entry.position > applied.position) {
      bytes += entry.body.size();
      add_erasures(*decision, entry.position, state_.erasures);
      outcome = state_.programmes.apply({entry.position, entry.recorded_at, entry.previous, entry.hash, std::move(*decision)});
    }
    if (outcome && entry.position > indexed.position && entry.position % 10'000 == 0) outcome = index_.commit(entry.after);
    return outcome.has_value();
  };
  auto reached = log_.read(applied.position < indexed.position ? applied : indexed, visit);
  if (!reached) return std::unexpected(std::move(reached.error()));
  if (!outcome) return std::unexpected(std::move(outcome.error()));
  head_ = *reached;
  next_ = reached->position + 1;
  return bytes;
}

void Engine::submit(Request request, Completion completed) {
  std::unique_lock lock(mutex_);
  taken_.wait(lock, [&] { return queue_.size() < options_.queue_limit; });
  queue_.push_back({std::move(request), std::move(completed)});
  lock.unlock();
  arrived_.notify_one();
}

Bookmark Engine::head() const {
  std::lock_guard lock(mutex_);
  return head_;
}

void Engine::run() {
  for (;;) {
    std::vector<Waiting> waiting;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      while (!queue_.empty() && waiting.size() < options_.batch_limit) {
        waiting.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
    }
    taken_.notify_all();
    process(std::move(waiting));
  }
}

void Engine::process(std::vector<Waiting> waiting) {
  std::vector<Decided> decided;
  decided.reserve(waiting.size());
  for (Waiting& one : waiting) {
    std::string id = one.request.command.id;
    Answer answer = failure_ ? broken(std::move(id)) : handle(one.request);
    decided.push_back({std::move(answer), std::move(one.completed)});
    if (drafted_bytes_ >= options_.batch_bytes) finish(decided);
  }
  finish(decided);
}

// Keys before the records that need them; erasures after the records that say so, and before anybody is told.
Result<void> Engine::store() {
  if (auto durable = sealer_.make_durable(); !durable) return durable;
  auto appended = log_.append(drafts_, next_ - 1 - drafts_.size());
  if (!appended) return std::unexpected(std::move(appended.error()));
  if (!forgotten_.empty())
    if (auto done = sealer_.forget(forgotten_); !done) return done;
  state_.erasures.insert(state_.erasures.end(), forgotten_.begin(), forgotten_.end());
  {
    std::lock_guard lock(mutex_);
    head_ = *appended;
  }
  return index_.commit(*appended);
}

// Makes durable what was decided, and only then answers. Where that fails, the outcome of the whole batch is unknown,
// also of what was a duplicate of something in it.
void Engine::finish(std::vector<Decided>& decided) {
  if (!drafts_.empty() && !failure_)
    if (auto stored = store(); !stored) failure_ = std::move(stored.error());
  if (!drafts_.empty() && failure_)  // that of the store, or of a command behind the first drafts: then these were not stored
    for (Decided& one : decided) one.answer = broken(std::move(one.answer.id));
  bool appended = !drafts_.empty() && !failure_;
  std::size_t bytes = drafted_bytes_;
  drafts_.clear();
  drafted_.clear();
  forgotten_.clear();
  drafted_bytes_ = 0;
  if (appended && listener_) listener_(head());
  for (Decided& one : decided) one.completed(std::move(one.answer));
  decided.clear();
  if (appended) note_records(bytes);
}

Answer Engine::broken(std::string id) const {
  Answer answer;
  answer.id = std::move(id);
  answer.status = AnswerStatus::unknown;
  answer.error = failure_;
  return answer;
}

}  // namespace kring
