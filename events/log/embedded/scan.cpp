#include "events/log/embedded/scan.h"

#include <algorithm>
#include <utility>

#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "events/log/log_errors.h"

namespace kring {

Result<Evidence> find_evidence(FileSystem& files, const std::string& directory, const Witness& witness,
                               SegmentReader& segment, std::uint64_t offset, Position missing, bool look_ahead) {
  Evidence evidence;
  if (KRING_MISTAKE(skip_tail_check)) {
    evidence.remains.only_zeros = false;
    return evidence;
  }
  if (witness.position >= missing) {
    evidence.loss = concat("the log ends here, but was durable up to position ", witness.position);
    return evidence;
  }
  const auto list = list_segments(files, directory);
  if (!list) return std::unexpected(list.error());
  if (!list->first.empty() && list->first.back() > segment.header().first) {
    evidence.loss = concat("no valid record here, but a later segment begins at position ", list->first.back());
    return evidence;
  }
  if (!look_ahead) return evidence;
  auto remains = segment.remains(offset, missing);
  if (!remains) return std::unexpected(remains.error());
  evidence.remains = *remains;
  if (remains->proof)
    evidence.loss = concat("no valid record here, but a later one at offset ", *remains->proof,
                           " was written when this one was durable");
  return evidence;
}

Result<void> Scan::start_of(Position first) {
  auto segment = open_segment(first);
  if (!segment) return std::unexpected(segment.error());
  if (!*segment) return {};
  acceptance_.restore((*segment)->header().before);
  segment_ = std::move(*segment);
  return {};
}

Result<std::unique_ptr<SegmentReader>> Scan::open_segment(Position first) const {
  for (;;) {
    auto segment = SegmentReader::open(files_, directory_, first);
    if (segment || segment.error().kind != ErrorKind::not_found) return segment;
    const auto list = list_segments(files_, directory_);
    if (!list) return std::unexpected(list.error());
    if (std::ranges::binary_search(list->first, first)) continue;  // made between our two looks
    const std::string path = path_in(directory_, segment_name(first));
    if (!list->first.empty() && list->first.back() > first)
      return log_damaged(first, path, 0,
                         concat("this segment is missing, but one begins at position ", list->first.back()));
    if (witness_.position >= first)
      return log_damaged(first, path, 0,
                         concat("this segment is missing, but the log was durable up to position ", witness_.position));
    return std::unique_ptr<SegmentReader>();
  }
}

void Scan::after_record(std::unique_ptr<SegmentReader> segment, const Frame& record, std::uint64_t offset) {
  acceptance_.restore(after(segment->header().before.history, record));
  segment_ = std::move(segment);
  record_offset_ = offset;
  offset_ = offset + record.size();
}

void Scan::refresh(const Witness& witness) {
  witness_ = witness;
  if (segment_) segment_->forget();
}

Result<bool> Scan::next(Frame& record) {
  if (!segment_ || !state().successor.empty()) return false;
  for (;;) {
    const auto step = this->step(record);
    if (!step) return std::unexpected(step.error());
    if (*step == Step::again) continue;
    return *step == Step::record;
  }
}

Result<Scan::Step> Scan::step(Frame& record) {
  Frame frame;
  const auto fault = segment_->frame(offset_, frame);
  if (!fault) return std::unexpected(fault.error());
  if (*fault != FrameFault::none) return fault_at_offset(*fault);
  return take(frame, record);
}

// A writer may have been at work between our look at this place and our look at the evidence. Evidence proves that the
// frame was complete before the evidence came to be, so one more look after it decides.
Result<Scan::Step> Scan::fault_at_offset(FrameFault fault) {
  Frame frame;
  auto again = segment_->fresh_frame(offset_, frame);
  if (!again) return std::unexpected(again.error());
  if (*again == FrameFault::none) return Step::again;
  if (*again == FrameFault::unsupported) return unsupported_format(segment_->path(), offset_);

  const bool look_ahead = looked_at_ != offset_;
  auto evidence = find_evidence(files_, directory_, witness_, *segment_, offset_, state().position + 1, look_ahead);
  if (!evidence) return std::unexpected(evidence.error());
  if (!evidence->loss) {
    if (look_ahead) remains_ = evidence->remains;
    looked_at_ = offset_;
    return Step::end;
  }
  again = segment_->fresh_frame(offset_, frame);
  if (!again) return std::unexpected(again.error());
  if (*again == FrameFault::none) return Step::again;
  return damaged(concat(describe(fault), "; ", *evidence->loss));
}

Result<Scan::Step> Scan::take(const Frame& frame, Frame& record) {
  // All frames of a batch tell the same durable position, and the next batch a later one.
  if (frame.durable != batch_durable_ || offset_ == segment_header_size) batch_ = offset_;
  batch_durable_ = frame.durable;
  ends_in_record_ = frame.kind == FrameKind::decision;
  if (frame.kind == FrameKind::seal) return next_segment(frame);

  const Standing standing = acceptance_.offer(frame);
  if (standing != Standing::counts) return damaged(concat("the frame here ", describe(standing)));
  const std::uint64_t begin = std::exchange(offset_, offset_ + frame.size());
  if (frame.kind == FrameKind::log_seal) return check_end();
  if (frame.kind != FrameKind::decision) return Step::again;
  record_offset_ = begin;
  if (auto checked = check_witness(); !checked) return std::unexpected(checked.error());
  record = frame;
  return Step::record;
}

Result<Scan::Step> Scan::next_segment(const Frame& seal) {
  const Position first = segment_->header().first;
  if (!seals(seal, first, state())) return damaged("the seal does not fit the records before it");
  if (state().position < first) return damaged("a seal without a record before it");  // the next segment would be this one
  const auto list = list_segments(files_, directory_);
  if (!list) return std::unexpected(list.error());
  const auto behind = std::ranges::upper_bound(list->first, first);
  if (behind != list->first.end() && *behind <= state().position)
    return damaged(concat("another segment begins at position ", *behind, ", which this one holds too"));
  auto next = open_segment(state().position + 1);
  if (!next) return std::unexpected(next.error());
  sealed_ = *next == nullptr;
  if (sealed_) return Step::end;

  // The seal was durable before the next segment was made, and with it the end of this one.
  const auto size = segment_->size();
  if (!size) return std::unexpected(size.error());
  if (*size != offset_ + seal_size) return damaged("the segment goes on behind its seal");
  if (auto checked = check_header(**next); !checked) return std::unexpected(checked.error());
  segment_ = std::move(*next);
  offset_ = batch_ = segment_header_size;
  looked_at_ = 0;
  ends_in_record_ = false;
  return Step::again;
}

// A writer sealed the log when it had cut off whatever was torn: behind its seal there is room, and nothing else.
Result<Scan::Step> Scan::check_end() {
  if (witness_.position == last_place(state()) && witness_.hash != state().head)
    return damaged("the witness knows another record before the seal of the log");
  const auto list = list_segments(files_, directory_);
  if (!list) return std::unexpected(list.error());
  if (list->first.back() > segment_->header().first) return damaged("a segment follows the seal of the log");
  const auto remains = segment_->remains(offset_, state().position + 1);
  if (!remains) return std::unexpected(remains.error());
  if (!remains->only_zeros) return damaged("the log goes on behind its seal");
  return Step::end;
}

Result<void> Scan::check_header(const SegmentReader& segment) const {
  const LogState& before = segment.header().before;
  if (before == state()) return {};
  return log_damaged(state().position + 1, segment.path(), 0,
                     before.history != state().history ? "this segment belongs to another history"
                                                       : "this segment does not follow the one before it");
}

Result<void> Scan::check_witness() const {
  if (witness_.position != state().position || state().position == 0) return {};
  if (witness_.history == state().history && witness_.hash == state().head) return {};
  return log_damaged(state().position, segment_->path(), record_offset_, "the witness knows another record here");
}

std::unexpected<Error> Scan::damaged(std::string_view why) const {
  return log_damaged(state().position + 1, segment_->path(), offset_, why);
}

}  // namespace kring
