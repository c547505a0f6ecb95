#include "events/log/embedded/embedded_reader.h"

#include <algorithm>
#include <utility>

#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "events/log/log_errors.h"

namespace kring {
namespace {

constexpr std::uint64_t sparse_step = 64 << 10;  // bytes between two remembered places

}  // namespace

Result<SegmentReader*> RecordFinder::segment_of(Position position) {
  const auto list = list_segments(files_, directory_);
  if (!list) return std::unexpected(list.error());
  const auto behind = std::ranges::upper_bound(list->first, position);
  if (behind == list->first.begin()) {
    if (list->first.empty()) return nullptr;
    return log_damaged(position, path_in(directory_, segment_name(1)), 0,
                       concat("this segment is missing, but one begins at position ", list->first.front()));
  }
  const Position first = *std::prev(behind);
  if (!segment_ || segment_->header().first != first) {
    auto segment = SegmentReader::open(files_, directory_, first);
    if (!segment) return std::unexpected(segment.error());
    segment_ = std::move(*segment);
    sparse_.emplace(first, segment_header_size);
  }
  return segment_.get();
}

Result<RecordFinder::Found> RecordFinder::find(Position position) {
  if (position == 0) return beyond_end(position);
  const auto witness = read_witness(files_, directory_);
  if (!witness) return std::unexpected(witness.error());
  const auto segment = segment_of(position);
  if (!segment) return std::unexpected(segment.error());
  if (*segment == nullptr) {
    if (witness->position < position) return beyond_end(position);
    return log_damaged(position, directory_, 0, "there are no segments, but the witness knows this position");
  }
  segment_->forget();
  const auto nearest = std::prev(sparse_.upper_bound(position));
  Position next = nearest->first;
  std::uint64_t offset = nearest->second;
  std::uint64_t remembered = offset;
  for (;;) {
    Frame frame;
    auto fault = segment_->frame(offset, frame);
    if (fault && *fault != FrameFault::none) fault = segment_->fresh_frame(offset, frame);
    if (!fault) return std::unexpected(fault.error());
    if (*fault == FrameFault::none && frame.kind == FrameKind::log_seal) return beyond_end(position);
    if (*fault != FrameFault::none || frame.kind == FrameKind::seal)
      return end_or_damage(next, position, offset, *fault, *witness);
    if (frame.kind == FrameKind::decision) {
      if (frame.position != next)
        return log_damaged(next, segment_->path(), offset, concat("the record here has position ", frame.position));
      if (offset >= remembered + sparse_step) sparse_.emplace(next, remembered = offset);
      if (next == position) return Found{frame, offset, segment_.get()};
      ++next;
    }
    offset += frame.size();
  }
}

Result<RecordFinder::Found> RecordFinder::end_or_damage(Position missing, Position wanted, std::uint64_t offset,
                                                        FrameFault fault, const Witness& witness) {
  if (fault == FrameFault::unsupported) return unsupported_format(segment_->path(), offset);
  auto evidence = find_evidence(files_, directory_, witness, *segment_, offset, missing, fault != FrameFault::none);
  if (!evidence) return std::unexpected(evidence.error());
  if (!evidence->loss) return beyond_end(wanted);
  // As in Scan: the writer may have been at work between the two looks.
  Frame frame;
  const auto again = segment_->fresh_frame(offset, frame);
  if (!again) return std::unexpected(again.error());
  if (*again == FrameFault::none) {
    const auto list = list_segments(files_, directory_);
    if (!list) return std::unexpected(list.error());
    const bool elsewhere = !list->first.empty() && segment_->header().first != list->first.back() && segment_->header().first != missing;
    if (frame.kind != FrameKind::seal || (elsewhere && std::ranges::binary_search(list->first, missing)))
      return find(wanted);
  }
  return log_damaged(missing, segment_->path(), offset, concat(describe(fault), "; ", *evidence->loss));
}

EmbeddedReader::EmbeddedReader(FileSystem& files, std::string directory)
    : files_(files), directory_(directory), finder_(files, std::move(directory)) {}

Result<HistoryId> EmbeddedReader::history() {
  const auto segment = finder_.segment_of(1);
  if (!segment) return std::unexpected(segment.error());
  return *segment == nullptr ? HistoryId{} : (*segment)->header().before.history;
}

// The end of the log tells: reached from where the last read stopped, else through the newest segment.
Result<std::string> EmbeddedReader::successor() {
  const auto witness = read_witness(files_, directory_);
  if (!witness) return std::unexpected(witness.error());
  auto begun = scan_ ? Result<std::unique_ptr<Scan>>(std::move(scan_)) : newest_segment(*witness);
  if (!begun) return std::unexpected(begun.error());
  std::unique_ptr<Scan> scan = std::move(*begun);
  scan->refresh(*witness);
  Frame record;
  for (;;) {
    const auto more = scan->next(record);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  std::string successor = scan->state().successor;
  if (scan->segment() != nullptr) scan_ = std::move(scan);
  return successor;
}

Result<std::unique_ptr<Scan>> EmbeddedReader::newest_segment(const Witness& witness) {
  const auto list = list_segments(files_, directory_);
  if (!list) return std::unexpected(list.error());
  auto scan = std::make_unique<Scan>(files_, directory_);
  scan->refresh(witness);
  if (auto started = scan->start_of(list->first.empty() ? 1 : list->first.back()); !started)
    return std::unexpected(started.error());
  return scan;
}

Result<Bookmark> EmbeddedReader::read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) {
  // Out of its place for the duration, so that a visitor may read through the same object.
  auto begun = scan_from(from);
  if (!begun) return std::unexpected(begun.error());
  std::unique_ptr<Scan> scan = std::move(*begun);
  Frame record;
  for (;;) {
    const auto more = scan->next(record);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    const Bookmark here = scan->reached();
    if (!visit(LogEntry{record.position, record.recorded_at, record.previous, record.hash, record.body, here})) break;
  }
  const Bookmark reached = scan->reached();
  if (scan->segment() != nullptr) scan_ = std::move(scan);
  return reached;
}

Result<std::unique_ptr<Scan>> EmbeddedReader::scan_from(const Bookmark& from) {
  const auto witness = read_witness(files_, directory_);
  if (!witness) return std::unexpected(witness.error());
  if (scan_ && scan_->state().position == from.position && scan_->state().head == from.hash) {
    scan_->refresh(*witness);
    return std::move(scan_);
  }
  if (from.position > 0) return resume(from, *witness);
  auto scan = std::make_unique<Scan>(files_, directory_);
  scan->refresh(*witness);
  if (auto started = scan->start_of(1); !started) return std::unexpected(started.error());
  return scan;
}

Result<std::unique_ptr<Scan>> EmbeddedReader::resume(const Bookmark& from, const Witness& witness) {
  const auto holder = finder_.segment_of(from.position);
  if (!holder) return std::unexpected(holder.error());
  if (*holder == nullptr) return log_replaced(from);
  auto segment = SegmentReader::open(files_, directory_, (*holder)->header().first);
  if (!segment) return std::unexpected(segment.error());
  Frame record;
  const auto offset = locate(from, **segment, record);
  if (!offset) return std::unexpected(offset.error());
  auto scan = std::make_unique<Scan>(files_, directory_);
  scan->refresh(witness);
  scan->after_record(std::move(*segment), record, *offset);
  return scan;
}

Result<std::uint64_t> EmbeddedReader::locate(const Bookmark& from, SegmentReader& segment, Frame& record) {
  const auto is_it = [&](std::uint64_t offset) -> Result<bool> {
    const auto fault = segment.frame(offset, record);
    if (!fault) return std::unexpected(fault.error());
    return *fault == FrameFault::none && record.kind == FrameKind::decision && record.position == from.position &&
           record.hash == from.hash;
  };
  if (from.locator >= segment_header_size) {
    const auto here = is_it(from.locator);
    if (!here) return std::unexpected(here.error());
    if (*here) return from.locator;
  }
  const auto found = finder_.find(from.position);
  if (!found) {
    if (found.error().kind == ErrorKind::not_found) return log_replaced(from);
    return std::unexpected(found.error());
  }
  const auto here = is_it(found->offset);
  if (!here) return std::unexpected(here.error());
  if (!*here) return log_replaced(from);
  return found->offset;
}

Result<void> EmbeddedReader::read_at(Position position, const std::function<void(const LogEntry&)>& visit) {
  const auto found = finder_.find(position);
  if (!found) return std::unexpected(found.error());
  const Frame& record = found->record;
  const HistoryId& history = found->segment->header().before.history;
  if (record.hash != hasher_(history, position, record.previous, record.recorded_at, record.body))
    return log_damaged(position, found->segment->path(), found->offset, describe(Standing::wrong_hash));
  visit(LogEntry{position, record.recorded_at, record.previous, record.hash, record.body,
                 Bookmark{position, record.hash, found->offset}});
  return {};
}

std::unique_ptr<LogReader> make_embedded_reader(std::string directory, FileSystem& files) {
  return std::make_unique<EmbeddedReader>(files, std::move(directory));
}

}  // namespace kring
