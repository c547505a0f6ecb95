// The raw limits of the read models: the same rows, written and read with the same options of RocksDB by a program that
// does nothing else. RocksDB stays behind this header.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "events/log/event_log.h"
#include "projections/store/database.h"
#include "projections/store/rows.h"

namespace kring::bench {

// All versions of all rows that a log comes to, in the order of the log.
class CollectedRows : public projections::Rows {
 public:
  struct Version {
    std::uint64_t offset;  // of key and value, in `text`
    std::uint32_t key, value;
    Position position;
    projections::Model model;
  };

  Result<BytesView> get(projections::Model model, const Bytes& key) override;
  Result<void> put(projections::Model model, const Bytes& key, Bytes value, Position position) override;

  BytesView key(const Version& v) const { return BytesView(text_).substr(v.offset, v.key); }
  BytesView value(const Version& v) const { return BytesView(text_).substr(v.offset + v.key, v.value); }
  const std::vector<Version>& versions() const { return versions_; }

  // By model and key, newest first; of several under one position the last one put.
  std::vector<Version> sorted() const;

 private:
  Bytes text_;
  std::vector<Version> versions_;
  std::array<std::unordered_map<Bytes, Bytes>, projections::model_count> newest_;
};

// Folds the records up to `until` into all models.
void collect(LogReader& log, Position until, CollectedRows& rows);

// Sorted rows into files, and those into a new database: the fastest way there is.
void write_sorted(const std::string& directory, const CollectedRows& rows, const std::vector<CollectedRows::Version>& sorted);

// The rows in the order of the log, written in batches of so many records.
void write_in_order(const std::string& directory, const CollectedRows& rows, Position batch);

// The newest rows of the models of `from`, without versions, behind the same interface for reading.
std::unique_ptr<projections::Database> copy_newest(projections::Database& from, const std::string& directory);

}  // namespace kring::bench
