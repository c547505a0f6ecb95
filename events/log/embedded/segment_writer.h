// Writes segment files: one batch at a time, each durable before the next begins.
#pragma once

#include <memory>
#include <string>

#include "events/log/embedded/recovery.h"

namespace kring {

inline constexpr std::uint64_t allocation_step = 4 << 20;  // bytes of room made ahead of the records

// One object belongs to one thread. After an error it must not be used again: what the disk holds is then unknown.
class SegmentWriter {
 public:
  SegmentWriter(FileSystem& files, std::string directory, std::uint64_t segment_size)
      : files_(files), directory_(std::move(directory)), segment_size_(segment_size) {}

  Result<void> resume(const RecoveredTail& tail);

  // Would `size` more bytes make the segment larger than it may be? An empty one takes a batch of any size.
  bool is_full(std::size_t size, Position tail) const;
  bool is_open() const { return file_ != nullptr; }

  // Seals the open segment. `end`: the log as it stands.
  Result<void> seal(const LogState& end);

  // Begins the segment for what follows `before`.
  Result<void> create(const LogState& before);

  // Writes frames behind the last ones, and returns when they are durable: at which offset the first one lies.
  Result<std::uint64_t> append(BytesView frames);

 private:
  FileSystem& files_;
  const std::string directory_;
  const std::uint64_t segment_size_;
  std::unique_ptr<File> file_;
  Position first_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t allocated_ = 0;
};

}  // namespace kring
