#include "engine/runtime/engine.h"

#include <utility>

#include "events/base/mistakes.h"
#include "events/base/text.h"

namespace kring {
namespace {

constexpr Position index_behind = 2048;
constexpr std::size_t first_of_batch = 64;  // commands

}  // namespace

Engine::Engine(const EngineOptions& options, EventLog& log, const Replica& replica, Environment environment)
    : options_(options), log_(log), overlaps_(log.appends_at_once() > 1), index_(*replica.index_), sealer_(*replica.sealer_), environment_(std::move(environment)), snapshots_(replica.snapshots_) {}

Result<std::unique_ptr<Engine>> Engine::start(const EngineOptions& options, EventLog& log, const Bookmark& tail, CommandIndex& index,
                                              Sealer& sealer, Environment environment, SnapshotStore* snapshots) {
  return start(options, log, tail, Replica(index, sealer, snapshots), std::move(environment));
}

Result<std::unique_ptr<Engine>> Engine::start(const EngineOptions& options, EventLog& log, const Bookmark& tail, Replica replica, Environment environment) {
  std::unique_ptr<Engine> engine(new Engine(options, log, replica, std::move(environment)));
  if (auto taken = engine->take_over(tail, std::move(replica)); !taken) return std::unexpected(std::move(taken.error()));
  engine->taken_over_ = true;
  if (options.threads && !engine->works_alone())
    engine->committer_ = std::thread([raw = engine.get()] {
      while (raw->commit_some()) {}
    });
  if (options.threads) engine->decider_ = std::thread([raw = engine.get()] { raw->decide_all(); });
  return engine;
}

Engine::~Engine() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  if (taken_over_ && !options_.threads) decide_all();
  if (decider_.joinable()) decider_.join();  // it tells the committer when there is nothing left
  if (committer_.joinable()) committer_.join();
}

Result<void> Engine::take_over(const Bookmark& tail, Replica replica) {
  if (auto followed = replica.follow(log_, tail.position); !followed) return followed;
  head_ = replica.reached();
  // Where a broker tells an older end of the log than before, what is missing would be decided as if it never happened.
  if (head_.position < tail.position)
    return fail(ErrorKind::io, "log_behind", concat("the log was claimed at position ", tail.position, " and can be read to ", head_.position, " only"));
  state_ = std::move(replica.state_);
  end_ = head_.position;
  next_ = end_ + 1;
  if (auto done = sealer_.resumed(); !done) return done;
  if (auto done = sealer_.forget(state_.erasures); !done) return done;
  erased_ = sealer_.erasures();
  forget_again();
  if (failure_) return std::unexpected(*failure_);
  if (auto committed = index_.commit(head_); !committed) return committed;
  note_records(replica.bytes_);
  return {};
}

// Takes a snapshot when it is time for one. What is decided is in the log by then.
void Engine::note_records(std::size_t bytes) {
  if (!snapshots_ || !snapshots_->due(next_ - 1, bytes)) return;
  if (!settle()) return;
  if (!KRING_MISTAKE(snapshot_before_owners))
    if (auto settled = sealer_.settle(); !settled) return void(failure_ = std::move(settled.error()));
  state_.at = head();
  snapshots_->write(state_);
}

void Engine::submit(Request request, Completion completed) {
  std::unique_lock lock(mutex_);
  taken_.wait(lock, [&] { return queue_.size() < options_.queue_limit; });
  bool was_empty = queue_.empty();
  queue_.push_back({std::move(request), std::move(completed)});
  if (interrupting_ > 0 && queue_.size() >= interrupting_) {
    interrupting_ = 0;
    log_.interrupt();  // under the mutex: while something is on its way
  }
  lock.unlock();
  if (was_empty) arrived_.notify_one();  // else it does not wait
}

Bookmark Engine::head() const {
  std::lock_guard lock(mutex_);
  return head_;
}

// None: everything is decided; or there is something to finish before it is worth it.
std::vector<Engine::Waiting> Engine::take() {
  std::vector<Waiting> waiting;
  {
    std::unique_lock lock(mutex_);
    if (works_alone() && queue_.size() < worth_an_append()) return waiting;
    if (options_.threads && (!overlaps_ || on_the_way_.empty())) arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    if (!failure_) failure_ = commit_failure_;
    while (!queue_.empty() && waiting.size() < options_.batch_limit) {
      waiting.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
  }
  taken_.notify_all();
  return waiting;
}

bool Engine::decide_some() {
  auto waiting = take();
  if (waiting.empty()) return false;
  // While nothing is on its way to the disk, some go ahead; the rest are handed over together, for each append has a sync.
  for (Waiting& one : waiting) {
    decide(one);
    if (ready_.size() >= first_of_batch && idle_.load(std::memory_order_relaxed)) hand_over();
  }
  hand_over();
  keep_up();
  return true;
}

// Where one thread does both. False: there is nothing left.
bool Engine::decide_and_commit() {
  const bool decided = decide_some(), committed = commit_some();
  return decided || committed;
}

void Engine::decide_all() {
  while (works_alone() ? decide_and_commit() : decide_some()) {}
  if (settle()) (void)index_.commit(head());  // what is missing of it the next start reads from the log
  {
    std::lock_guard lock(mutex_);
    all_decided_ = true;
  }
  handed_over_.notify_one();
}

void Engine::decide(Waiting& one) {
  const bool registers = !erased_.empty() && std::holds_alternative<command::RegisterPerson>(one.request.command.body);
  add(failure_ ? broken(std::move(one.request.command.id)) : handle(one.request), std::move(one.completed));
  if (registers) forget_again();
}

void Engine::add(Answer answer, Completion completed) {
  if (draft_) recorded_bytes_ += draft_->body.size();
  auto forgotten = forgotten_;
  ready_.push_back({std::move(answer), std::move(completed), std::exchange(draft_, std::nullopt), std::move(forgotten_)});
  forgotten_.clear();
  if (forgotten.empty()) return;
  // No key may be made between the record and the end of the keys that it says are gone.
  if (auto settled = settle()) state_.erasures.insert(state_.erasures.end(), forgotten.begin(), forgotten.end());
  else failure_ = std::move(settled.error());
}

// Whoever stands in the ledger is forgotten, also where the log does not say so: it comes from a backup that is older, or was
// cut. It is recorded as any forgetting is, so that the log alone tells everybody; of somebody whom the log does not know, once
// it does.
void Engine::forget_again() {
  std::erase_if(erased_, [&](const Erasure& erasure) {
    Programme* programme = state_.programmes.find(erasure.programme);
    const rules::PersonNo person = programme ? programme->state.facts.person_ids.find(erasure.person) : rules::PersonNo{};
    if (!person || failure_) return false;
    if (programme->state.facts[person].forgotten) return true;
    Command command;
    command.programme = erasure.programme;
    command.id = uuid_v7(environment_);
    command.actor = "kring:erasure-ledger";
    command.body = command::ForgetPerson{erasure.person};
    const Instant now = environment_.now();
    add(record(std::move(command), std::max(now, programme->last_time.value_or(now)), *programme), [](const Answer&) {});
    return !failure_;
  });
}

// The index follows what is durable, some way behind; it holds the newest ids in memory until then.
void Engine::keep_up() {
  if (failure_) return;
  Bookmark durable = head();
  if (durable.position >= index_.reached().position + index_behind)
    if (auto kept = index_.commit(durable); !kept) failure_ = std::move(kept.error());
  note_records(std::exchange(recorded_bytes_, 0));
}

Answer Engine::broken(std::string id) const { return unknown_answer(std::move(id), *failure_); }

}  // namespace kring
