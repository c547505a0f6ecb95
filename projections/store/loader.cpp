#include "projections/store/loader.h"

#include <rocksdb/sst_file_writer.h>

#include <algorithm>
#include <filesystem>

#include "events/base/text.h"
#include "projections/store/rocks.h"

namespace kring::projections {
namespace {

constexpr std::size_t spill_bytes = 64 << 20;

struct Version {
  Bytes key;
  Position position;
  Bytes value;
};

class SortedLoader : public Loader {
 public:
  SortedLoader(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, bool versioned, std::string scratch,
               std::function<Result<void>(const Bookmark&)> swap)
      : db_(db), family_(family), versioned_(versioned), scratch_(std::move(scratch)), swap_(std::move(swap)) {}

  ~SortedLoader() override {
    std::error_code ignored;
    std::filesystem::remove_all(scratch_, ignored);
  }

  Result<void> add(const Bytes& key, BytesView value, Position position) override {
    buffered_ += key.size() + value.size() + sizeof(Version);
    versions_.push_back({key, position, Bytes(value)});
    return buffered_ < spill_bytes ? Result<void>() : spill();
  }

  Result<void> swap_in(const Bookmark& reached) override {
    if (auto spilled = spill(); !spilled) return spilled;
    return swap_(reached);
  }

 private:
  Result<void> spill() {
    if (versions_.empty()) return {};
    auto order = [](const Version& a, const Version& b) { return a.key != b.key ? a.key < b.key : a.position > b.position; };
    std::ranges::stable_sort(versions_, order);
    std::error_code ignored;
    std::filesystem::create_directories(scratch_, ignored);
    std::string file = concat(scratch_, '/', ++files_, ".sst");
    rocksdb::SstFileWriter writer({}, rocksdb::Options(database_options(), family_options(versioned_)), family_);
    auto status = writer.Open(file);
    for (std::size_t i = 0; i < versions_.size() && status.ok(); ++i) {
      const Version& v = versions_[i];
      // Of several versions under one position the last one put counts.
      if (i + 1 < versions_.size() && versions_[i + 1].key == v.key && versions_[i + 1].position == v.position) continue;
      status = versioned_ ? writer.Put(v.key, timestamp(v.position), v.value) : writer.Put(v.key, v.value);
    }
    if (status.ok()) status = writer.Finish();
    rocksdb::IngestExternalFileOptions options;
    options.move_files = true;
    if (status.ok()) status = db_.IngestExternalFile(family_, {file}, options);
    versions_.clear();
    buffered_ = 0;
    if (!status.ok()) return std::unexpected(failed(status));
    return {};
  }

  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle* family_;
  const bool versioned_;
  const std::string scratch_;
  const std::function<Result<void>(const Bookmark&)> swap_;
  std::vector<Version> versions_;
  std::size_t buffered_ = 0;
  int files_ = 0;
};

}  // namespace

std::unique_ptr<Loader> make_loader(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, bool versioned, std::string scratch,
                                    std::function<Result<void>(const Bookmark&)> swap) {
  return std::make_unique<SortedLoader>(db, family, versioned, std::move(scratch), std::move(swap));
}

}  // namespace kring::projections
