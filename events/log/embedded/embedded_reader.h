// Reading an embedded log: in order from a bookmark, or one record by its position.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "events/log/embedded/scan.h"
#include "events/log/event_log.h"

namespace kring {

// Finds a record by its position: hops over the frames of its segment, and remembers on the way where some of them lie.
class RecordFinder {
 public:
  RecordFinder(FileSystem& files, std::string directory) : files_(files), directory_(std::move(directory)) {}

  struct Found {
    Frame record;  // checksum verified; the body stays valid until the next call
    std::uint64_t offset = 0;
    SegmentReader* segment = nullptr;
  };
  // Errors: `not_found` beyond the end, `log_damaged`, `unsupported_format`, `io`.
  Result<Found> find(Position position);

  // The segment that holds `position` if any does; nullptr in an empty log.
  Result<SegmentReader*> segment_of(Position position);

 private:
  Result<Found> end_or_damage(Position missing, Position wanted, std::uint64_t offset, FrameFault fault,
                              const Witness& witness);

  FileSystem& files_;
  const std::string directory_;
  std::unique_ptr<SegmentReader> segment_;
  std::map<Position, std::uint64_t> sparse_;  // position to offset in its segment, the first one of each included
};

class EmbeddedReader final : public LogReader {
 public:
  EmbeddedReader(FileSystem& files, std::string directory);

  Result<HistoryId> history() override;
  Result<std::string> successor() override;
  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override;
  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override;

 private:
  Result<std::unique_ptr<Scan>> scan_from(const Bookmark& from);
  Result<std::unique_ptr<Scan>> newest_segment(const Witness& witness);
  Result<std::unique_ptr<Scan>> resume(const Bookmark& from, const Witness& witness);
  Result<std::uint64_t> locate(const Bookmark& from, SegmentReader& segment, Frame& record);

  FileSystem& files_;
  const std::string directory_;
  RecordFinder finder_;
  RecordHasher hasher_;
  std::unique_ptr<Scan> scan_;  // where the last read stopped: reading on from there needs no search
};

}  // namespace kring
