#include "tools/bench/bare_rows.h"

#include <rocksdb/sst_file_writer.h>

#include <algorithm>
#include <filesystem>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "projections/fold.h"
#include "projections/store/rocks.h"
#include "tools/bench/measure.h"

namespace kring::bench {
namespace {

using projections::Model;

constexpr std::size_t file_bytes = 64 << 20;

void must_ok(const rocksdb::Status& status) {
  if (!status.ok()) throw Failed{projections::failed(status)};
}

// A database with one family for each model, opened as the read models are.
class Families {
 public:
  explicit Families(const std::string& directory, bool versioned = true) {
    auto options = projections::database_options();
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    must_ok(rocksdb::DB::Open(rocksdb::Options(options, {}), directory, &db));
    db_.reset(db);
    for (std::size_t i = 0; i < projections::model_count; ++i) {
      auto model = static_cast<Model>(i);
      must_ok(db_->CreateColumnFamily(projections::family_options(versioned && is_versioned(model)), std::string(projections::model_names[i]), &families_[i]));
    }
  }
  ~Families() {
    for (auto* family : families_) db_->DestroyColumnFamilyHandle(family);
  }
  Families(const Families&) = delete;
  Families& operator=(const Families&) = delete;

  rocksdb::DB& db() { return *db_; }
  rocksdb::ColumnFamilyHandle* operator[](Model model) { return families_[static_cast<std::size_t>(model)]; }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, projections::model_count> families_{};
};

// Unversioned rows, read through the interface that the views use.
class NewestRows : public projections::Database {
 public:
  explicit NewestRows(const std::string& directory) : families_(directory, false) {}

  projections::Progress progress() override { return {}; }
  Result<void> refresh() override { return {}; }
  Result<Bytes> get(Model model, const Bytes& key, Position) override {
    std::string value;
    auto status = families_.db().Get({}, families_[model], key, &value);
    if (!status.ok() && !status.IsNotFound()) return std::unexpected(projections::failed(status));
    return value;
  }
  Result<void> scan(Model model, const Bytes& prefix, const Bytes& from, Position,
                    const std::function<bool(BytesView, BytesView)>& visit) override {
    Bytes behind = prefix;
    if (!behind.empty()) behind.back() = static_cast<char>(behind.back() + 1);  // no prefix here ends in the last byte there is
    rocksdb::Slice bound(behind);
    rocksdb::ReadOptions options;
    if (!behind.empty()) options.iterate_upper_bound = &bound;
    std::unique_ptr<rocksdb::Iterator> it(families_.db().NewIterator(options, families_[model]));
    for (it->Seek(from.empty() ? prefix : from); it->Valid() && it->key().starts_with(prefix); it->Next())
      if (!visit(projections::view_of(it->key()), projections::view_of(it->value()))) break;
    return {};
  }
  std::unique_ptr<projections::Cursor> cursor(Model, const Bytes&) override { return nullptr; }
  Result<Bytes> last_key(Model, const Bytes&, const Bytes&) override { return Bytes(); }
  Result<void> all_versions(Model, const std::function<bool(BytesView, Position, BytesView)>&) override { return {}; }
  projections::Rows& rows() override { check_failed("these rows are only read", __FILE__, __LINE__); }
  Result<void> commit(const projections::Progress&) override { return {}; }
  void discard() override {}
  Result<std::unique_ptr<projections::Loader>> load(Model) override { return nullptr; }

  void put(Model model, BytesView key, BytesView value) {
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    must_ok(families_.db().Put(options, families_[model], projections::slice(key), projections::slice(value)));
  }
  void finish() {
    for (std::size_t i = 0; i < projections::model_count; ++i) {
      must_ok(families_.db().Flush({}, families_[static_cast<Model>(i)]));
      must_ok(families_.db().CompactRange({}, families_[static_cast<Model>(i)], nullptr, nullptr));
    }
  }

 private:
  Families families_;
};

}  // namespace

Result<BytesView> CollectedRows::get(Model model, const Bytes& key) {
  auto& rows = newest_[static_cast<std::size_t>(model)];
  auto found = rows.find(key);
  return found == rows.end() ? BytesView() : BytesView(found->second);
}

Result<void> CollectedRows::put(Model model, const Bytes& key, Bytes value, Position position) {
  versions_.push_back({text_.size(), static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(value.size()), position, model});
  text_ += key;
  text_ += value;
  if (model != Model::history) newest_[static_cast<std::size_t>(model)][key] = std::move(value);
  return {};
}

std::vector<CollectedRows::Version> CollectedRows::sorted() const {
  auto sorted = versions_;
  std::ranges::stable_sort(sorted, [&](const Version& a, const Version& b) {
    if (a.model != b.model) return a.model < b.model;
    if (auto order = key(a).compare(key(b)); order != 0) return order < 0;
    if (a.position != b.position) return a.position > b.position;
    return a.offset > b.offset;
  });
  auto same = [&](const Version& a, const Version& b) { return a.model == b.model && a.position == b.position && key(a) == key(b); };
  auto doubles = std::ranges::unique(sorted, same);
  sorted.erase(doubles.begin(), doubles.end());
  return sorted;
}

void collect(LogReader& log, Position until, CollectedRows& rows) {
  must(log.read({}, [&](const LogEntry& entry) {
    auto decision = must(codec::decode(entry.body));
    Record record{entry.position, entry.recorded_at, entry.previous, entry.hash, std::move(decision)};
    for (std::size_t i = 0; i < projections::model_count; ++i) must(projections::fold(static_cast<Model>(i), rows, record, entry.body));
    return entry.position < until;
  }));
}

void write_sorted(const std::string& directory, const CollectedRows& rows, const std::vector<CollectedRows::Version>& sorted) {
  Families families(directory);
  int files = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    Model model = sorted[i].model;
    bool versioned = is_versioned(model);
    rocksdb::SstFileWriter writer({}, rocksdb::Options(projections::database_options(), projections::family_options(versioned)), families[model]);
    auto path = concat(directory, "/bare-", ++files, ".sst");
    must_ok(writer.Open(path));
    std::size_t bytes = 0;
    for (; i < sorted.size() && sorted[i].model == model && bytes < file_bytes; ++i) {
      auto key = projections::slice(rows.key(sorted[i])), value = projections::slice(rows.value(sorted[i]));
      must_ok(versioned ? writer.Put(key, projections::timestamp(sorted[i].position), value) : writer.Put(key, value));
      bytes += key.size() + value.size();
      // All versions of a key stay in one file: files of one level must not share a key.
      while (versioned && bytes >= file_bytes && i + 1 < sorted.size() && sorted[i + 1].model == model && rows.key(sorted[i + 1]) == rows.key(sorted[i])) {
        ++i;
        must_ok(writer.Put(key, projections::timestamp(sorted[i].position), projections::slice(rows.value(sorted[i]))));
      }
    }
    must_ok(writer.Finish());
    rocksdb::IngestExternalFileOptions options;
    options.move_files = true;
    must_ok(families.db().IngestExternalFile(families[model], {path}, options));
  }
}

void write_in_order(const std::string& directory, const CollectedRows& rows, Position batch_size) {
  Families families(directory);
  rocksdb::WriteBatch batch(0, 0, 0, 0);
  Position last = 0;
  for (const auto& v : rows.versions()) {
    if (v.position > last + batch_size) {
      must_ok(families.db().Write({}, &batch));
      batch.Clear();
      last = v.position - 1;
    }
    auto key = projections::slice(rows.key(v)), value = projections::slice(rows.value(v));
    must_ok(is_versioned(v.model) ? batch.Put(families[v.model], key, projections::timestamp(v.position), value) : batch.Put(families[v.model], key, value));
  }
  must_ok(families.db().Write({}, &batch));
}

std::unique_ptr<projections::Database> copy_newest(projections::Database& from, const std::string& directory) {
  auto rows = std::make_unique<NewestRows>(directory);
  for (Model model : {Model::directory, Model::theme_roster, Model::venue_assignments})
    must(from.scan(model, {}, {}, UINT64_MAX, [&](BytesView key, BytesView value) {
      rows->put(model, key, value);
      return true;
    }));
  rows->finish();
  return rows;
}

}  // namespace kring::bench
