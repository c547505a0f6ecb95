#include "projections/store/rocks.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <filesystem>

#include "events/base/check.h"
#include "events/base/text.h"

namespace kring::projections {
namespace {

class SilentLogger : public rocksdb::Logger {  // Debian's build aborts in its own logger when the disk is full
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

const rocksdb::Comparator* versioning_comparator() {
  static const rocksdb::Comparator* const found = [] {
    const rocksdb::Comparator* comparator = nullptr;
    auto status = rocksdb::Comparator::CreateFromString({}, "leveldb.BytewiseComparator.u64ts", &comparator);
    KRING_CHECK(status.ok() && comparator != nullptr);
    return comparator;
  }();
  return found;
}

rocksdb::ColumnFamilyOptions family_options(bool versioned, bool reader) {
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  static const auto cache = rocksdb::NewLRUCache(128 << 20);
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = reader;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = 8 << 20;
  if (versioned) options.comparator = versioning_comparator();
  return options;
}

rocksdb::DBOptions database_options(rocksdb::Env* env) {
  rocksdb::DBOptions options;
  options.env = env;
  options.info_log = std::make_shared<SilentLogger>();
  options.max_total_wal_size = 4 << 20;   // a reader in another process replays it when it opens: 10 ms for each MiB
  options.allow_fallocate = false;        // room made ahead is room taken from the log, which needs it
  options.max_open_files = -1;            // a reader must keep what the primary removes
  options.avoid_flush_during_shutdown = false;
  return options;
}

void make_directories(rocksdb::Env& env, const std::string& path) {
  std::filesystem::path built;
  for (const auto& part : std::filesystem::path(path)) {
    built /= part;
    env.CreateDirIfMissing(built.string());
  }
}

void remove_all(rocksdb::Env& env, const std::string& path) {
  std::vector<std::string> names;
  if (!env.GetChildren(path, &names).ok()) {  // a file, or nothing
    env.DeleteFile(path);
    return;
  }
  for (const std::string& name : names)
    if (name != "." && name != "..") remove_all(env, concat(path, '/', name));
  env.DeleteDir(path);
}

}  // namespace kring::projections
