// The read models in RocksDB. Three of them keep every version of a row under the position that wrote it (user-defined
// timestamps), so that "as of" is an ordinary read; the history is insert-only, with the position in its keys.
// RocksDB stays behind this header.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "events/log/event_log.h"
#include "projections/store/rows.h"

namespace rocksdb {
class Env;
}

namespace kring::projections {

// How far a model is.
using Progress = std::array<Bookmark, model_count>;

// Versions of rows on their way into a new column family: sorted and ingested, not written one by one.
class Loader {
 public:
  virtual ~Loader() = default;
  // In the order of the log. Of a model without versions each key once; what is behind its ordered tail (tables.h)
  // never grows smaller.
  virtual Result<void> add(const Bytes& key, BytesView value, Position position) = 0;
  // The value added last, of a versioned model; empty where there is none. Valid until the next call.
  virtual BytesView newest(const Bytes& key) = 0;
  // Makes it the model, at that place; the old one is dropped.
  virtual Result<void> swap_in(const Bookmark& reached) = 0;
};

// Walks the keys that begin with a prefix, forwards. What it shows is valid until the next seek, and while the database is.
class Cursor {
 public:
  virtual ~Cursor() = default;
  // To the first key at or behind `key`, which is not before an earlier one asked for; false where there is none.
  virtual Result<bool> seek(BytesView key) = 0;
  virtual BytesView key() const = 0;
  virtual BytesView value() const = 0;
};

enum class IfDamaged : std::uint8_t { remake, report };

class Database {
 public:
  // One process at a time. A damaged database is made anew, empty, or reported (code `read_models_damaged`); one of another
  // version is made anew.
  // `env`: where it lies; none: on this machine. It must outlive the database.
  static Result<std::unique_ptr<Database>> open_primary(const std::string& directory, IfDamaged if_damaged = IfDamaged::remake,
                                                        rocksdb::Env* env = nullptr);
  // Beside a primary or without one; reads only. What it shows is all that was committed up to its progress. Errors:
  // `not_found` where there is none yet, `read_models_damaged`.
  static Result<std::unique_ptr<Database>> open_reader(const std::string& directory);
  virtual ~Database() = default;

  virtual Progress progress() = 0;
  // Of a reader: takes over what the primary has written since.
  virtual Result<void> refresh() = 0;

  // ---- reading; `as_of` counts for the versioned models ----
  virtual Result<Bytes> get(Model model, const Bytes& key, Position as_of) = 0;  // empty: no row
  // The rows whose keys begin with `prefix`, from `from` on, in order, until `visit` returns false.
  virtual Result<void> scan(Model model, const Bytes& prefix, const Bytes& from, Position as_of,
                            const std::function<bool(BytesView key, BytesView value)>& visit) = 0;
  virtual std::unique_ptr<Cursor> cursor(Model model, const Bytes& prefix) = 0;  // unversioned models only
  // The last key that begins with `prefix` and is not above `limit`; empty: none. Unversioned models only.
  virtual Result<Bytes> last_key(Model model, const Bytes& prefix, const Bytes& limit) = 0;
  // All versions of all rows, by key, newest first.
  virtual Result<void> all_versions(Model model, const std::function<bool(BytesView key, Position position, BytesView value)>& visit) = 0;

  // ---- writing ----
  virtual Rows& rows() = 0;
  // Writes what was put since, and the places reached, at once.
  virtual Result<void> commit(const Progress& reached) = 0;
  // Drops what was put since the last commit.
  virtual void discard() = 0;
  virtual Result<std::unique_ptr<Loader>> load(Model model) = 0;
};

}  // namespace kring::projections
