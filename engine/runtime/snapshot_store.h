// The snapshots of one engine, as files in a directory of their own. Whatever is wrong with one, it is passed over: the
// log holds all that it held.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/runtime/snapshot.h"
#include "events/filesystem/filesystem.h"

namespace kring {

struct SnapshotOptions {
  std::string directory;                         // made by the first write
  Position every = 20'000;                       // records between two of them; more where they are large beside the log
  std::function<void(std::string_view)> notice;  // told in words for people what could not be written; may be empty
};

// One object belongs to one thread.
class SnapshotStore {
 public:
  explicit SnapshotStore(SnapshotOptions options, FileSystem& files = posix_filesystem()) : options_(std::move(options)), files_(files) {}

  // The newest one of this history that is whole, that holds no more than `limit` records, and whose last record the log
  // has. Errors are those of the log.
  Result<std::optional<Snapshot>> newest(LogReader& log, const HistoryId& history, Position limit);

  // Notes that so many bytes of records were appended, or read, up to `position`. True when it is time for a snapshot.
  bool due(Position position, std::size_t bytes);

  // Durable when this returns, unless the notice says that it failed. Older ones are thinned out: the further back, the
  // fewer, so that a fork of the history finds one not far before it.
  void write(const Snapshot& snapshot);

 private:
  Result<std::vector<Position>> list();
  Result<void> put(Position position, BytesView bytes);
  Result<void> thin_out(Position newest);

  const SnapshotOptions options_;
  FileSystem& files_;
  Position last_ = 0;           // the newest one that was read or written
  std::size_t size_ = 0;        // of that
  std::size_t log_bytes_ = 0;   // appended since then
};

}  // namespace kring
