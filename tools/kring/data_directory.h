// A data directory: where its parts lie, and how they are opened for writing and for reading.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "engine/runtime/engine.h"
#include "events/filesystem/filesystem.h"
#include "events/log/event_log.h"
#include "events/privacy/keyring.h"
#include "events/privacy/shared_keyring.h"
#include "projections/model_keeper.h"
#include "projections/store/database.h"
#include "tools/kring/options.h"

namespace kring::cli {

std::string log_path(const Options& options);
std::string models_path(const Options& options);
std::string command_ids_path(const Options& options);

// The key store of the log, and the files outside of the data directory that kring.toml names.
Result<KeyringPaths> key_paths(const Options& options);
// The same for whoever may have to make them.
Result<KeyringPaths> key_paths_to_write(const Options& options);

// For reading. Where this user may not read the keys: names show as null, and standard error says why.
Result<std::unique_ptr<Opener>> open_opener(const Options& options, LogReader& log);

// Error where there is no log yet: it says how to make one.
Result<std::unique_ptr<LogReader>> open_log_for_reading(const Options& options);

// The same without looking whether there is one.
Result<std::unique_ptr<LogReader>> log_for_reading(const Options& options);

// For writing; nothing is opened or claimed yet. `wait`: for the writer that has an embedded log. `known`: a record that the
// directory knows to be in it; a log on Kafka without it is refused. `history`: what an empty log gets; zeros: a random one.
Result<std::unique_ptr<EventLog>> log_for_writing(const Options& options, std::chrono::milliseconds wait, const Bookmark& known, const HistoryId& history = {});

// A directory has one writer. With an embedded log the log's lock says so; where the log is on Kafka, which has none, this one.
Result<std::unique_ptr<FileLock>> lock_directory(const Options& options, std::chrono::milliseconds wait);
std::string node_lock_path(const Options& options);
// A directory has one node.
Result<std::unique_ptr<FileLock>> lock_for_node(const Options& options);

// What an engine stands on beside the log: keys, the index of command ids, snapshots, and what was folded from the log.
struct EngineParts {
  std::unique_ptr<Sealer> sealer;
  SharedKeyring* shared = nullptr;  // the same, where keys are shared
  std::unique_ptr<CommandIndex> index;
  std::unique_ptr<SnapshotStore> snapshots;

  // `fresh`: the log is empty, so keys may be made. The caller has the lock of the directory.
  static Result<EngineParts> open(const Options& options, const HistoryId& history, bool fresh);

  // Where the directory shares its keys with others (Kafka). While it follows: brings them up to the log's end, `log` being a
  // reader for nothing else, which reads on from where it stopped. Once the log is claimed, and before an engine starts: makes the sealer the writer's.
  Result<void> follow_keys(LogReader& log);
  Result<void> lead(EventLog& log);
  Replica replica() const { return {*index, *sealer, snapshots.get()}; }
};

// The directory open for writing: one process at a time. Makes the directory where there is none.
class Writer {
 public:
  static Result<std::unique_ptr<Writer>> open(const Options& options);
  ~Writer();

  Engine& engine() { return *engine_; }
  const Sealer& sealer() const { return *parts_.sealer; }
  // Answers what is queued and brings the read models to the end, with a bar where that takes long. What is accepted
  // stays so, whatever this returns.
  Result<void> close();

 private:
  Writer() = default;
  Result<void> open_models(const Options& options);  // once

  std::unique_ptr<FileLock> lock_;  // where the log has none of its own: on Kafka
  std::unique_ptr<EventLog> log_;
  EngineParts parts_;
  std::unique_ptr<projections::Database> database_;
  std::unique_ptr<projections::ModelKeeper> keeper_;
  std::unique_ptr<Engine> engine_;
};

// The read models at the log's end as it was when this was called, or later. Where no writer is at work and they lag
// behind, they are brought up first; beside a writer this waits for it, 10 seconds at most.
struct Reading {
  std::unique_ptr<projections::Database> database;
  std::unique_ptr<Opener> opener;
  Position head = 0;  // that all models have reached
};
Result<Reading> open_for_reading(const Options& options);

// The writer's lock, without an engine: for rebuild and verify. On Kafka this is the directory's; nothing is claimed.
struct Exclusive {
  std::unique_ptr<FileLock> lock;
  std::unique_ptr<LogReader> log;
  std::unique_ptr<projections::Database> database;
  Position tail = 0;

  // Brings the read models to the log's end, with a bar where that takes long.
  Result<Position> catch_up();
};
Result<Exclusive> open_exclusively(const Options& options, std::chrono::milliseconds wait,
                                   projections::IfDamaged if_damaged = projections::IfDamaged::remake);

}  // namespace kring::cli
