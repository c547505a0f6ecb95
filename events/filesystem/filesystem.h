// The file system port: all that the log, the keys and the ledger of erasures ask of a disk. Through this door tests put
// a file system that drops what was not synced, tears, flips and fills up: faulty_filesystem.h.
//
// Errors: kind `not_found`, code `file_not_found`, where a name does not exist; else kind `io`, code `io`. Messages
// name the path and what the system said. Interrupted calls and short writes are handled inside.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/error.h"

namespace kring {

// An open file. One object belongs to one thread. Closed when destroyed, without a sync.
class File {
 public:
  virtual ~File() = default;

  // Returns how many bytes were read: fewer than asked for only at the end of the file.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) = 0;
  virtual Result<void> write_at(std::uint64_t offset, BytesView bytes) = 0;  // grows the file where needed
  virtual Result<void> truncate(std::uint64_t size) = 0;
  virtual Result<void> allocate(std::uint64_t size) = 0;  // grows to `size` with zeros, room on disk included
  virtual Result<std::uint64_t> size() = 0;

  // Returns when data and size are durable. After an error nobody knows what is: don't try again.
  virtual Result<void> sync_data() = 0;
};

// Held until destroyed, or until the process ends in whatever way.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

struct LockAttempt {
  std::unique_ptr<FileLock> lock;  // none: somebody else holds it
  std::string owner;               // the process id of who holds it, in decimal; empty where it cannot be read
};

enum class OpenMode : std::uint8_t {
  read,    // an existing file
  update,  // an existing file, for reading and writing
  create,  // a new and empty file, for reading and writing; an existing one is emptied
  create_secret,  // the same, for its owner alone
};

// Thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
  virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;  // names, sorted
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;  // replaces `to`; not durable yet
  virtual Result<void> remove(const std::string& path) = 0;                         // not durable yet

  // With its parents, and durable; nothing happens where it exists.
  virtual Result<void> make_directory(const std::string& path) = 0;

  // Returns when the names in `path` are durable.
  virtual Result<void> sync_directory(const std::string& path) = 0;

  // Tries to lock the file, which is made where it does not exist, and leaves our process id in it. Advisory; two
  // attempts of one process exclude each other too.
  virtual Result<LockAttempt> try_lock(const std::string& path) = 0;
};

// The directory that a path lies in: that of "a" is ".", that of "/a" is "/".
std::string directory_of(const std::string& path);

// The existing file, for reading and writing; where there is none a new one, made in `mode` (create or create_secret), whose
// name is durable then.
Result<std::unique_ptr<File>> open_or_create(FileSystem& files, const std::string& path, OpenMode mode);

// All that is in the file.
Result<Bytes> read_whole(File& file);

// Makes these bytes the content of the file, durable when this returns; whatever fails or stops, it is the old one or the new
// one. It is written under the name with .new behind it, which is made in `mode` (create or create_secret).
Result<void> replace_file(FileSystem& files, const std::string& path, BytesView bytes, OpenMode mode);

// The file system of this machine.
FileSystem& posix_filesystem();

}  // namespace kring
