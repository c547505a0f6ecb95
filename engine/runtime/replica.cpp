#include "engine/runtime/replica.h"

#include <utility>

#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "events/codec/codec.h"

namespace kring {
namespace {

constexpr Position index_step = 10'000;  // records between two commits of the index

}  // namespace

// Where to begin: what the snapshot holds the state knows, and what the index reached the index does.
Result<void> Replica::begin(LogReader& log, Position limit) {
  auto history = log.history();
  if (!history) return std::unexpected(std::move(history.error()));
  if (*history == HistoryId{}) return {};  // nobody has written yet
  if (snapshots_) {
    auto snapshot = snapshots_->newest(log, *history, limit);
    if (!snapshot) return std::unexpected(std::move(snapshot.error()));
    if (*snapshot) state_ = std::move(**snapshot);
  }
  state_.history = *history;
  auto indexed = check_index(log, limit);
  if (!indexed) return std::unexpected(std::move(indexed.error()));
  indexed_ = *indexed;
  const Bookmark& applied = state_.at;
  first_ = sealer_->must_resume_all() ? Bookmark{} : applied.position < indexed_.position ? applied : indexed_;
  reached_ = first_;
  begun_ = true;
  return {};
}

// The place in the log up to which the index knows it. One beyond the limit, or at another record, belongs to another history.
Result<Bookmark> Replica::check_index(LogReader& log, Position limit) {
  const Bookmark indexed = index_->reached();
  bool mine = indexed.position <= limit;
  if (mine) {
    auto known = holds(log, indexed);
    if (!known) return std::unexpected(std::move(known.error()));
    mine = *known;
  }
  if (mine) return indexed;
  if (auto cleared = index_->clear(); !cleared) return std::unexpected(std::move(cleared.error()));
  return Bookmark{};
}

Result<void> Replica::follow(LogReader& log, Position limit) {
  if (!begun_)
    if (auto begun = begin(log, limit); !begun || !begun_) return begun;
  const Position applied = state_.at.position;
  const bool all = first_.position == 0 && sealer_->must_resume_all();
  Result<void> outcome;
  auto visit = [&](const LogEntry& entry) {
    auto decision = codec::decode(entry.body);
    if (!decision) {
      outcome = fail(decision.error().kind, decision.error().code, concat("position ", entry.position, ": ", decision.error().message));
      return false;
    }
    const Command& command = decision->command;
    const bool unindexed = entry.position > indexed_.position;
    if (unindexed) index_->add(command.programme, command.id, {entry.position, command.digest});
    if (all || entry.position > applied) sealer_->resume(*decision);
    if (entry.position > applied) {
      bytes_ += entry.body.size();
      add_erasures(*decision, entry.position, state_.erasures);
      outcome = state_.programmes.apply({entry.position, entry.recorded_at, entry.previous, entry.hash, std::move(*decision)});
    }
    if (outcome && unindexed && entry.position % index_step == 0) outcome = index_->commit(entry.after);
    if (outcome) reached_ = entry.after;
    return outcome.has_value();
  };
  auto reached = log.read(reached_, visit);
  if (!reached) return std::unexpected(std::move(reached.error()));
  if (outcome) reached_ = *reached;
  return outcome;
}

// What comes after a snapshot is not told to the sealer again at the next start.
Result<void> Replica::keep() {
  if (!snapshots_ || !snapshots_->due(reached_.position, std::exchange(bytes_, 0))) return {};
  if (!KRING_MISTAKE(snapshot_before_owners))
    if (auto settled = sealer_->settle(); !settled) return settled;
  state_.at = reached_;
  snapshots_->write(state_);
  return {};
}

}  // namespace kring
