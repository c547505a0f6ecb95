// A disk in memory that fails on purpose, from a seed: for tests and the simulator. The program that people run does not
// link it.
//
// What it models. Files are pages of 4 KiB in a cache; sync_data makes the pages and the size of one file durable, and
// sync_directory the names in one directory. When the power goes, of every page that was not synced the old content
// survives, or the new one, or a part of each, torn at any byte; of an unsynced size the old one, the new one, or one in
// between. Names that were made, renamed or removed since their directory was synced survive in the order in which that
// happened, up to some point. After a sync that failed the cache takes what it could not write for written, as Linux
// does: a later sync does not write it again. Not modelled: a disk that says that it has synced and has not, and names of
// directories themselves, which are durable at once.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "events/base/dice.h"
#include "events/filesystem/cached_file.h"
#include "events/filesystem/filesystem.h"

namespace kring {

// Thread-safe, as every file system is.
class FaultyFileSystem final : public FileSystem {
 public:
  enum class Operation : std::uint8_t { open, read, write, sync, rename, remove };  // sync: of files and directories
  enum class Loss : std::uint8_t { process, power };

  explicit FaultyFileSystem(std::uint64_t seed) : seed_(seed), dice_(seed) {}

  // ---- what goes wrong: set at any time, from then on counted from 0 ----

  // The operation with this number of its kind fails, once: a write with a part of it done, a sync with some pages on disk.
  void fail_at(Operation operation, std::uint64_t number);
  // At the change with this number (whatever would have to be synced, and syncs) everything stops, as by `stop`.
  void stop_at(Loss loss, std::uint64_t number);
  // Room for so many bytes in files; a write that needs more is done in part and fails.
  void limit_room(std::optional<std::uint64_t> bytes);
  // Operations on files whose paths begin so are never counted and do not fail: what several threads do at once would make
  // the numbers depend on chance. What is not synced is lost all the same.
  void spare(std::string prefix);
  // Called before each sync of a file that is not spared, on the thread that syncs: what others see then is in the cache only.
  void before_sync(std::function<void(const std::string& path)> look);
  // As if the medium had lost a bit. Precondition: the file has that byte.
  void flip(const std::string& path, std::uint64_t offset, unsigned bit);

  // From now on every operation fails, also those on files that are open, for ever: their process is gone.
  void stop(Loss loss);
  bool running() const;
  // The next process: with what has survived, all locks free, and nothing set to go wrong.
  void start();

  // ---- looking, which never fails ----
  std::vector<std::string> paths() const;  // of all files, sorted
  Bytes content(const std::string& path) const;
  void replace(const std::string& path, std::optional<Bytes> content);  // behind everybody's back; none: removes it
  std::uint64_t changes() const;  // since the beginning; spared ones not counted
  bool has_failed() const;        // something set by fail_at or limit_room has happened since the last start
  bool is_directory(const std::string& path) const;
  bool exists(const std::string& path) const;  // file or directory
  void remove_directory(const std::string& path);  // precondition: no file is in it

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> make_directory(const std::string& path) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<LockAttempt> try_lock(const std::string& path) override;

 private:
  class OpenFile;
  class Lock;

  using Names = std::map<std::string, std::shared_ptr<CachedFile>>;

  // A change of names, in the directory where it counts.
  struct Change {
    std::string directory, removed, added;  // either may be empty
    std::shared_ptr<CachedFile> node;             // of `added`
  };

  enum class Fate : std::uint8_t { done, fails, stops };

  bool is_spared(const std::string& path) const;
  Fate fate_of(std::optional<Operation> operation, const std::string& path, bool changes);
  void stop_now(Loss loss);
  void note(Change change);
  Result<void> change_names(Operation operation, const char* what, Change change);
  static void apply(Names& names, const Change& change);
  void sync_names(const std::string& directory, std::size_t count);
  std::uint64_t used() const;
  std::shared_ptr<CachedFile> made(const std::string& path);
  std::unexpected<Error> refused(std::string_view what, const std::string& path) const;

  mutable std::mutex mutex_;
  const std::uint64_t seed_;
  Dice dice_;
  Names names_, durable_names_;
  std::set<std::string> directories_, locked_;
  std::vector<Change> pending_;  // of names, not synced
  std::vector<std::string> spared_;
  std::function<void(const std::string&)> before_sync_;
  std::optional<Loss> stopped_;
  std::uint64_t generation_ = 0;  // of processes
  std::uint64_t changes_ = 0;
  std::array<std::optional<std::uint64_t>, 6> failing_;  // by operation: how many more until it fails
  std::optional<std::uint64_t> stopping_;
  Loss stopping_loss_ = Loss::power;
  std::optional<std::uint64_t> room_;
  bool failed_ = false;
};

}  // namespace kring
