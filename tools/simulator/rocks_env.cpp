#include "tools/simulator/rocks_env.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <algorithm>
#include <mutex>

namespace kring::simulator {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus status_of(const Error& error) {
  if (error.kind == ErrorKind::not_found) return IOStatus::PathNotFound(error.message);
  return IOStatus::IOError(error.message);
}
template <class T>
IOStatus status_of(const Result<T>& result) {
  return result ? IOStatus::OK() : status_of(result.error());
}

// RocksDB writes a//b and a/ for a/b and a.
std::string plain(const std::string& path) {
  std::string out;
  for (const char c : path)
    if (c != '/' || !out.ends_with('/')) out += c;
  if (out.size() > 1 && out.ends_with('/')) out.pop_back();
  return out;
}

IOStatus read(File& file, std::uint64_t offset, std::size_t size, Slice* result, char* scratch) {
  auto got = file.read_at(offset, {scratch, size});
  *result = Slice(scratch, got ? *got : 0);
  return status_of(got);
}

class Sequential : public rocksdb::FSSequentialFile {
 public:
  explicit Sequential(std::unique_ptr<File> file) : file_(std::move(file)) {}
  IOStatus Read(std::size_t size, const IOOptions&, Slice* result, char* scratch, IODebugContext*) override {
    auto status = read(*file_, offset_, size, result, scratch);
    offset_ += result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t size) override {
    offset_ += size;
    return IOStatus::OK();
  }

 private:
  std::unique_ptr<File> file_;
  std::uint64_t offset_ = 0;
};

class RandomAccess : public rocksdb::FSRandomAccessFile {
 public:
  explicit RandomAccess(std::unique_ptr<File> file) : file_(std::move(file)) {}
  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions&, Slice* result, char* scratch, IODebugContext*) const override {
    return read(*file_, offset, size, result, scratch);
  }

 private:
  std::unique_ptr<File> file_;
};

class Writable : public rocksdb::FSWritableFile {
 public:
  explicit Writable(std::unique_ptr<File> file) : file_(std::move(file)) {}
  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    auto done = file_->write_at(size_, {data.data(), data.size()});
    if (done) size_ += data.size();
    return status_of(done);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions&, IODebugContext*) override {
    size_ = size;
    return status_of(file_->truncate(size));
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return status_of(file_->sync_data()); }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return size_; }

 private:
  std::unique_ptr<File> file_;
  std::uint64_t size_ = 0;
};

class Directory : public rocksdb::FSDirectory {
 public:
  Directory(kring::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return status_of(files_.sync_directory(path_)); }

 private:
  kring::FileSystem& files_;
  const std::string path_;
};

class DiskFileSystem : public rocksdb::FileSystem {
 public:
  explicit DiskFileSystem(FaultyFileSystem& files) : files_(files) {}
  const char* Name() const override { return "kring-simulated-disk"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&, std::unique_ptr<rocksdb::FSSequentialFile>* result, IODebugContext*) override {
    return open<Sequential>(path, OpenMode::read, result);
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&, std::unique_ptr<rocksdb::FSRandomAccessFile>* result, IODebugContext*) override {
    return open<RandomAccess>(path, OpenMode::read, result);
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions&, std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext*) override {
    return open<Writable>(path, OpenMode::create, result);
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions&, std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext*) override {
    *result = std::make_unique<Directory>(files_, plain(path));
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    return files_.exists(plain(path)) ? IOStatus::OK() : IOStatus::NotFound(path);
  }
  IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* result, IODebugContext*) override {
    if (!files_.is_directory(plain(path))) return IOStatus::PathNotFound(path);
    auto names = files_.list(plain(path));
    if (names) *result = std::move(*names);
    return status_of(names);
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override { return status_of(files_.remove(plain(path))); }
  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override { return status_of(files_.make_directory(plain(path))); }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions&, IODebugContext*) override { return status_of(files_.make_directory(plain(path))); }
  IOStatus DeleteDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    files_.remove_directory(plain(path));
    return IOStatus::OK();
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions&, std::uint64_t* size, IODebugContext*) override {
    auto file = files_.open(plain(path), OpenMode::read);
    if (!file) return status_of(file);
    auto known = (*file)->size();
    if (known) *size = *known;
    return status_of(known);
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, std::uint64_t* time, IODebugContext*) override {
    *time = 0;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&, IODebugContext*) override {
    return status_of(files_.rename(plain(from), plain(to)));
  }
  // The log's lock keeps other processes out.
  IOStatus LockFile(const std::string&, const IOOptions&, rocksdb::FileLock** lock, IODebugContext*) override {
    *lock = new rocksdb::FileLock;
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    delete lock;
    return IOStatus::OK();
  }
  IOStatus GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) override {
    path->assign(1, '/');
    return IOStatus::OK();
  }
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* absolute, IODebugContext*) override {
    *absolute = path;
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is, IODebugContext*) override {
    *is = files_.is_directory(plain(path));
    return IOStatus::OK();
  }

 private:
  template <class Opened, class Result>
  IOStatus open(const std::string& path, OpenMode mode, std::unique_ptr<Result>* result) {
    auto file = files_.open(plain(path), mode);
    if (file) *result = std::make_unique<Opened>(std::move(*file));
    return status_of(file);
  }

  FaultyFileSystem& files_;
};

class DiskEnv : public rocksdb::EnvWrapper {
 public:
  explicit DiskEnv(std::unique_ptr<rocksdb::Env> target) : EnvWrapper(std::move(target)) {}
  const char* Name() const override { return "kring-simulated-env"; }

  void SleepForMicroseconds(int) override {}  // before it tries again what failed; here no time passes by itself

  void Schedule(void (*function)(void*), void* argument, Priority priority, void* tag, void (*undo)(void*)) override {
    if (priority == HIGH) return EnvWrapper::Schedule(function, argument, priority, tag, undo);
    std::lock_guard lock(mutex_);
    parked_.push_back({argument, tag, undo, priority});
  }
  int UnSchedule(void* tag, Priority priority) override {
    if (priority == HIGH) return EnvWrapper::UnSchedule(tag, priority);
    std::lock_guard lock(mutex_);
    return static_cast<int>(std::erase_if(parked_, [&](const Parked& job) {
      if (job.tag != tag || job.priority != priority) return false;
      if (job.undo != nullptr) job.undo(job.argument);
      return true;
    }));
  }

 private:
  struct Parked {
    void* argument;
    void* tag;
    void (*undo)(void*);
    Priority priority;
  };
  std::mutex mutex_;
  std::vector<Parked> parked_;
};

}  // namespace

void EnvDeleter::operator()(rocksdb::Env* env) const { delete env; }

RocksEnv make_rocks_env(FaultyFileSystem& files) {
  return RocksEnv(new DiskEnv(rocksdb::NewCompositeEnv(std::make_shared<DiskFileSystem>(files))));
}

}  // namespace kring::simulator
