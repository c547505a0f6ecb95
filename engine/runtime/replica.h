// What a log's writer decides on, folded from that log: the states of all programmes, and the index of command ids. Whoever
// is not the writer may keep one warm, so as to take over at once (docs/kafka.md, nodes).
#pragma once

#include "engine/runtime/command_index.h"
#include "engine/runtime/snapshot_store.h"
#include "events/privacy/sealing.h"

namespace kring {

// Belongs to one thread. What is passed must outlive it; the sealer is told of each record, and is thread-safe.
class Replica {
 public:
  Replica(CommandIndex& index, Sealer& sealer, SnapshotStore* snapshots) : index_(&index), sealer_(&sealer), snapshots_(snapshots) {}

  // Reads on to the log's end; the first time from the newest snapshot on, of those with no more than `limit` records. An
  // index that does not belong to the log is emptied and filled again. After an error of the log (`log_unreachable`) it can
  // be called again; after any other one this object is of no more use.
  Result<void> follow(LogReader& log, Position limit = UINT64_MAX);

  const Bookmark& reached() const { return reached_; }
  const Snapshot& state() const { return state_; }

  // Does what follow() left for later, so that the next start has less to read: a snapshot, where it is time for one.
  Result<void> keep();

 private:
  friend class Engine;  // which takes it over, and advances it by what it decides itself

  Result<void> begin(LogReader& log, Position limit);
  Result<Bookmark> check_index(LogReader& log, Position limit);

  CommandIndex* index_;
  Sealer* sealer_;
  SnapshotStore* snapshots_;  // may be null
  bool begun_ = false;
  Snapshot state_;      // `at` is the snapshot's until the next one is taken
  Bookmark reached_;
  Bookmark indexed_;    // at the start: the index knows everything up to there
  Bookmark first_;      // at the start: where reading begins
  std::size_t bytes_ = 0;  // of records, since the last snapshot was thought of
};

}  // namespace kring
