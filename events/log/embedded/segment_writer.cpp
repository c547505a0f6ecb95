#include "events/log/embedded/segment_writer.h"

#include <algorithm>
#include <utility>

#include "events/base/check.h"
#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "events/log/embedded/segment.h"

namespace kring {

Result<void> SegmentWriter::resume(const RecoveredTail& tail) {
  if (tail.segment == 0 || tail.sealed) return {};
  auto file = files_.open(path_in(directory_, segment_name(tail.segment)), OpenMode::update);
  if (!file) return std::unexpected(file.error());
  const auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());
  file_ = std::move(*file);
  first_ = tail.segment;
  offset_ = tail.offset;
  allocated_ = *size;
  return {};
}

bool SegmentWriter::is_full(std::size_t size, Position tail) const {
  return tail >= first_ && offset_ + size + seal_size > segment_size_;
}

Result<void> SegmentWriter::seal(const LogState& end) {
  KRING_CHECK(file_ != nullptr);
  // First the room behind, then the seal: a reader never sees a sealed segment that goes on.
  if (auto done = file_->truncate(offset_); !done) return done;
  if (auto done = file_->write_at(offset_, encode_seal(first_, end)); !done) return done;
  if (auto done = file_->sync_data(); !done) return done;
  file_ = nullptr;
  return {};
}

Result<void> SegmentWriter::create(const LogState& before) {
  KRING_CHECK(file_ == nullptr);
  const std::string path = path_in(directory_, segment_name(before.position + 1));
  const std::string unfinished = concat(path, ".new");
  auto file = files_.open(unfinished, OpenMode::create);
  if (!file) return std::unexpected(file.error());
  if (auto done = (*file)->write_at(0, encode_segment_header(before)); !done) return done;
  if (auto done = (*file)->sync_data(); !done) return done;
  if (auto done = files_.rename(unfinished, path); !done) return done;
  if (!KRING_MISTAKE(unsynced_directory))
    if (auto done = files_.sync_directory(directory_); !done) return done;
  file_ = std::move(*file);
  first_ = before.position + 1;
  offset_ = allocated_ = segment_header_size;
  return {};
}

Result<std::uint64_t> SegmentWriter::append(BytesView frames) {
  KRING_CHECK(file_ != nullptr);
  const std::uint64_t end = offset_ + frames.size();
  if (end > allocated_) {
    // Room made ahead spares most syncs the new size of the file; a full disk shows here, before anything is written.
    const std::uint64_t step = std::min(allocation_step, segment_size_);
    const std::uint64_t wanted = (end + step - 1) / step * step;
    if (auto done = file_->allocate(wanted); !done) return std::unexpected(done.error());
    allocated_ = wanted;
  }
  if (auto done = file_->write_at(offset_, frames); !done) return std::unexpected(done.error());
  if (KRING_MISTAKE(answer_before_sync)) return std::exchange(offset_, end);
  if (auto done = file_->sync_data(); !done) return std::unexpected(done.error());
  return std::exchange(offset_, end);
}

}  // namespace kring
