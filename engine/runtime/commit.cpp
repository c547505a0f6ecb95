// The way of what is decided to the log, and of the answers back.
#include "engine/runtime/engine.h"

#include "events/base/mistakes.h"

namespace kring {

// On the deciding thread, which commits itself where no other one does.
template <class Predicate>
void Engine::wait_for_commits(std::unique_lock<std::mutex>& lock, Predicate enough) {
  if (options_.threads) return committed_.wait(lock, enough);
  while (!enough()) {
    lock.unlock();
    commit_some();
    lock.lock();
  }
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

bool Engine::commit_some() {
  auto batch = take_decided();
  if (batch.empty()) return false;
  commit(std::move(batch));
  {
    std::lock_guard lock(mutex_);
    committing_ = false;
    idle_.store(decided_.empty(), std::memory_order_relaxed);
  }
  committed_.notify_one();
  return true;
}

// All that is decided by now, as far as one append takes it. None: there will be nothing more.
std::vector<Engine::Decided> Engine::take_decided() {
  std::vector<Decided> batch;
  {
    std::unique_lock lock(mutex_);
    if (options_.threads) handed_over_.wait(lock, [&] { return all_decided_ || !decided_.empty(); });
    committing_ = !decided_.empty();
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

// Keys before the records that need them; erasures after the records that say so, and before anybody is told.
Result<void> Engine::store(std::vector<Decided>& batch) {
  std::vector<Draft> drafts;
  std::vector<Erasure> forgotten;
  bool refused = false;  // something, without a record
  for (Decided& one : batch) {
    refused |= !one.answer.position && one.answer.status != AnswerStatus::unknown;
    if (one.draft) drafts.push_back(std::move(*one.draft));
    forgotten.insert(forgotten.end(), one.forgotten.begin(), one.forgotten.end());
  }
  if (drafts.empty() && !refused) return {};
  if (drafts.empty()) {
    // Another writer may have taken over, and its records may say otherwise.
    if (auto confirmed = log_.append({}, head_.position); !confirmed) return std::unexpected(std::move(confirmed.error()));
    return {};
  }
  if (!KRING_MISTAKE(keys_after_records))
    if (auto durable = sealer_.make_durable(); !durable) return durable;
  auto appended = log_.append(drafts, head_.position);  // only this thread writes it
  if (!appended) return std::unexpected(std::move(appended.error()));
  if (KRING_MISTAKE(keys_after_records))
    if (auto durable = sealer_.make_durable(); !durable) return durable;
  if (!forgotten.empty())
    if (auto done = sealer_.forget(forgotten); !done) return done;
  {
    std::lock_guard lock(mutex_);
    head_ = *appended;
  }
  if (listener_) listener_(*appended);
  return {};
}

// Makes durable what was decided, and only then answers. Where that fails, the outcome of the whole batch is unknown,
// also of what was a duplicate of something in it, and so is everything after it: the state is ahead of the log.
void Engine::commit(std::vector<Decided> batch) {
  if (!commit_failure_)
    if (auto stored = store(batch); !stored) {
      std::lock_guard lock(mutex_);
      commit_failure_ = std::move(stored.error());
    }
  for (Decided& one : batch) {
    if (commit_failure_) one.answer = unknown_answer(std::move(one.answer.id), *commit_failure_);
    one.completed(std::move(one.answer));
  }
}

}  // namespace kring
