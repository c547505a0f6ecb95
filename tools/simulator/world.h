// The machine that is made up: its disk, its clock, and the process that runs on it — all that the program opens for
// writing, in the order in which tools/kring opens it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "engine/runtime/engine.h"
#include "events/base/dice.h"
#include "events/filesystem/faulty_filesystem.h"
#include "projections/projector.h"
#include "tools/simulator/rocks_env.h"
#include "tools/simulator/trace.h"

namespace kring::simulator {

inline constexpr const char* log_directory = "data/log";
inline constexpr const char* snapshots_directory = "data/snapshots";
inline constexpr const char* keys_path = "data/keys";

// Used by one thread.
class World {
 public:
  World(std::uint64_t seed, Trace& trace);
  ~World();

  FaultyFileSystem& disk() { return disk_; }
  void pass(std::int64_t micros) { clock_ += micros; }

  // The next process opens everything. An error leaves nothing open.
  Result<void> start();
  // Closes everything, as the program does at its end; where the disk has stopped that fails in silence.
  void close();
  // The process is gone, and what it holds in memory with it; then the disk starts again.
  void lose(FaultyFileSystem::Loss loss);

  Engine& engine() { return *engine_; }
  const Sealer& sealer() const { return *sealer_; }
  projections::Database& database() { return *database_; }
  std::unique_ptr<LogReader> reader();
  Position head() const { return last_batch_.end; }

  // What no read model could do while nothing was set to fail.
  const std::optional<Error>& model_error() const { return model_error_; }

  // The records above this one have only themselves to prove that they were there.
  Result<Position> proven();

  // Wrapped keys that have been in the key store, by owner.
  const std::map<Token, std::set<Bytes>>& keys_seen() const { return keys_seen_; }

 private:
  Result<void> open_all();
  void follow(Position up_to);
  void look_at_keys();

  struct Batch {
    Position before = 0, end = 0;
  };

  Trace& trace_;
  Dice dice_;
  FaultyFileSystem disk_;
  RocksEnv env_;
  const std::uint64_t segment_size_;
  std::int64_t clock_ = 0;  // microseconds since the machine was made
  Batch last_batch_;        // the newest in the log
  std::optional<Error> model_error_;
  std::map<Token, std::set<Bytes>> keys_seen_;

  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<CommandIndex> index_;
  std::unique_ptr<projections::Database> database_;
  std::unique_ptr<LogReader> model_reader_;
  std::unique_ptr<projections::Projector> projector_;
  std::unique_ptr<SnapshotStore> snapshots_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace kring::simulator
