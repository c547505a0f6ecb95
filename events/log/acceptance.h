// The one acceptance rule: which frames of a log count. Every reader of every engine applies it, so that a condition on
// append holds even on engines that have no conditional append: a frame that does not count is void for everybody.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "events/log/frame.h"

namespace kring {

// Where a log stands after some frames. It can be restored from any record that counted (see `after`).
struct LogState {
  HistoryId history{};      // all zeros before the first claim
  std::uint64_t epoch = 0;  // of the current claim; 0: none yet
  WriterId writer{};        // of the current claim
  Position position = 0;    // the last record that counted
  Hash head{};              // its hash
  std::string successor{};  // where the history goes on, once the log is sealed; empty before
  bool operator==(const LogState&) const = default;
};

// The state right after a record that is known to have counted.
LogState after(const HistoryId& history, const Frame& record);

// The frame that ends what stands so: a segment, or the whole log. `body` is borrowed.
Frame seal_of(FrameKind kind, const LogState& state, BytesView body);

// Where a log goes on that is sealed: a URL, or whatever tells people.
inline constexpr std::size_t max_successor = 4096;  // bytes; none is no successor
// The frame that ends a log which stands so. `successor` is borrowed.
Frame log_seal(const LogState& state, BytesView successor);

enum class Standing : std::uint8_t {
  counts,
  malformed,       // a claim whose body is no history id, or a frame of a kind that has no place here
  old_epoch,       // a claim that another one has overtaken
  epoch_ahead,     // a claim that leaves out an epoch: it could lock everybody out
  other_history,   // a claim for another history
  not_the_writer,  // a record of a writer that does not hold the current claim
  wrong_position,  // a record that is not the next one
  wrong_previous,  // a record decided on another head
  wrong_hash,      // a record whose hash is not that of its content
  after_seal,      // anything behind the seal of the log
};
inline constexpr std::size_t standing_count = 10;
BytesView describe(Standing standing);

// Fed with the frames of a log in order. Pure: no I/O, no clock. Not thread-safe.
class Acceptance {
 public:
  // Goes on from a known place; the counts stay.
  void restore(const LogState& state) { state_ = state; }

  // Judges the next frame, and advances when it counts.
  Standing offer(const Frame& frame);

  const LogState& state() const { return state_; }
  std::uint64_t count(Standing standing) const { return counts_[static_cast<std::size_t>(standing)]; }
  std::uint64_t voided() const;  // frames that did not count

 private:
  Standing judge_claim(const Frame& claim) const;
  Standing judge_record(const Frame& record);
  Standing judge_seal(const Frame& seal) const;
  bool is_writer(const Frame& frame) const;

  LogState state_;
  RecordHasher hasher_;
  std::array<std::uint64_t, standing_count> counts_{};
};

}  // namespace kring
