#include "engine/runtime/command_index.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <cstring>
#include <unordered_map>

#include "events/base/text.h"

namespace kring {
namespace {

constexpr std::string_view reached_key("\0reached", 8);  // no programme id starts with a zero byte
constexpr std::size_t bookmark_size = 8 + 32 + 8, command_size = 8 + 16;

std::string key_of(const ProgrammeId& programme, std::string_view id) { return concat(programme.text, '\0', id); }

template <class... Parts>
std::string join_bytes(const Parts&... parts) {
  std::string out;
  (out.append(reinterpret_cast<const char*>(&parts), sizeof(parts)), ...);
  return out;
}

std::string to_bytes(const Bookmark& b) { return join_bytes(b.position, b.hash, b.locator); }
std::string to_bytes(const IndexedCommand& c) { return join_bytes(c.position, c.digest); }

class SilentLogger : public rocksdb::Logger {  // Debian's build aborts in its own logger when the disk is full
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::Options options() {
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_cache = rocksdb::NewLRUCache(64 << 20);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = 16 << 20;
  options.info_log = std::make_shared<SilentLogger>();
  return options;
}

Error failed(const rocksdb::Status& status) {
  return {ErrorKind::io, "index_failed", "", "the index of command ids: " + status.ToString()};
}

class RocksIndex : public CommandIndex {
 public:
  explicit RocksIndex(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) { load_reached(); }

  ~RocksIndex() override { db_->Flush({}); }  // so that the next process has no write-ahead log to replay

  Result<std::optional<IndexedCommand>> find(const ProgrammeId& programme, std::string_view id) override {
    std::string key = key_of(programme, id);
    if (auto found = pending_.find(key); found != pending_.end()) return found->second;
    rocksdb::PinnableSlice value;
    auto status = db_->Get({}, db_->DefaultColumnFamily(), key, &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return std::unexpected(failed(status));
    if (value.size() != command_size) return std::unexpected(failed(rocksdb::Status::Corruption("a row of the wrong size")));
    IndexedCommand command;
    std::memcpy(&command.position, value.data(), 8);
    std::memcpy(command.digest.data(), value.data() + 8, 16);
    return command;
  }

  void add(const ProgrammeId& programme, std::string_view id, const IndexedCommand& command) override {
    std::string key = key_of(programme, id);
    batch_.Put(key, to_bytes(command));
    pending_[std::move(key)] = command;
  }

  Result<void> commit(const Bookmark& reached) override {
    batch_.Put(rocksdb::Slice(reached_key), to_bytes(reached));
    auto status = db_->Write({}, &batch_);
    if (!status.ok()) return std::unexpected(failed(status));
    batch_.Clear();
    pending_.clear();
    reached_ = reached;
    return {};
  }

  Bookmark reached() const override { return reached_; }

  Result<void> clear() override {
    rocksdb::Slice last("\xff");
    auto status = db_->DeleteRange({}, db_->DefaultColumnFamily(), rocksdb::Slice(""), last);
    if (!status.ok()) return std::unexpected(failed(status));
    reached_ = {};
    return {};
  }

 private:
  void load_reached() {
    std::string value;
    if (!db_->Get({}, rocksdb::Slice(reached_key), &value).ok() || value.size() != bookmark_size) return;
    std::memcpy(&reached_.position, value.data(), 8);
    std::memcpy(reached_.hash.data(), value.data() + 8, 32);
    std::memcpy(&reached_.locator, value.data() + 40, 8);
  }

  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::WriteBatch batch_;
  std::unordered_map<std::string, IndexedCommand> pending_;  // in batch_, not yet in db_
  Bookmark reached_;
};

class MemoryIndex : public CommandIndex {
 public:
  Result<std::optional<IndexedCommand>> find(const ProgrammeId& programme, std::string_view id) override {
    auto found = commands_.find(key_of(programme, id));
    return found == commands_.end() ? std::nullopt : std::optional(found->second);
  }
  void add(const ProgrammeId& programme, std::string_view id, const IndexedCommand& command) override {
    commands_[key_of(programme, id)] = command;
  }
  Result<void> commit(const Bookmark& reached) override {
    reached_ = reached;
    return {};
  }
  Bookmark reached() const override { return reached_; }
  Result<void> clear() override {
    commands_.clear();
    reached_ = {};
    return {};
  }

 private:
  std::unordered_map<std::string, IndexedCommand> commands_;
  Bookmark reached_;
};

}  // namespace

Result<std::unique_ptr<CommandIndex>> CommandIndex::open(const std::string& directory) {
  rocksdb::DB* db = nullptr;
  auto status = rocksdb::DB::Open(options(), directory, &db);
  if (status.IsCorruption() || status.IsInvalidArgument() || status.IsNotSupported()) {
    rocksdb::DestroyDB(directory, options());
    status = rocksdb::DB::Open(options(), directory, &db);
  }
  if (!status.ok()) return std::unexpected(failed(status));
  return std::make_unique<RocksIndex>(std::unique_ptr<rocksdb::DB>(db));
}

std::unique_ptr<CommandIndex> CommandIndex::in_memory() { return std::make_unique<MemoryIndex>(); }

}  // namespace kring
