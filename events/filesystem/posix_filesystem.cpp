#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "events/base/text.h"
#include "events/filesystem/filesystem.h"

namespace kring {
namespace {

std::unexpected<Error> system_error(std::string_view what, const std::string& path, int number) {
  std::string message = concat("cannot ", what, " ", path, ": ", std::generic_category().message(number));
  if (number == ENOENT) return fail(ErrorKind::not_found, "file_not_found", std::move(message));
  return fail(ErrorKind::io, "io", std::move(message));
}

// Calls until no signal interrupts.
template <class Call>
auto uninterrupted(Call call) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

class PosixFile final : public File {
 public:
  PosixFile(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t got = uninterrupted([&] {
        return ::pread(descriptor_.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      });
      if (got < 0) return system_error("read", path_, errno);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Result<void> write_at(std::uint64_t offset, BytesView bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = uninterrupted(
          [&] { return ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
      if (put < 0) return system_error("write", path_, errno);
      if (put == 0) return system_error("write", path_, EIO);
      bytes.remove_prefix(static_cast<std::size_t>(put));
      offset += static_cast<std::uint64_t>(put);
    }
    return {};
  }

  Result<void> truncate(std::uint64_t size) override {
    if (uninterrupted([&] { return ::ftruncate(descriptor_.get(), static_cast<off_t>(size)); }) != 0)
      return system_error("truncate", path_, errno);
    return {};
  }

  Result<void> allocate(std::uint64_t wanted) override {
    const auto now = size();
    if (!now) return std::unexpected(now.error());
    if (*now >= wanted) return {};
    if (uninterrupted([&] {
          return ::fallocate(descriptor_.get(), 0, static_cast<off_t>(*now), static_cast<off_t>(wanted - *now));
        }) == 0)
      return {};
    // A file system without preallocation still works: a full disk then shows later, at the write.
    if (errno == EOPNOTSUPP || errno == ENOSYS) return truncate(wanted);
    return system_error("allocate room for", path_, errno);
  }

  Result<std::uint64_t> size() override {
    struct stat status {};
    if (::fstat(descriptor_.get(), &status) != 0) return system_error("look at", path_, errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

  Result<void> sync_data() override {
    // Not even an interrupted one is tried again: what it wrote is unknown.
    if (::fdatasync(descriptor_.get()) != 0) return system_error("sync", path_, errno);
    return {};
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class PosixLock final : public FileLock {
 public:
  explicit PosixLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;  // closing it releases the lock
};

std::string read_owner(int descriptor) {
  char text[24];
  const ssize_t got = uninterrupted([&] { return ::pread(descriptor, text, sizeof text, 0); });
  std::string owner;
  for (ssize_t i = 0; i < got && text[i] >= '0' && text[i] <= '9'; ++i) owner += text[i];
  return owner;
}

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    const int flags = mode == OpenMode::read     ? O_RDONLY
                      : mode == OpenMode::update ? O_RDWR
                                                 : O_RDWR | O_CREAT | O_TRUNC;
    const mode_t permissions = mode == OpenMode::create_secret ? 0600 : 0640;
    Descriptor descriptor(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, permissions); }));
    if (descriptor.get() < 0) return system_error("open", path, errno);
    return std::make_unique<PosixFile>(std::move(descriptor), path);
  }

  Result<std::vector<std::string>> list(const std::string& directory) override {
    DIR* const stream = ::opendir(directory.c_str());
    if (stream == nullptr) return system_error("list", directory, errno);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
      errno = 0;
    }
    const int number = errno;
    ::closedir(stream);
    if (number != 0) return system_error("list", directory, number);
    std::ranges::sort(names);
    return names;
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_error("rename", from, errno);
    return {};
  }

  Result<void> remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return system_error("remove", path, errno);
    return {};
  }

  Result<void> make_directory(const std::string& path) override {
    std::filesystem::path built;
    for (const auto& part : std::filesystem::path(path)) {
      const std::string parent = built.empty() ? "." : built.string();
      built /= part;
      if (::mkdir(built.c_str(), 0750) == 0) {
        if (auto synced = sync_directory(parent); !synced) return synced;
      } else if (errno != EEXIST && errno != EISDIR) {
        return system_error("make directory", built.string(), errno);
      }
    }
    return {};
  }

  Result<void> sync_directory(const std::string& path) override {
    const Descriptor descriptor(
        uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (descriptor.get() < 0) return system_error("open", path, errno);
    if (::fsync(descriptor.get()) != 0) return system_error("sync", path, errno);
    return {};
  }

  Result<LockAttempt> try_lock(const std::string& path) override {
    Descriptor descriptor(uninterrupted([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640); }));
    if (descriptor.get() < 0) return system_error("open", path, errno);
    if (uninterrupted([&] { return ::flock(descriptor.get(), LOCK_EX | LOCK_NB); }) != 0) {
      if (errno == EWOULDBLOCK) return LockAttempt{nullptr, read_owner(descriptor.get())};
      return system_error("lock", path, errno);
    }
    const std::string pid = concat(::getpid(), "\n");
    if (::ftruncate(descriptor.get(), 0) != 0 ||
        ::pwrite(descriptor.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
      return system_error("write", path, errno);
    return LockAttempt{std::make_unique<PosixLock>(std::move(descriptor)), {}};
  }
};

}  // namespace

FileSystem& posix_filesystem() {
  static PosixFileSystem files;
  return files;
}

}  // namespace kring
