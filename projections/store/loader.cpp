#include "projections/store/loader.h"

#include <rocksdb/sst_file_writer.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <unordered_map>

#include "events/base/text.h"
#include "projections/store/rocks.h"

namespace kring::projections {
namespace {

constexpr std::size_t spill_bytes = 64 << 20;

// Rows are not sorted one by one: they come in the order of the log, and that is their order within a key, or within
// what the keys of an index have in common. Only these groups are sorted, each once. A file is written by another
// thread, while the next rows come in.
class SortedLoader : public Loader {
 public:
  SortedLoader(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, bool versioned, std::string scratch,
               std::function<Result<void>(const Bookmark&)> swap)
      : db_(db), family_(family), versioned_(versioned), scratch_(std::move(scratch)), swap_(std::move(swap)) {}

  ~SortedLoader() override {
    (void)written();
    remove_all(*db_.GetEnv(), scratch_);
  }

  Result<void> add(const Bytes& key, BytesView value, Position position) override {
    std::size_t tail = versioned_ ? 0 : ordered_tail(key);
    auto [found, is_new] = groups_.try_emplace(key.substr(0, key.size() - tail));
    if (is_new) new_.push_back(&*found);
    Group& group = found->second;
    if (versioned_) group.newest = value;
    rows_.push_back({text_.size(), static_cast<std::uint32_t>(tail), static_cast<std::uint32_t>(value.size()), group.last, position});
    group.last = static_cast<std::uint32_t>(rows_.size());
    text_.append(key, key.size() - tail).append(value);
    return text_.size() + rows_.size() * sizeof(Row) < spill_bytes ? Result<void>() : spill();
  }

  BytesView newest(const Bytes& key) override {
    auto found = groups_.find(key);
    return found == groups_.end() ? BytesView() : BytesView(found->second.newest);
  }

  Result<void> swap_in(const Bookmark& reached) override {
    if (auto spilled = spill(); !spilled) return spilled;
    if (auto done = written(); !done) return done;
    return swap_(reached);
  }

 private:
  struct Row {
    std::uint64_t offset;       // in the text: the rest of the key, then the value
    std::uint32_t tail, value;  // their sizes
    std::uint32_t before;       // the row before this one in its group, plus one; 0: none
    Position position;
  };
  struct Group {
    Bytes newest;             // the value put last; versioned models only
    std::uint32_t last = 0;   // its newest row, plus one; 0: none since the last spill
  };
  using Groups = std::unordered_map<Bytes, Group>;
  struct Chain {
    const Bytes* key;
    std::uint32_t last;
  };
  struct Batch {
    std::vector<Chain> chains;  // by key
    std::vector<Row> rows;
    Bytes text;
  };

  Result<void> spill() {
    if (rows_.empty()) return {};
    if (auto done = written(); !done) return done;
    drop_written();
    auto by_key = [](const Groups::value_type* group) -> const Bytes& { return group->first; };
    std::ranges::sort(new_, {}, by_key);
    auto middle = static_cast<std::ptrdiff_t>(sorted_.size());
    sorted_.insert(sorted_.end(), new_.begin(), new_.end());
    std::ranges::inplace_merge(sorted_, sorted_.begin() + middle, {}, by_key);
    new_.clear();
    Batch batch{{}, std::move(rows_), std::move(text_)};
    for (auto* group : sorted_)
      if (group->second.last != 0) batch.chains.push_back({&group->first, std::exchange(group->second.last, 0)});
    rows_ = {};
    text_ = {};
    writing_ = std::async(std::launch::async, [this, file = concat(scratch_, '/', ++files_, ".sst"), all = std::move(batch)] { return write(file, all); });
    return {};
  }

  // Of what was written, keeps only what may be asked for, or comes again.
  void drop_written() {
    if (!versioned_) return;
    std::erase_if(sorted_, [&](const Groups::value_type* group) {
      if (!is_put_once(group->first)) return false;
      groups_.erase(groups_.find(group->first));
      return true;
    });
  }

  // Waits for the file that is being written.
  Result<void> written() { return writing_.valid() ? writing_.get() : Result<void>(); }

  Result<void> write(const std::string& file, const Batch& batch) {
    make_directories(*db_.GetEnv(), scratch_);
    rocksdb::SstFileWriter writer({}, rocksdb::Options(database_options(db_.GetEnv()), family_options(versioned_)), family_);
    auto status = writer.Open(file);
    for (const Chain& chain : batch.chains) {
      if (!status.ok()) break;
      status = versioned_ ? put_versions(writer, batch, chain) : put_group(writer, batch, chain);
    }
    if (status.ok()) status = writer.Finish();
    rocksdb::IngestExternalFileOptions options;
    options.move_files = true;
    if (status.ok()) status = db_.IngestExternalFile(family_, {file}, options);
    if (!status.ok()) return std::unexpected(failed(status));
    return {};
  }

  // The newest first, as RocksDB has them; of several under one position the last one put counts.
  static rocksdb::Status put_versions(rocksdb::SstFileWriter& writer, const Batch& batch, const Chain& chain) {
    rocksdb::Status status;
    std::optional<Position> above;
    for (auto at = chain.last; at != 0 && status.ok(); at = batch.rows[at - 1].before) {
      const Row& row = batch.rows[at - 1];
      if (above == row.position) continue;
      above = row.position;
      status = writer.Put(*chain.key, timestamp(row.position), slice(value_of(batch, row)));
    }
    return status;
  }

  static rocksdb::Status put_group(rocksdb::SstFileWriter& writer, const Batch& batch, const Chain& chain) {
    std::vector<const Row*> rows;
    for (auto at = chain.last; at != 0; at = batch.rows[at - 1].before) rows.push_back(&batch.rows[at - 1]);
    std::ranges::reverse(rows);
    rocksdb::Status status;
    Bytes key = *chain.key;
    for (const Row* row : rows) {
      if (!status.ok()) break;
      key.resize(chain.key->size());
      key.append(batch.text, row->offset, row->tail);
      status = writer.Put(key, slice(value_of(batch, *row)));
    }
    return status;
  }

  static BytesView value_of(const Batch& batch, const Row& row) { return BytesView(batch.text).substr(row.offset + row.tail, row.value); }

  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle* family_;
  const bool versioned_;
  const std::string scratch_;
  const std::function<Result<void>(const Bookmark&)> swap_;
  Groups groups_;
  std::vector<Groups::value_type*> sorted_, new_;  // groups, by key; those that are not among them yet
  std::vector<Row> rows_;
  Bytes text_;
  std::future<Result<void>> writing_;
  int files_ = 0;
};

}  // namespace

std::unique_ptr<Loader> make_loader(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, bool versioned, std::string scratch,
                                    std::function<Result<void>(const Bookmark&)> swap) {
  return std::make_unique<SortedLoader>(db, family, versioned, std::move(scratch), std::move(swap));
}

}  // namespace kring::projections
