// The way of what is decided to the log, and of the answers back.
#include "engine/runtime/engine.h"

#include <utility>

#include "events/base/mistakes.h"

namespace kring {

// On the deciding thread, which commits itself where no other one does: without threads, and before they are started.
template <class Predicate>
void Engine::wait_for_commits(std::unique_lock<std::mutex>& lock, Predicate enough) {
  if (committer_.joinable()) return committed_.wait(lock, enough);
  settling_ = true;
  while (!enough()) {
    lock.unlock();
    commit_some();
    lock.lock();
  }
  settling_ = false;
}

void Engine::hand_over() {
  if (ready_.empty()) return;
  {
    std::unique_lock lock(mutex_);
    wait_for_commits(lock, [&] { return decided_.size() < options_.batch_limit; });
    idle_.store(false, std::memory_order_relaxed);
    if (decided_.empty()) std::swap(decided_, ready_);
    else decided_.insert(decided_.end(), std::move_iterator(ready_.begin()), std::move_iterator(ready_.end()));
  }
  handed_over_.notify_one();
  ready_.clear();
}

// Waits until nothing is on its way: everything decided is durable and answered. Error: it never will be.
Result<void> Engine::settle() {
  hand_over();
  std::unique_lock lock(mutex_);
  wait_for_commits(lock, [&] { return decided_.empty() && !committing_; });
  if (commit_failure_) return std::unexpected(*commit_failure_);
  return {};
}

// Begins an append where there is something to append and the log takes it; else waits for the oldest that has begun.
bool Engine::commit_some() {
  if (auto decided = take_decided(); !decided.empty()) begin(std::move(decided));
  else if (!on_the_way_.empty()) finish();
  else return false;
  {
    std::lock_guard lock(mutex_);
    committing_ = !on_the_way_.empty();
    idle_.store(decided_.empty() && takes_more(), std::memory_order_relaxed);
  }
  committed_.notify_one();
  return true;
}

// What asks the log whether anybody else has written to it has it alone.
bool Engine::takes_more() const {
  return on_the_way_.empty() || (on_the_way_.size() < log_.appends_at_once() && on_the_way_.back().kind != Batch::Kind::confirms);
}

// Each append costs, however small: while others are on their way, so many commands are worth the next one. Any number that is
// smaller made many small ones, and fewer commands a second.
std::size_t Engine::worth_an_append() const {
  std::size_t under_way = 0;
  for (const Batch& batch : on_the_way_) under_way += batch.decided.size();
  return under_way;
}

// All that is decided by now, as far as one append takes it. None: there is something to wait for before, or nothing to come.
std::vector<Engine::Decided> Engine::take_decided() {
  std::vector<Decided> batch;
  if (!takes_more()) return batch;
  {
    std::unique_lock lock(mutex_);
    if (options_.threads && !overlaps_ && on_the_way_.empty()) handed_over_.wait(lock, [&] { return all_decided_ || !decided_.empty(); });
    if (decided_.empty()) return batch;
    committing_ = true;
    std::size_t count = 0, bytes = 0;
    for (; count < std::min(decided_.size(), options_.batch_limit) && bytes < options_.batch_bytes; ++count)
      if (decided_[count].draft) bytes += decided_[count].draft->body.size();
    if (count == decided_.size()) {
      std::swap(batch, decided_);
    } else {
      auto end = decided_.begin() + static_cast<std::ptrdiff_t>(count);
      batch.assign(std::move_iterator(decided_.begin()), std::move_iterator(end));
      decided_.erase(decided_.begin(), end);
    }
  }
  committed_.notify_one();
  return batch;
}

void Engine::begin(std::vector<Decided> decided) {
  Batch batch{std::move(decided), {}, Batch::Kind::nothing, {}};
  if (!commit_failure_)
    if (auto handed = hand_to_log(batch); !handed) batch.failure = std::move(handed.error());
  on_the_way_.push_back(std::move(batch));
}

// Keys before the records that need them.
Result<void> Engine::hand_to_log(Batch& batch) {
  std::vector<Draft> drafts;
  for (Decided& one : batch.decided) {
    const bool refused = !one.answer.position && one.answer.status != AnswerStatus::unknown;  // without a record
    if (refused && drafts.empty()) batch.kind = Batch::Kind::confirms;
    if (one.draft) drafts.push_back(std::move(*one.draft));
    batch.forgotten.insert(batch.forgotten.end(), one.forgotten.begin(), one.forgotten.end());
  }
  if (drafts.empty()) return {};
  batch.kind = Batch::Kind::appends;
  if (!KRING_MISTAKE(keys_after_records))
    if (auto durable = sealer_.make_durable(); !durable) return durable;
  if (auto begun = log_.begin_append(drafts, end_); !begun) return begun;  // only this thread writes it
  end_ += drafts.size();
  return {};
}

// Waits until the oldest batch is in the log. False: it is not yet.
Result<bool> Engine::store(const Batch& batch) {
  if (batch.failure) return std::unexpected(*batch.failure);
  if (batch.kind == Batch::Kind::nothing) return true;
  if (batch.kind == Batch::Kind::confirms) {
    // Another writer may have taken over, and its records may say otherwise.
    if (auto confirmed = log_.append({}, end_); !confirmed) return std::unexpected(std::move(confirmed.error()));
    return true;
  }
  const auto appended = log_.finish_append();
  if (!appended) return std::unexpected(appended.error());
  if (!*appended) return false;
  if (KRING_MISTAKE(keys_after_records))
    if (auto durable = sealer_.make_durable(); !durable) return std::unexpected(std::move(durable.error()));
  // Erasures after the records that say so, and before anybody is told.
  if (!batch.forgotten.empty())
    if (auto done = sealer_.forget(batch.forgotten); !done) return std::unexpected(std::move(done.error()));
  {
    std::lock_guard lock(mutex_);
    head_ = **appended;
  }
  if (listener_) listener_(**appended);
  return true;
}

// Answers the oldest batch, once it is durable. Where that fails, the outcome of the whole batch is unknown, also of what
// was a duplicate of something in it, and so is everything after it: the state is ahead of the log.
void Engine::finish() {
  if (!commit_failure_) {
    if (works_alone() && takes_more() && !settling_) {
      std::lock_guard lock(mutex_);
      if (queue_.size() >= worth_an_append()) return;  // to be decided first
      interrupting_ = worth_an_append();
    }
    auto stored = store(on_the_way_.front());
    std::lock_guard lock(mutex_);
    interrupting_ = 0;
    if (!stored) commit_failure_ = std::move(stored.error());
    else if (!*stored) return;
  }
  Batch batch = std::move(on_the_way_.front());
  on_the_way_.pop_front();
  for (Decided& one : batch.decided) {
    if (commit_failure_) one.answer = unknown_answer(std::move(one.answer.id), *commit_failure_);
    one.completed(std::move(one.answer));
  }
}

}  // namespace kring
