#include "projections/store/database.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <unordered_map>

#include "events/base/check.h"
#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "events/codec/archive.h"
#include "projections/store/footprint.h"
#include "projections/store/loader.h"
#include "projections/store/rocks.h"

namespace kring::projections {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t cached_rows = 200'000;
constexpr int stable_attempts = 1000;  // a writer under full load flushes several times a second

std::string model_key(std::size_t model) { return concat("model/", model_names[model]); }

bool family_is_versioned(const std::string& name) { return name != "default" && !name.starts_with(model_names[3]); }

// Keeps an iterator within the keys that begin with a prefix. Without a bound it would look beyond them for the next row
// that is visible: as of an early moment that may be far away.
class Bounds {
 public:
  explicit Bounds(Bytes prefix) : behind_(std::move(prefix)) {
    while (!behind_.empty() && behind_.back() == '\xff') behind_.pop_back();
    if (!behind_.empty()) behind_.back() = static_cast<char>(behind_.back() + 1);
    slice_ = slice(behind_);
  }
  Bounds(const Bounds&) = delete;
  Bounds& operator=(const Bounds&) = delete;

  // This object must outlive the iterator.
  void apply(rocksdb::ReadOptions& options) const { options.iterate_upper_bound = behind_.empty() ? nullptr : &slice_; }

 private:
  Bytes behind_;  // the first key that does not begin so; empty: there is none
  rocksdb::Slice slice_;
};

class RocksCursor : public Cursor {
 public:
  RocksCursor(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, const Bytes& prefix) : bounds_(prefix), prefix_(prefix) {
    rocksdb::ReadOptions options;
    bounds_.apply(options);
    if (family) it_.reset(db.NewIterator(options, family));
  }

  Result<bool> seek(BytesView key) override {
    if (!it_) return false;
    // The next key is often the one: a step costs less than a search.
    if (it_->Valid() && view_of(it_->key()) < key) it_->Next();
    if (!it_->Valid() || view_of(it_->key()) < key) it_->Seek(rocksdb::Slice(key.data(), key.size()));
    if (!it_->status().ok()) return std::unexpected(failed(it_->status()));
    return it_->Valid() && it_->key().starts_with(prefix_);
  }
  BytesView key() const override { return view_of(it_->key()); }
  BytesView value() const override { return view_of(it_->value()); }

 private:
  const Bounds bounds_;
  const Bytes prefix_;
  std::unique_ptr<rocksdb::Iterator> it_;  // null: the model is not there yet
};

class RocksDatabase : public Database, public Rows {
 public:
  ~RocksDatabase() override {
    // So that the next one to open has no write-ahead log to replay.
    if (db_ && !reader_) db_->Flush({}, handles_);
    close();
  }

  // A reader reads the list of tables first and the write-ahead log then. When the primary flushes and removes a log in
  // between, the rows of that log are missing while those of the next one, positions included, are there. So what was
  // read counts only when nothing of the kind happened meanwhile.
  rocksdb::Status open_stable(const std::string& directory) {
    rocksdb::Status status;
    for (int attempt = 0; attempt < stable_attempts; ++attempt) {
      close();  // RocksDB 7.8 can catch up with a primary too, and stumbles over families made or dropped meanwhile
      auto before = footprint_of(directory);
      status = open(directory, true, rocksdb::Env::Default());
      if (before == footprint_of(directory)) return status;
    }
    return status.ok() ? rocksdb::Status::TimedOut("the read models change too fast to be read") : status;
  }

  rocksdb::Status open(const std::string& directory, bool reader, rocksdb::Env* env) {
    reader_ = reader;
    directory_ = directory;
    std::vector<std::string> names;
    auto listed = rocksdb::DB::ListColumnFamilies(database_options(env), directory, &names);
    if (!listed.ok()) {
      if (reader) return listed;
      names = {"default"};
    }
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const auto& name : names) families.emplace_back(name, family_options(family_is_versioned(name), reader));
    auto options = database_options(env);
    options.create_if_missing = !reader;
    rocksdb::DB* db = nullptr;
    rocksdb::Status status;
    if (reader) {
      status = rocksdb::DB::OpenForReadOnly(options, directory, families, &handles_, &db);
    } else {
      status = rocksdb::DB::Open(options, directory, families, &handles_, &db);
    }
    if (!status.ok()) return status;
    db_.reset(db);
    return find_models();
  }

  Progress progress() override { return progress_; }

  Result<void> refresh() override {
    auto status = open_stable(directory_);
    if (!status.ok()) return std::unexpected(failed(status));
    return {};
  }

  Result<Bytes> get(Model model, const Bytes& key, Position as_of) override {
    auto* family = families_[static_cast<std::size_t>(model)];
    if (!family) return Bytes();
    rocksdb::ReadOptions options;
    std::string at = timestamp(as_of);
    rocksdb::Slice moment(at);
    if (is_versioned(model)) options.timestamp = &moment;
    std::string value;
    auto status = db_->Get(options, family, key, &value);
    if (status.IsNotFound()) return Bytes();
    if (!status.ok()) return std::unexpected(failed(status));
    return value;
  }

  Result<void> scan(Model model, const Bytes& prefix, const Bytes& from, Position as_of,
                    const std::function<bool(BytesView, BytesView)>& visit) override {
    auto* family = families_[static_cast<std::size_t>(model)];
    if (!family) return {};
    rocksdb::ReadOptions options;
    std::string at = timestamp(as_of);
    rocksdb::Slice moment(at);
    if (is_versioned(model)) options.timestamp = &moment;
    const Bounds bounds(prefix);
    bounds.apply(options);
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options, family));
    for (it->Seek(from.empty() ? prefix : from); it->Valid() && it->key().starts_with(prefix); it->Next())
      if (!it->value().empty() && !visit(view_of(it->key()), view_of(it->value()))) break;
    if (!it->status().ok()) return std::unexpected(failed(it->status()));
    return {};
  }

  std::unique_ptr<Cursor> cursor(Model model, const Bytes& prefix) override {
    KRING_CHECK(!is_versioned(model));
    return std::make_unique<RocksCursor>(*db_, families_[static_cast<std::size_t>(model)], prefix);
  }

  Result<Bytes> last_key(Model model, const Bytes& prefix, const Bytes& limit) override {
    KRING_CHECK(!is_versioned(model));
    auto* family = families_[static_cast<std::size_t>(model)];
    if (!family) return Bytes();
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}, family));
    it->SeekForPrev(limit);
    if (!it->status().ok()) return std::unexpected(failed(it->status()));
    return it->Valid() && it->key().starts_with(prefix) ? it->key().ToString() : Bytes();
  }

  Result<void> all_versions(Model model, const std::function<bool(BytesView, Position, BytesView)>& visit) override {
    auto* family = families_[static_cast<std::size_t>(model)];
    if (!family) return {};
    rocksdb::ReadOptions options;
    std::string oldest = timestamp(0), newest = timestamp(UINT64_MAX);
    rocksdb::Slice first(oldest), last(newest);
    if (is_versioned(model)) {
      options.timestamp = &last;
      options.iter_start_ts = &first;
    }
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options, family));
    for (it->SeekToFirst(); it->Valid(); it->Next()) {
      BytesView key = view_of(it->key());
      Position position = 0;
      if (is_versioned(model)) {  // an internal key: the user's, the timestamp, and eight bytes of RocksDB's own
        std::memcpy(&position, key.data() + key.size() - 16, 8);
        key.remove_suffix(16);
      }
      if (!visit(key, position, view_of(it->value()))) break;
    }
    if (!it->status().ok()) return std::unexpected(failed(it->status()));
    return {};
  }

  Rows& rows() override { return *this; }

  Result<BytesView> get(Model model, const Bytes& key) override {
    auto& cache = cached_[static_cast<std::size_t>(model)];
    if (auto found = cache.find(key); found != cache.end()) return BytesView(found->second);
    auto value = get(model, key, UINT64_MAX);
    if (!value) return std::unexpected(std::move(value.error()));
    return BytesView(cache[key] = std::move(*value));
  }

  Result<void> put(Model model, const Bytes& key, Bytes value, Position position) override {
    auto* family = families_[static_cast<std::size_t>(model)];
    KRING_CHECK(family != nullptr);
    auto status = is_versioned(model) ? batch_.Put(family, key, timestamp(position), value) : batch_.Put(family, key, value);
    if (!status.ok()) return std::unexpected(failed(status));
    if (is_versioned(model)) cached_[static_cast<std::size_t>(model)][key] = std::move(value);
    return {};
  }

  Result<void> commit(const Progress& reached) override {
    for (std::size_t i = 0; i < model_count; ++i) {
      const auto row = codec::pack(ModelRow{family_names_[i], model_version, reached[i]});
      if (KRING_MISTAKE(offset_before_rows)) db_->Put({}, model_key(i), row);
      batch_.Put(model_key(i), row);
    }
    auto status = db_->Write({}, &batch_);
    if (!status.ok()) return std::unexpected(failed(status));
    batch_.Clear();
    progress_ = reached;
    for (auto& cache : cached_)
      if (cache.size() > cached_rows) cache.clear();
    return {};
  }

  void discard() override {
    batch_.Clear();
    for (auto& cache : cached_) cache.clear();
  }

  Result<std::unique_ptr<Loader>> load(Model model) override {
    auto i = static_cast<std::size_t>(model);
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    auto name = concat(model_names[i], '#', generation_of(family_names_[i]) + 1);
    auto status = db_->CreateColumnFamily(family_options(is_versioned(model)), name, &handle);
    if (!status.ok()) return std::unexpected(failed(status));
    handles_.push_back(handle);
    auto swap = [this, i, name, handle](const Bookmark& reached) -> Result<void> {
      auto written = db_->Put({}, model_key(i), codec::pack(ModelRow{name, model_version, reached}));
      if (!written.ok()) return std::unexpected(failed(written));
      auto* old = std::exchange(families_[i], handle);
      family_names_[i] = name;
      progress_[i] = reached;
      cached_[i].clear();
      if (old) db_->DropColumnFamily(old);
      return {};
    };
    return make_loader(*db_, handle, is_versioned(model), concat(directory_, "/loading-", name), std::move(swap));
  }

  // Makes the families that are missing, and drops those that no model uses: the rest of a rebuild that was interrupted.
  rocksdb::Status prepare() {
    for (std::size_t i = 0; i < model_count; ++i) {
      if (families_[i]) continue;
      family_names_[i] = concat(model_names[i], '#', 1);
      for (auto* handle : handles_)
        if (handle->GetName() == family_names_[i]) db_->DropColumnFamily(handle);
      auto status = db_->CreateColumnFamily(family_options(is_versioned(static_cast<Model>(i))), family_names_[i], &families_[i]);
      if (!status.ok()) return status;
      handles_.push_back(families_[i]);
      status = db_->Put({}, model_key(i), codec::pack(ModelRow{family_names_[i], model_version, {}}));
      if (!status.ok()) return status;
    }
    for (auto* handle : handles_)
      if (handle->GetName() != "default" && std::ranges::find(families_, handle) == families_.end()) db_->DropColumnFamily(handle);
    return rocksdb::Status::OK();
  }

 private:
  struct ModelRow {
    std::string family;
    std::uint32_t version = 0;
    Bookmark reached;
    template <class Self, class Visit>
    static void members(Self& self, Visit&& visit) {
      visit("family", self.family);
      visit("version", self.version);
      visit("position", self.reached.position);
      visit("hash", self.reached.hash);
      visit("locator", self.reached.locator);
    }
  };

  void close() {
    if (!db_) return;
    for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
    handles_.clear();
    families_ = {};
    db_.reset();
  }

  static int generation_of(const std::string& name) { return std::atoi(name.substr(name.find('#') + 1).c_str()); }

  rocksdb::Status find_models() {
    for (std::size_t i = 0; i < model_count; ++i) {
      std::string bytes;
      auto status = db_->Get({}, model_key(i), &bytes);
      if (status.IsNotFound()) continue;
      if (!status.ok()) return status;
      auto row = codec::unpack<ModelRow>(bytes);
      if (!row) return rocksdb::Status::Corruption("a model's row");
      if (row->version != model_version) continue;  // as if it were not there: it is built anew
      auto handle = std::ranges::find(handles_, row->family, &rocksdb::ColumnFamilyHandle::GetName);
      if (handle == handles_.end() && reader_) return rocksdb::Status::Aborted("a family was made since");
      if (handle == handles_.end()) continue;
      families_[i] = *handle;
      family_names_[i] = row->family;
      progress_[i] = row->reached;
    }
    return rocksdb::Status::OK();
  }

  std::string directory_;
  bool reader_ = false;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;                     // all, to be destroyed
  std::array<rocksdb::ColumnFamilyHandle*, model_count> families_{};      // of each model; null: none yet
  std::array<std::string, model_count> family_names_;
  Progress progress_{};
  rocksdb::WriteBatch batch_{0, 0, 0, 0};
  std::array<std::unordered_map<Bytes, Bytes>, model_count> cached_;      // newest rows, those of batch_ included
};

}  // namespace

Result<std::unique_ptr<Database>> Database::open_primary(const std::string& directory, IfDamaged if_damaged, rocksdb::Env* env) {
  if (env == nullptr) env = rocksdb::Env::Default();
  make_directories(*env, directory);
  auto database = std::make_unique<RocksDatabase>();
  auto status = database->open(directory, false, env);
  if (is_damage(status)) {
    if (if_damaged == IfDamaged::report) return std::unexpected(failed(status));
    database = std::make_unique<RocksDatabase>();
    remove_all(*env, directory);  // derived data: the log has it all
    status = database->open(directory, false, env);
  }
  if (status.ok()) status = database->prepare();
  if (!status.ok()) return std::unexpected(failed(status));
  return database;
}

Result<std::unique_ptr<Database>> Database::open_reader(const std::string& directory) {
  std::error_code error;
  const bool there = fs::exists(directory + "/CURRENT", error);
  if (error) return std::unexpected(failed(rocksdb::Status::IOError(directory, error.message())));
  if (!there) return fail(ErrorKind::not_found, "no_read_models", concat("there are no read models in ", directory));
  auto database = std::make_unique<RocksDatabase>();
  auto status = database->open_stable(directory);
  if (!status.ok()) return std::unexpected(failed(status));
  return database;
}

}  // namespace kring::projections
