#include "tools/bench/workspace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "events/base/text.h"
#include "events/codec/codec.h"
#include "events/log/embedded/embedded_log.h"
#include "projections/projector.h"
#include "tools/bench/measure.h"

namespace kring::bench {
namespace {

namespace fs = std::filesystem;

template <class Visit>
void each_file(const std::string& path, Visit visit) {
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) visit(fs::path(path));
  for (const auto& entry : fs::recursive_directory_iterator(path, ignored))
    if (entry.is_regular_file(ignored)) visit(entry.path());
}

}  // namespace

Bench::Bench(const Options& options) : options_(options) {
  std::error_code error;
  fs::path parent = options.work_dir.empty() ? fs::temp_directory_path(error) : fs::absolute(options.work_dir, error);
  if (!error) fs::create_directories(parent, error);
  root_ = (parent / "kring-bench-XXXXXX").string();
  if (error || !mkdtemp(root_.data()))
    throw Failed{{ErrorKind::io, "unwritable", "--work-dir", concat("cannot make a directory in ", parent.string())}};
  report_.scale = options.scale;
  report_.seed = options.seed;
  if (!options_.wait_for_end) return;
  over_ = ::eventfd(0, EFD_CLOEXEC);
  watcher_ = std::thread([this] { watch(); });
}

Bench::~Bench() {
  if (watcher_.joinable()) {
    ::eventfd_write(over_, 1);
    watcher_.join();
    ::close(over_);
  }
  clear();
}

// A step of a suite may take minutes, and looks at nothing meanwhile: so it is not waited for.
void Bench::watch() {
  const int code = options_.wait_for_end(over_);
  if (code == 0) return;
  making_.lock();  // for ever: nothing more is made
  tell("interrupted");
  clear();
  std::_Exit(code);
}

void Bench::clear() {
  constexpr int attempts = 100;  // a suite that is still at work makes a file now and then
  if (options_.keep) tell(concat("the data stay in ", root_, topics_ ? concat(", and in the topics ", topics_->prefix(), "*") : ""));
  topics_.reset();
  std::error_code ignored;
  for (int i = 0; !options_.keep && i < attempts && fs::exists(root_, ignored); ++i) fs::remove_all(root_, ignored);
}

void Bench::tell(std::string_view text) const {
  if (options_.tell) options_.tell(text);
}

void Bench::add(Row row) {
  tell(concat(row.suite, ": ", row.what, ": ", fmt::format("{:.{}f}", row.measured, row.measured < 100 ? 3 : 0), " ", row.unit));
  report_.rows.push_back(std::move(row));
}

std::uint64_t Bench::scaled(double count, std::uint64_t least) const {
  return std::max(least, static_cast<std::uint64_t>(count * options_.scale));
}

DataDirectory Bench::make(std::string_view name) const {
  DataDirectory directory{concat(root_, '/', name)};
  std::lock_guard lock(making_);
  remove(directory);
  std::error_code error;
  fs::create_directories(directory.path, error);
  if (error) throw Failed{{ErrorKind::io, "unwritable", "--work-dir", concat("cannot make ", directory.path, ": ", error.message())}};
  return directory;
}

void Bench::remove(const DataDirectory& directory) const {
  std::error_code ignored;
  fs::remove_all(directory.path, ignored);
  fs::remove(directory.keyring().key_encryption_key, ignored);
  fs::remove(directory.keyring().erasure_ledger, ignored);
}

const Written& Bench::written(std::uint64_t records) {
  for (const auto& known : written_)
    if (known->records == records) return *known;
  tell(concat("writing a history of ", records, " records"));
  auto written = write_history(make(concat("history-", records)), mix_of(records, options_.seed), report_.mix);
  written.records = records;
  return *written_.emplace_back(std::make_unique<Written>(std::move(written)));
}

const Written& Bench::with_models(std::uint64_t records) {
  const Written& history = written(records);
  if (fs::exists(history.directory.models())) return history;
  tell(concat("building the read models of ", records, " records"));
  auto log = make_embedded_reader(history.directory.log());
  auto database = must(projections::Database::open_primary(history.directory.models()));
  must(projections::Projector(*database, *log).rebuild(all_models()));
  return history;
}

KafkaOptions Bench::make_topic(std::string_view name) {
  std::lock_guard lock(making_);
  if (!topics_) topics_ = std::make_unique<BenchTopics>(*options_.kafka, options_.keep);
  return topics_->make(name);
}

const KafkaOptions& Bench::on_kafka(const Written& history) {
  constexpr std::size_t batch = 4096;
  if (const auto known = copies_.find(history.records); known != copies_.end()) return known->second;
  tell(concat("writing a history of ", history.records, " records to Kafka"));
  KafkaOptions options = make_topic("history");
  auto from = make_embedded_reader(history.directory.log());
  options.history = must(from->history());
  auto log = make_kafka_log(options);
  Bookmark tail = must(log->claim());
  std::vector<Draft> drafts;
  const auto flush = [&] {
    tail = must(log->append(drafts, tail.position));
    drafts.clear();
  };
  must(from->read({}, [&](const LogEntry& entry) {
    drafts.push_back({entry.recorded_at, Bytes(entry.body)});
    if (drafts.size() == batch) flush();
    return true;
  }));
  if (!drafts.empty()) flush();
  return copies_.emplace(history.records, std::move(options)).first->second;
}

std::vector<projections::Model> all_models() {
  std::vector<projections::Model> models;
  for (std::size_t i = 0; i < projections::model_count; ++i) models.push_back(static_cast<projections::Model>(i));
  return models;
}

std::unique_ptr<Sealer> open_keys(const DataDirectory& directory, const HistoryId& history, bool fresh) {
  return must(open_keyring(posix_filesystem(), directory.keyring(), history, fresh));
}

Written write_history(const DataDirectory& directory, const Mix& mix, json::Object& shares) {
  constexpr std::size_t batch = 4096;
  EmbeddedOptions options;
  options.directory = directory.log();
  auto log = make_embedded_log(std::move(options));
  auto tail = must(log->claim());
  auto keys = open_keys(directory, must(log->history()), true);
  History history(mix);
  std::vector<Draft> drafts;
  auto flush = [&] {
    must(keys->make_durable());
    tail = must(log->append(drafts, tail.position));
    drafts.clear();
  };
  for (Made made; history.next(made);) {
    must(seal(made.decision, true, *keys));
    drafts.push_back({made.at, codec::encode(made.decision)});
    if (drafts.size() == batch) flush();
  }
  flush();
  shares = history.shares();
  return {directory, history.size(), history.courses()};
}

std::uint64_t bytes_in(const std::string& path) {
  std::uint64_t bytes = 0;
  each_file(path, [&](const fs::path& file) {
    std::error_code error;
    auto size = fs::file_size(file, error);
    if (!error) bytes += size;
  });
  return bytes;
}

void drop_from_cache(const std::string& path) {
  each_file(path, [&](const fs::path& file) {
    int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fdatasync(descriptor);  // only what is on disk can be dropped
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
  });
}

}  // namespace kring::bench
