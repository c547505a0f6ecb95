#include "events/log/acceptance.h"

#include <cstring>
#include <numeric>

#include "events/base/mistakes.h"

namespace kring {

LogState after(const HistoryId& history, const Frame& record) {
  return {history, record.epoch, record.writer, record.position, record.hash, {}};
}

Frame seal_of(FrameKind kind, const LogState& state, BytesView body) {
  Frame seal;
  seal.kind = kind;
  seal.position = seal.durable = state.position;
  seal.epoch = state.epoch;
  seal.writer = state.writer;
  seal.previous = state.head;
  seal.body = body;
  return seal;
}

Frame log_seal(const LogState& state, BytesView successor) { return seal_of(FrameKind::log_seal, state, successor); }

BytesView describe(Standing standing) {
  switch (standing) {
    case Standing::counts:
      return "counts";
    case Standing::malformed:
      return "is malformed";
    case Standing::old_epoch:
      return "claims an epoch that has passed";
    case Standing::epoch_ahead:
      return "claims an epoch that is not the next one";
    case Standing::other_history:
      return "belongs to another history";
    case Standing::not_the_writer:
      return "is not of the current writer";
    case Standing::wrong_position:
      return "has not the next position";
    case Standing::wrong_previous:
      return "does not follow the record before it";
    case Standing::wrong_hash:
      return "has a hash that is not that of its content";
    case Standing::after_seal:
      return "comes after the seal of the log";
  }
  return "unknown";
}

Standing Acceptance::offer(const Frame& frame) {
  Standing standing = Standing::malformed;
  if (!state_.successor.empty()) {
    standing = Standing::after_seal;
  } else if (frame.kind == FrameKind::claim) {
    standing = judge_claim(frame);
    if (standing == Standing::counts) {
      state_.epoch = frame.epoch;
      state_.writer = frame.writer;
      std::memcpy(state_.history.data(), frame.body.data(), state_.history.size());
    }
  } else if (frame.kind == FrameKind::decision) {
    standing = judge_record(frame);
    if (standing == Standing::counts) {
      state_.position = frame.position;
      state_.head = frame.hash;
    }
  } else if (frame.kind == FrameKind::log_seal) {
    standing = judge_seal(frame);
    if (standing == Standing::counts) state_.successor = frame.body;
  }
  ++counts_[static_cast<std::size_t>(standing)];
  return standing;
}

std::uint64_t Acceptance::voided() const {
  return std::accumulate(counts_.begin() + 1, counts_.end(), std::uint64_t{0});
}

Standing Acceptance::judge_claim(const Frame& claim) const {
  const HistoryId none{};
  if (claim.position != 0 || claim.body.size() != none.size() || claim.body == view(none)) return Standing::malformed;
  if (claim.epoch <= state_.epoch && !KRING_MISTAKE(ignore_epoch)) return Standing::old_epoch;
  if (claim.epoch != state_.epoch + 1 && !KRING_MISTAKE(ignore_epoch)) return Standing::epoch_ahead;
  if (state_.history != none && claim.body != view(state_.history)) return Standing::other_history;
  return Standing::counts;
}

Standing Acceptance::judge_record(const Frame& record) {
  if (!is_writer(record)) return Standing::not_the_writer;
  if (record.position != state_.position + 1) return Standing::wrong_position;
  if (record.previous != state_.head) return Standing::wrong_previous;
  if (record.hash != hasher_(state_.history, record.position, record.previous, record.recorded_at, record.body))
    return Standing::wrong_hash;
  return Standing::counts;
}

Standing Acceptance::judge_seal(const Frame& seal) const {
  if (seal.body.empty() || seal.body.size() > max_successor) return Standing::malformed;
  if (!is_writer(seal)) return Standing::not_the_writer;
  if (seal.position != state_.position) return Standing::wrong_position;
  if (seal.previous != state_.head) return Standing::wrong_previous;
  return Standing::counts;
}

bool Acceptance::is_writer(const Frame& frame) const {
  const bool same_epoch = frame.epoch == state_.epoch || KRING_MISTAKE(ignore_epoch);
  const bool same_writer = frame.writer == state_.writer || KRING_MISTAKE(ignore_writer_id);
  return state_.epoch != 0 && same_epoch && same_writer;
}

}  // namespace kring
