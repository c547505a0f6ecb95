// A file system in memory, for tests that open thousands of logs. Directories are names with a prefix; a copy of the
// object is a copy of the disk.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "events/filesystem/filesystem.h"

namespace kring::testing {

class MemoryFileSystem final : public FileSystem {
 public:
  std::map<std::string, std::shared_ptr<Bytes>> files;
  std::uint64_t syncs = 0;
  std::uint64_t writes_until_failure = UINT64_MAX;  // that write and all later ones fail
  std::uint64_t syncs_until_failure = UINT64_MAX;   // that sync fails, and no other

  // Another disk with the same content; locks are free.
  std::unique_ptr<MemoryFileSystem> copy() const {
    auto other = std::make_unique<MemoryFileSystem>();
    for (const auto& [path, bytes] : files) other->files[path] = std::make_shared<Bytes>(*bytes);
    return other;
  }

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    if (mode == OpenMode::create || mode == OpenMode::create_secret) files[path] = std::make_shared<Bytes>();
    const auto found = files.find(path);
    if (found == files.end()) return missing(path);
    return std::make_unique<Open>(*this, found->second);
  }

  Result<std::vector<std::string>> list(const std::string& directory) override {
    std::vector<std::string> names;
    for (const auto& [path, bytes] : files)
      if (path.starts_with(directory + "/")) names.push_back(path.substr(directory.size() + 1));
    return names;
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    const auto found = files.find(from);
    if (found == files.end()) return missing(from);
    files[to] = found->second;
    files.erase(from);
    return {};
  }

  Result<void> remove(const std::string& path) override {
    if (files.erase(path) == 0) return missing(path);
    return {};
  }

  Result<void> make_directory(const std::string&) override { return {}; }
  Result<void> sync_directory(const std::string&) override { return sync(); }

  Result<LockAttempt> try_lock(const std::string& path) override {
    if (!locked_.insert(path).second) return LockAttempt{nullptr, "4711"};
    return LockAttempt{std::make_unique<Lock>(*this, path), {}};
  }

 private:
  struct Lock final : FileLock {
    Lock(MemoryFileSystem& f, std::string p) : files(f), path(std::move(p)) {}
    ~Lock() override { files.locked_.erase(path); }
    MemoryFileSystem& files;
    const std::string path;
  };

  struct Open final : File {
    Open(MemoryFileSystem& f, std::shared_ptr<Bytes> b) : files(f), bytes(std::move(b)) {}

    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
      if (offset >= bytes->size()) return std::size_t{0};
      return bytes->copy(into.data(), into.size(), offset);
    }
    Result<void> write_at(std::uint64_t offset, BytesView data) override {
      if (files.writes_until_failure == 0) return fail(ErrorKind::io, "io", "the disk is full");
      --files.writes_until_failure;
      if (bytes->size() < offset + data.size()) bytes->resize(offset + data.size());
      std::ranges::copy(data, bytes->begin() + static_cast<std::ptrdiff_t>(offset));
      return {};
    }
    Result<void> truncate(std::uint64_t size) override {
      bytes->resize(size);
      return {};
    }
    Result<void> allocate(std::uint64_t size) override {
      if (bytes->size() < size) bytes->resize(size);
      return {};
    }
    Result<std::uint64_t> size() override { return bytes->size(); }
    Result<void> sync_data() override { return files.sync(); }

    MemoryFileSystem& files;
    const std::shared_ptr<Bytes> bytes;
  };

  Result<void> sync() {
    ++syncs;
    if (syncs_until_failure-- == 0) return fail(ErrorKind::io, "io", "the sync failed");
    return {};
  }

  static std::unexpected<Error> missing(const std::string& path) {
    return fail(ErrorKind::not_found, "file_not_found", "no file " + path);
  }

  std::set<std::string> locked_;
};

}  // namespace kring::testing
