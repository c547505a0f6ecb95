#include "events/filesystem/faulty_filesystem.h"

#include <algorithm>
#include <utility>

#include "events/base/check.h"
#include "events/base/text.h"

namespace kring {
namespace {

std::unexpected<Error> missing(const std::string& path) {
  return fail(ErrorKind::not_found, "file_not_found", concat("no file ", path));
}

}  // namespace

// ---- open files and locks ----

class FaultyFileSystem::Lock final : public FileLock {
 public:
  Lock(FaultyFileSystem& files, std::string path) : files_(files), path_(std::move(path)), generation_(files.generation_) {}
  ~Lock() override {
    std::lock_guard guard(files_.mutex_);
    if (generation_ == files_.generation_) files_.locked_.erase(path_);
  }

 private:
  FaultyFileSystem& files_;
  const std::string path_;
  const std::uint64_t generation_;
};

class FaultyFileSystem::OpenFile final : public File {
 public:
  OpenFile(FaultyFileSystem& files, std::shared_ptr<CachedFile> node, std::string path)
      : files_(files), node_(std::move(node)), path_(std::move(path)), generation_(files.generation_) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    std::lock_guard guard(files_.mutex_);
    if (is_dead() || files_.fate_of(Operation::read, path_, false) != Fate::done) return files_.refused("read", path_);
    return offset < node_->bytes().size() ? node_->bytes().copy(into.data(), into.size(), offset) : 0;
  }

  Result<void> write_at(std::uint64_t offset, BytesView bytes) override {
    std::lock_guard guard(files_.mutex_);
    if (is_dead()) return files_.refused("write", path_);
    const Fate fate = files_.fate_of(Operation::write, path_, true);
    std::uint64_t length = fate == Fate::done ? bytes.size() : files_.dice_.below(bytes.size() + 1);
    const bool full = !has_room(offset + bytes.size());
    if (full) length = std::min<std::uint64_t>(length, node_->bytes().size() > offset ? node_->bytes().size() - offset : 0);
    node_->write(offset, bytes.substr(0, length));
    return outcome(full ? std::max(fate, Fate::fails) : fate, "write");
  }

  Result<void> truncate(std::uint64_t size) override { return change_size(size, "truncate"); }

  Result<void> allocate(std::uint64_t size) override {
    {
      std::lock_guard guard(files_.mutex_);
      if (!is_dead() && node_->bytes().size() >= size) return {};
    }
    return change_size(size, "allocate room for");
  }

  Result<std::uint64_t> size() override {
    std::lock_guard guard(files_.mutex_);
    if (is_dead()) return files_.refused("look at", path_);
    return node_->bytes().size();
  }

  Result<void> sync_data() override {
    if (files_.before_sync_ && !files_.is_spared(path_)) files_.before_sync_(path_);
    std::lock_guard guard(files_.mutex_);
    if (is_dead()) return files_.refused("sync", path_);
    const Fate fate = files_.fate_of(Operation::sync, path_, true);
    if (fate == Fate::done) node_->sync();
    if (fate == Fate::fails) node_->sync_in_part(files_.dice_);
    return outcome(fate, "sync");
  }

 private:
  bool is_dead() const { return files_.stopped_ || generation_ != files_.generation_; }

  bool has_room(std::uint64_t end) const {
    if (!files_.room_ || files_.is_spared(path_) || end <= node_->bytes().size()) return true;
    if (files_.used() + (end - node_->bytes().size()) <= *files_.room_) return true;
    files_.failed_ = true;
    return false;
  }

  Result<void> change_size(std::uint64_t size, std::string_view what) {
    std::lock_guard guard(files_.mutex_);
    if (is_dead()) return files_.refused(what, path_);
    Fate fate = files_.fate_of(Operation::write, path_, true);
    if (!has_room(size)) fate = std::max(fate, Fate::fails);
    if (fate == Fate::done) node_->resize(size);
    return outcome(fate, what);
  }

  Result<void> outcome(Fate fate, std::string_view what) {
    if (fate == Fate::done) return {};
    if (fate == Fate::stops) files_.stop_now(files_.stopping_loss_);
    return files_.refused(what, path_);
  }

  FaultyFileSystem& files_;
  const std::shared_ptr<CachedFile> node_;
  const std::string path_;
  const std::uint64_t generation_;
};

// ---- what goes wrong ----

void FaultyFileSystem::fail_at(Operation operation, std::uint64_t number) {
  std::lock_guard guard(mutex_);
  failing_[static_cast<std::size_t>(operation)] = number;
}

void FaultyFileSystem::stop_at(Loss loss, std::uint64_t number) {
  std::lock_guard guard(mutex_);
  stopping_ = number;
  stopping_loss_ = loss;
}

void FaultyFileSystem::limit_room(std::optional<std::uint64_t> bytes) {
  std::lock_guard guard(mutex_);
  room_ = bytes;
}

void FaultyFileSystem::spare(std::string prefix) {
  std::lock_guard guard(mutex_);
  spared_.push_back(std::move(prefix));
}

void FaultyFileSystem::before_sync(std::function<void(const std::string&)> look) { before_sync_ = std::move(look); }

void FaultyFileSystem::flip(const std::string& path, std::uint64_t offset, unsigned bit) {
  std::lock_guard guard(mutex_);
  names_.at(path)->flip(offset, bit);
}

void FaultyFileSystem::stop(Loss loss) {
  std::lock_guard guard(mutex_);
  stop_now(loss);
}

void FaultyFileSystem::stop_now(Loss loss) {
  if (!stopped_) stopped_ = loss;
}

bool FaultyFileSystem::running() const {
  std::lock_guard guard(mutex_);
  return !stopped_;
}

void FaultyFileSystem::start() {
  std::lock_guard guard(mutex_);
  ++generation_;
  locked_.clear();
  if (stopped_ == Loss::power) {
    std::set<std::string> touched;
    for (const Change& change : pending_) touched.insert(change.directory);
    for (const std::string& directory : touched) {
      Dice dice(seed_ ^ generation_ << 32 ^ crc32c(directory));
      const auto all = static_cast<std::uint64_t>(std::ranges::count(pending_, directory, &Change::directory));
      sync_names(directory, dice.below(all + 1));
    }
    pending_.clear();
    names_ = durable_names_;
    for (const auto& [path, node] : names_) {
      // Each file has dice of its own, so that what happens to one says nothing about another.
      Dice dice(seed_ ^ generation_ << 32 ^ crc32c(path));
      node->lose_power(dice);
    }
  }
  stopped_.reset();
  failing_ = {};
  stopping_.reset();
  room_.reset();
  failed_ = false;
}

bool FaultyFileSystem::is_spared(const std::string& path) const {
  return std::ranges::any_of(spared_, [&](const std::string& prefix) { return path.starts_with(prefix); });
}

FaultyFileSystem::Fate FaultyFileSystem::fate_of(std::optional<Operation> operation, const std::string& path, bool changes) {
  if (is_spared(path)) return Fate::done;
  Fate fate = Fate::done;
  const auto due = [](std::optional<std::uint64_t>& number) {
    if (!number) return false;
    if (*number > 0) {
      --*number;
      return false;
    }
    number.reset();
    return true;
  };
  if (operation && due(failing_[static_cast<std::size_t>(*operation)])) {
    fate = Fate::fails;
    failed_ = true;
  }
  if (!changes) return fate;
  ++changes_;
  return due(stopping_) ? Fate::stops : fate;
}

std::unexpected<Error> FaultyFileSystem::refused(std::string_view what, const std::string& path) const {
  return fail(ErrorKind::io, "io", concat("cannot ", what, " ", path, stopped_ ? ": everything has stopped" : ": it fails on purpose"));
}

// ---- names ----

void FaultyFileSystem::apply(Names& names, const Change& change) {
  if (!change.removed.empty()) names.erase(change.removed);
  if (!change.added.empty()) names[change.added] = change.node;
}

void FaultyFileSystem::note(Change change) {
  apply(names_, change);
  pending_.push_back(std::move(change));
}

// Makes the first `count` changes of the directory durable.
void FaultyFileSystem::sync_names(const std::string& directory, std::size_t count) {
  std::erase_if(pending_, [&](const Change& change) {
    if (change.directory != directory || count == 0) return false;
    --count;
    apply(durable_names_, change);
    return true;
  });
}

std::uint64_t FaultyFileSystem::used() const {
  std::uint64_t bytes = 0;
  for (const auto& [path, node] : names_)
    if (!is_spared(path)) bytes += node->bytes().size();
  return bytes;
}

// The file of that name, new where there is none.
std::shared_ptr<CachedFile> FaultyFileSystem::made(const std::string& path) {
  if (const auto found = names_.find(path); found != names_.end()) return found->second;
  auto node = std::make_shared<CachedFile>();
  note({directory_of(path), "", path, node});
  return node;
}

Result<std::unique_ptr<File>> FaultyFileSystem::open(const std::string& path, OpenMode mode) {
  std::lock_guard guard(mutex_);
  if (stopped_) return refused("open", path);
  const bool creates = mode == OpenMode::create || mode == OpenMode::create_secret;
  if (!creates && !names_.contains(path)) return missing(path);
  const Fate fate = fate_of(Operation::open, path, creates);
  if (fate == Fate::fails) return refused("open", path);
  const auto node = made(path);
  if (creates) node->resize(0);
  if (fate == Fate::stops) {
    stop_now(stopping_loss_);
    return refused("open", path);
  }
  return std::make_unique<OpenFile>(*this, node, path);
}

Result<std::vector<std::string>> FaultyFileSystem::list(const std::string& directory) {
  std::lock_guard guard(mutex_);
  if (stopped_) return refused("list", directory);
  std::set<std::string> found;
  const std::string prefix = directory + "/";
  const auto add = [&](const std::string& path) {
    if (path.starts_with(prefix)) found.insert(path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size()));
  };
  for (const auto& [path, node] : names_) add(path);
  for (const std::string& path : directories_) add(path);
  if (found.empty() && !directories_.contains(directory)) return missing(directory);
  return std::vector<std::string>(found.begin(), found.end());
}

Result<void> FaultyFileSystem::rename(const std::string& from, const std::string& to) {
  std::lock_guard guard(mutex_);
  if (stopped_) return refused("rename", from);
  const auto found = names_.find(from);
  if (found == names_.end()) return missing(from);
  return change_names(Operation::rename, "rename", {directory_of(to), from, to, found->second});
}

Result<void> FaultyFileSystem::remove(const std::string& path) {
  std::lock_guard guard(mutex_);
  if (stopped_) return refused("remove", path);
  if (!names_.contains(path)) return missing(path);
  return change_names(Operation::remove, "remove", {directory_of(path), path, "", nullptr});
}

// Where everything stops at this operation it may have come to the disk's cache or not.
Result<void> FaultyFileSystem::change_names(Operation operation, const char* what, Change change) {
  const std::string path = change.removed;
  const Fate fate = fate_of(operation, path, true);
  if (fate == Fate::done || (fate == Fate::stops && dice_.chance(50))) note(std::move(change));
  if (fate == Fate::stops) stop_now(stopping_loss_);
  if (fate != Fate::done) return refused(what, path);
  return {};
}

Result<void> FaultyFileSystem::make_directory(const std::string& path) {
  std::lock_guard guard(mutex_);
  if (stopped_) return refused("make directory", path);
  for (auto end = path.find('/', 1);; end = path.find('/', end + 1)) {
    directories_.insert(path.substr(0, end));
    if (end == std::string::npos) return {};
  }
}

Result<void> FaultyFileSystem::sync_directory(const std::string& path) {
  std::lock_guard guard(mutex_);
  if (stopped_) return refused("sync", path);
  const Fate fate = fate_of(Operation::sync, path + "/", true);
  const auto all = static_cast<std::uint64_t>(std::ranges::count(pending_, path, &Change::directory));
  sync_names(path, fate == Fate::done ? all : dice_.below(all + 1));
  if (fate == Fate::stops) stop_now(stopping_loss_);
  if (fate != Fate::done) return refused("sync", path);
  return {};
}

Result<LockAttempt> FaultyFileSystem::try_lock(const std::string& path) {
  std::lock_guard guard(mutex_);
  if (stopped_) return refused("lock", path);
  made(path);
  if (!locked_.insert(path).second) return LockAttempt{nullptr, "4711"};
  return LockAttempt{std::make_unique<Lock>(*this, path), {}};
}

// ---- looking ----

std::vector<std::string> FaultyFileSystem::paths() const {
  std::lock_guard guard(mutex_);
  std::vector<std::string> all;
  for (const auto& [path, node] : names_) all.push_back(path);
  return all;
}

Bytes FaultyFileSystem::content(const std::string& path) const {
  std::lock_guard guard(mutex_);
  const auto found = names_.find(path);
  return found == names_.end() ? Bytes() : found->second->bytes();
}

void FaultyFileSystem::replace(const std::string& path, std::optional<Bytes> content) {
  std::lock_guard guard(mutex_);
  for (Names* names : {&names_, &durable_names_}) names->erase(path);
  if (!content) return;
  auto node = std::make_shared<CachedFile>();
  node->set(std::move(*content));
  for (Names* names : {&names_, &durable_names_}) names->emplace(path, node);
}

std::uint64_t FaultyFileSystem::changes() const {
  std::lock_guard guard(mutex_);
  return changes_;
}

bool FaultyFileSystem::has_failed() const {
  std::lock_guard guard(mutex_);
  return failed_;
}

bool FaultyFileSystem::is_directory(const std::string& path) const {
  std::lock_guard guard(mutex_);
  return directories_.contains(path);
}

bool FaultyFileSystem::exists(const std::string& path) const {
  std::lock_guard guard(mutex_);
  return directories_.contains(path) || names_.contains(path);
}

void FaultyFileSystem::remove_directory(const std::string& path) {
  std::lock_guard guard(mutex_);
  std::erase_if(directories_, [&](const std::string& directory) { return directory == path || directory.starts_with(path + "/"); });
}

}  // namespace kring
