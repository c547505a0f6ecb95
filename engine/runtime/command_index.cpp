#include "engine/runtime/command_index.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <unordered_map>


namespace kring {
namespace {

constexpr std::string_view reached_key("\0reached", 8);  // no programme id starts with a zero byte
constexpr std::size_t bookmark_size = 8 + 32 + 8, command_size = 8 + 16;

// Into a string that is used again and again: keys are longer than what a string holds without allocating.
const std::string& make_key(std::string& key, const ProgrammeId& programme, std::string_view id) {
  key.assign(programme.text);
  key += '\0';
  return key.append(id);
}

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

rocksdb::Options options(rocksdb::Env* env) {
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(14));  // nearly every id that is looked up is a new one
  table.block_cache = rocksdb::NewLRUCache(64 << 20);
  rocksdb::Options options;
  if (env != nullptr) options.env = env;
  options.create_if_missing = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = 16 << 20;
  options.allow_fallocate = false;  // room made ahead is room taken from the log, which needs it
  options.memtable_prefix_bloom_size_ratio = 0.1;
  options.memtable_whole_key_filtering = true;
  options.compression = rocksdb::kNoCompression;  // ids and digests are as good as random
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
    const std::string& key = make_key(key_, programme, id);
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
    auto [row, is_new] = pending_.insert_or_assign(make_key(key_, programme, id), command);
    if (is_new) order_.push_back(&*row);
  }

  Result<void> commit(const Bookmark& reached) override {
    auto end = std::ranges::find_if(order_, [&](const auto* row) { return row->second.position > reached.position; });
    rocksdb::WriteBatch batch;
    for (auto row = order_.begin(); row != end; ++row) batch.Put((*row)->first, to_bytes((*row)->second));
    batch.Put(rocksdb::Slice(reached_key), to_bytes(reached));
    // The log has it all, and one batch is never flushed in part: without a log of its own it only falls back.
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    auto status = db_->Write(options, &batch);
    if (!status.ok()) return std::unexpected(failed(status));
    for (auto row = order_.begin(); row != end; ++row) pending_.erase((*row)->first);
    order_.erase(order_.begin(), end);
    reached_ = reached;
    return {};
  }

  Bookmark reached() const override { return reached_; }

  Result<void> clear() override {
    rocksdb::Slice last("\xff");
    auto status = db_->DeleteRange({}, db_->DefaultColumnFamily(), rocksdb::Slice(""), last);
    if (!status.ok()) return std::unexpected(failed(status));
    if (status = db_->Flush({}); !status.ok()) return std::unexpected(failed(status));
    pending_.clear();
    order_.clear();
    reached_ = {};
    return {};
  }

 private:
  using Pending = std::unordered_map<std::string, IndexedCommand>;

  void load_reached() {
    std::string value;
    if (!db_->Get({}, rocksdb::Slice(reached_key), &value).ok() || value.size() != bookmark_size) return;
    std::memcpy(&reached_.position, value.data(), 8);
    std::memcpy(reached_.hash.data(), value.data() + 8, 32);
    std::memcpy(&reached_.locator, value.data() + 40, 8);
  }

  std::unique_ptr<rocksdb::DB> db_;
  std::string key_;  // room for one
  Pending pending_;  // not yet in db_
  std::deque<const Pending::value_type*> order_;  // of the log
  Bookmark reached_;
};

class MemoryIndex : public CommandIndex {
 public:
  Result<std::optional<IndexedCommand>> find(const ProgrammeId& programme, std::string_view id) override {
    auto found = commands_.find(make_key(key_, programme, id));
    return found == commands_.end() ? std::nullopt : std::optional(found->second);
  }
  void add(const ProgrammeId& programme, std::string_view id, const IndexedCommand& command) override {
    commands_[make_key(key_, programme, id)] = command;
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
  std::string key_;
  std::unordered_map<std::string, IndexedCommand> commands_;
  Bookmark reached_;
};

}  // namespace

Result<std::unique_ptr<CommandIndex>> CommandIndex::open(const std::string& directory, rocksdb::Env* env) {
  rocksdb::DB* db = nullptr;
  auto status = rocksdb::DB::Open(options(env), directory, &db);
  if (status.IsCorruption() || status.IsInvalidArgument() || status.IsNotSupported() || status.IsPathNotFound()) {
    rocksdb::DestroyDB(directory, options(env));
    status = rocksdb::DB::Open(options(env), directory, &db);
  }
  if (!status.ok()) return std::unexpected(failed(status));
  return std::make_unique<RocksIndex>(std::unique_ptr<rocksdb::DB>(db));
}

std::unique_ptr<CommandIndex> CommandIndex::in_memory() { return std::make_unique<MemoryIndex>(); }

}  // namespace kring
