// Private to this folder: what opening RocksDB the way we want it takes.
#pragma once

#include <rocksdb/comparator.h>
#include <rocksdb/db.h>

#include <cstring>
#include <string>

#include "events/base/error.h"
#include "projections/store/tables.h"

namespace kring::projections {

inline bool is_versioned(Model model) { return model != Model::history; }

const rocksdb::Comparator* versioning_comparator();
// `reader`: opened for a few reads, so that what each needs of indexes and filters is loaded when it needs it.
rocksdb::ColumnFamilyOptions family_options(bool versioned, bool reader = false);
rocksdb::DBOptions database_options(rocksdb::Env* env = rocksdb::Env::Default());

void make_directories(rocksdb::Env& env, const std::string& path);
void remove_all(rocksdb::Env& env, const std::string& path);

inline std::string timestamp(Position position) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &position, 8);  // RocksDB compares it as a little-endian number
  return bytes;
}

inline rocksdb::Slice slice(BytesView bytes) { return {bytes.data(), bytes.size()}; }
inline BytesView view_of(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// Are the files not what RocksDB wrote, or those of another RocksDB? All in them can be made again.
inline bool is_damage(const rocksdb::Status& status) {
  return status.IsCorruption() || status.IsInvalidArgument() || status.IsNotSupported() || status.IsPathNotFound();
}

// The status names the file.
inline const char* what_to_do(const rocksdb::Status& status) {
  if (status.IsNoSpace()) return ". Make room there";
  return ". See to that file; or move the directory read-models away, and kring rebuild makes it anew from the log";
}

inline Error failed(const rocksdb::Status& status) {
  if (is_damage(status))
    return {ErrorKind::damaged, "read_models_damaged", "", "the read models are damaged; kring rebuild makes them anew from the log: " + status.ToString()};
  return {ErrorKind::io, "read_models_failed", "", "the read models: " + status.ToString() + what_to_do(status)};
}

}  // namespace kring::projections
