#include "tools/kring/data_directory.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "events/log/embedded/segment.h"
#include "events/privacy/keyring.h"
#include "tools/kring/interrupt.h"
#include "tools/kring/log_place.h"
#include "tools/kring/one_history.h"
#include "tools/kring/progress_bar.h"
#include "tools/kring/settings.h"
#include "tools/kring/shared_keys.h"

namespace kring::cli {
namespace {

void tell(std::string_view text) { std::cerr << "kring: " << printable(text) << '\n'; }

using projections::Database;

constexpr auto writer_wait = std::chrono::milliseconds(5000);   // for another writer to go
constexpr auto reader_wait = std::chrono::milliseconds(10'000);  // for a writer to bring the read models up
constexpr auto poll_interval = std::chrono::milliseconds(10);

std::unique_ptr<EventLog> embedded_log(const Options& options, std::chrono::milliseconds wait, const HistoryId& history = {}) {
  EmbeddedOptions embedded;
  embedded.history = history;
  embedded.directory = log_path(options);
  embedded.lock_wait = wait;
  embedded.notice = tell;
  embedded.give_up = [] { return pending_signal() != 0; };
  return make_embedded_log(std::move(embedded));
}

Result<std::unique_ptr<FileLock>> wait_for(const std::string& lock, const Options& options, std::chrono::milliseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  for (;;) {
    auto attempt = posix_filesystem().try_lock(lock);
    if (!attempt) return std::unexpected(std::move(attempt.error()));
    if (attempt->lock) return std::move(attempt->lock);
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(ErrorKind::busy, "busy", concat(attempt->owner.empty() ? "another process" : concat("process ", attempt->owner), " has ", options.data));
    if (pending_signal() != 0) return fail(ErrorKind::busy, "interrupted", concat("interrupted while another process had ", options.data, ": nothing was done"));
    std::this_thread::sleep_for(poll_interval);
  }
}

Bookmark furthest(const projections::Progress& progress) { return std::ranges::max(progress, {}, &Bookmark::position); }

Position slowest(const projections::Progress& progress) { return std::ranges::min(progress, {}, &Bookmark::position).position; }

// The log's end, read on from where the models are. Of a log that was sealed it is said where its history went on.
Result<Position> end_of_log(LogReader& log, const projections::Progress& progress, const Options& options) {
  auto end = log.read(std::ranges::min(progress, {}, &Bookmark::position), [](const LogEntry&) { return true; });
  if (!end && end.error().code != "log_replaced") return std::unexpected(std::move(end.error()));
  auto successor = log.successor();
  if (!successor) return std::unexpected(std::move(successor.error()));
  if (!end && successor->empty()) return std::unexpected(std::move(end.error()));
  if (!end)
    return fail(ErrorKind::io, "log_sealed",
                concat("this log was sealed, and ", options.data, " has read on where its history goes on: name that place, ", *successor));
  if (!successor->empty()) tell(concat("this log was sealed at position ", end->position, "; what came after is at ", *successor));
  return end->position;
}

// Those of a directory's first log are its own.
Result<KeyringPaths> of_the_log(Result<KeyringPaths> paths, const Options& options) {
  const std::filesystem::path directory = directory_of_log(options);
  if (!paths || directory == options.data) return paths;
  paths->keys = std::filesystem::absolute(directory).lexically_normal() / "keys";
  paths->erasure_ledger += concat(".", directory.filename().string());  // each has one writer
  return paths;
}

// Read models that have followed the log further than it goes, or another one: what was answered there is gone. This is told
// before anything is appended, and before keys are destroyed that no record names any more.
Result<void> check_models(const Options& options, Database& database, LogReader& log, const Bookmark& tail) {
  const Bookmark reached = furthest(database.progress());
  const auto found = reached.position <= tail.position ? holds(log, reached) : false;
  if (!found) return std::unexpected(found.error());
  if (*found) return {};
  return fail(ErrorKind::damaged, "log_replaced",
              concat("the read models in ", models_path(options), " have followed the log as far as position ", reached.position, ", and it ",
                     reached.position > tail.position ? concat("ends at ", tail.position) : "has another record there",
                     ": what was answered is gone from it. Put a newer copy of ", log_path(options), " back; or go on without those records, after 'kring rebuild'"));
}

}  // namespace

std::string log_path(const Options& options) { return options.data + "/log"; }
std::string models_path(const Options& options) { return directory_of_log(options) + "/read-models"; }
std::string command_ids_path(const Options& options) { return directory_of_log(options) + "/command-ids"; }

Result<KeyringPaths> key_paths(const Options& options) { return of_the_log(keyring_paths(options.data), options); }
Result<KeyringPaths> key_paths_to_write(const Options& options) { return of_the_log(keyring_paths_to_write(options.data), options); }

Result<std::unique_ptr<EventLog>> log_for_writing(const Options& options, std::chrono::milliseconds wait, const Bookmark& known, const HistoryId& history) {
  if (!on_kafka(options)) return embedded_log(options, wait, history);
  auto kafka = kafka_options(options);
  if (!kafka) return std::unexpected(std::move(kafka.error()));
  kafka->known = known;
  kafka->history = history;
  return make_kafka_log(std::move(*kafka));
}

Result<std::unique_ptr<LogReader>> log_for_reading(const Options& options) {
  if (!on_kafka(options)) return make_embedded_reader(log_path(options));
  auto kafka = kafka_options(options);
  if (!kafka) return std::unexpected(std::move(kafka.error()));
  return make_kafka_reader(std::move(*kafka));
}

Result<std::unique_ptr<FileLock>> lock_directory(const Options& options, std::chrono::milliseconds wait) {
  const std::string directory = directory_of_log(options);
  for (const std::string& needed : {options.data, directory})
    if (auto made = posix_filesystem().make_directory(needed); !made) return std::unexpected(std::move(made.error()));
  return wait_for(directory + "/lock", options, wait);
}

std::string node_lock_path(const Options& options) { return options.data + "/node"; }

Result<std::unique_ptr<FileLock>> lock_for_node(const Options& options) {
  if (auto made = posix_filesystem().make_directory(options.data); !made) return std::unexpected(std::move(made.error()));
  return wait_for(node_lock_path(options), options, writer_wait);
}

Result<std::unique_ptr<Opener>> open_opener(const Options& options, LogReader& log) {
  auto paths = key_paths(options);
  if (!paths) return std::unexpected(std::move(paths.error()));
  auto history = log.history();
  if (!history) return std::unexpected(std::move(history.error()));
  if (on_kafka(options)) follow_keys_for_reading(options, *paths, log, *history);
  auto opener = open_key_reader(posix_filesystem(), *paths, *history);
  if (opener) return opener;
  // An auditor may read the log and not the keys. That is no reason to show nothing, and none to be silent about it.
  std::cerr << "kring: names cannot be shown: " << opener.error().message << '\n';
  return open_without_keys();
}

Result<std::unique_ptr<LogReader>> open_log_for_reading(const Options& options) {
  if (on_kafka(options)) {
    auto log = log_for_reading(options);
    if (!log) return log;
    auto history = (*log)->history();
    if (!history) return std::unexpected(std::move(history.error()));
    if (*history == HistoryId{})
      return fail(ErrorKind::io, "no_data", concat("there are no data in ", options.log_url, ": 'kring init' or 'kring submit' makes them"));
    if (auto own = check_one_history(options, *history); !own) return std::unexpected(std::move(own.error()));
    return log;
  }
  std::error_code error;
  if (!std::filesystem::exists(log_path(options), error)) {
    if (error) return fail(ErrorKind::io, "unreadable", concat("cannot read ", options.data, ": ", error.message()));
    return fail(ErrorKind::io, "no_data", concat("there are no data in ", options.data, ": 'kring init' or 'kring submit' makes them"));
  }
  return make_embedded_reader(log_path(options));
}

Result<EngineParts> EngineParts::open(const Options& options, const HistoryId& history, bool fresh) {
  auto paths = key_paths_to_write(options);
  if (!paths) return std::unexpected(std::move(paths.error()));
  EngineParts parts;
  std::unique_ptr<FileLock> making;
  if (fresh && on_kafka(options) && !posix_filesystem().open(paths->key_encryption_key, OpenMode::read)) {
    // Whoever makes the key-encryption key of this directory is alone.
    auto lock = wait_for(concat(options.data, "/making-keys"), options, writer_wait);
    if (!lock) return std::unexpected(std::move(lock.error()));
    making = std::move(*lock);
  }
  if (on_kafka(options)) {
    auto shared = open_following(options, *paths, history, fresh);
    if (!shared) return std::unexpected(std::move(shared.error()));
    parts.shared = shared->get();
    parts.sealer = std::move(*shared);
  } else {
    auto sealer = open_keyring(posix_filesystem(), *paths, history, fresh);
    if (!sealer) return std::unexpected(std::move(sealer.error()));
    parts.sealer = std::move(*sealer);
  }
  auto index = CommandIndex::open(command_ids_path(options));
  if (!index) return std::unexpected(std::move(index.error()));
  parts.index = std::move(*index);
  SnapshotOptions snapshots;
  snapshots.directory = directory_of_log(options) + "/snapshots";
  snapshots.notice = tell;
  parts.snapshots = std::make_unique<SnapshotStore>(std::move(snapshots));
  return parts;
}

Result<void> EngineParts::follow_keys(LogReader& log) {
  if (!shared) return {};
  if (auto read = note_records(*shared, log); !read) return read;
  if (shared->is_caught_up()) return {};
  return catch_up_keys(*shared, log, SharedKeyring::Ask::always);
}

Result<void> EngineParts::lead(EventLog& log) { return shared ? lead_keys(*shared, log, log.epoch()) : Result<void>(); }

Result<std::unique_ptr<Writer>> Writer::open(const Options& options) {
  std::unique_ptr<Writer> writer(new Writer);
  if (auto paths = key_paths_to_write(options); !paths) return std::unexpected(std::move(paths.error()));  // settings first
  if (auto own = check_one_history(options); !own) return std::unexpected(std::move(own.error()));
  if (on_kafka(options)) {
    auto lock = lock_directory(options, writer_wait);
    if (!lock) return std::unexpected(std::move(lock.error()));
    writer->lock_ = std::move(*lock);
    if (auto opened = writer->open_models(options); !opened) return std::unexpected(std::move(opened.error()));
  }
  auto log = log_for_writing(options, writer_wait, writer->database_ ? furthest(writer->database_->progress()) : Bookmark());
  if (!log) return std::unexpected(std::move(log.error()));
  writer->log_ = std::move(*log);
  // The log's lock is the directory's: what else is opened here has one process too.
  auto tail = writer->log_->claim();
  if (!tail) return std::unexpected(std::move(tail.error()));
  auto history = writer->log_->history();
  if (!history) return std::unexpected(std::move(history.error()));
  if (!writer->database_ && std::filesystem::exists(models_path(options))) {
    if (auto opened = writer->open_models(options); !opened) return std::unexpected(std::move(opened.error()));
    if (auto checked = check_models(options, *writer->database_, *writer->log_, *tail); !checked) return std::unexpected(std::move(checked.error()));
  }
  auto parts = EngineParts::open(options, *history, tail->position == 0);
  if (!parts) return std::unexpected(std::move(parts.error()));
  writer->parts_ = std::move(*parts);
  if (auto leads = writer->parts_.lead(*writer->log_); !leads) return std::unexpected(std::move(leads.error()));
  if (auto opened = writer->open_models(options); !opened) return std::unexpected(std::move(opened.error()));
  auto reader = log_for_reading(options);
  if (!reader) return std::unexpected(std::move(reader.error()));
  writer->keeper_ = std::make_unique<projections::ModelKeeper>(*writer->database_, std::move(*reader), tail->position);
  auto engine = Engine::start({}, *writer->log_, *tail, writer->parts_.replica(), real_environment());
  if (!engine) return std::unexpected(std::move(engine.error()));
  writer->engine_ = std::move(*engine);
  writer->engine_->on_append([keeper = writer->keeper_.get()](const Bookmark& reached) { keeper->notify(reached.position); });
  writer->keeper_->notify(writer->engine_->head().position);  // the start may have recorded something
  return writer;
}

Result<void> Writer::open_models(const Options& options) {
  if (database_) return {};
  auto database = Database::open_primary(models_path(options));
  if (!database) return std::unexpected(std::move(database.error()));
  database_ = std::move(*database);
  return {};
}

Writer::~Writer() { (void)close(); }

Result<void> Writer::close() {
  Position all = engine_ ? engine_->head().position : 0;
  engine_.reset();
  if (!keeper_) return {};
  ProgressBar bar("read models");
  auto kept = keeper_->finish([&](Position done, Position) { bar(done, all); });
  keeper_.reset();
  database_.reset();
  return kept;
}

Result<Exclusive> open_exclusively(const Options& options, std::chrono::milliseconds wait, projections::IfDamaged if_damaged) {
  Exclusive exclusive;
  if (on_kafka(options)) {
    // The lock first: while another process has it this is asked again and again, and brokers need not hear of that.
    auto lock = lock_directory(options, wait);
    if (!lock) return std::unexpected(std::move(lock.error()));
    exclusive.lock = std::move(*lock);
  }
  auto there = open_log_for_reading(options);
  if (!there) return std::unexpected(std::move(there.error()));
  exclusive.log = std::move(*there);
  if (!on_kafka(options)) {
    auto log = embedded_log(options, wait);
    auto claimed = log->claim();
    if (claimed) {
      exclusive.tail = claimed->position;
      exclusive.log = std::move(log);
    } else if (claimed.error().code == "log_sealed") {
      // Nobody writes to it any more. What is made from it can be made all the same, by one process at a time.
      auto lock = wait_for(concat(log_path(options), "/", lock_name), options, wait);
      if (!lock) return std::unexpected(std::move(lock.error()));
      exclusive.lock = std::move(*lock);
    } else {
      return std::unexpected(std::move(claimed.error()));
    }
  }
  auto database = Database::open_primary(models_path(options), if_damaged);
  if (!database) return std::unexpected(std::move(database.error()));
  exclusive.database = std::move(*database);
  return exclusive;
}

Result<Position> Exclusive::catch_up() {
  ProgressBar bar("read models");
  return projections::Projector(*database, *log).catch_up([&](Position done, Position) { bar(done, tail); });
}

Result<Reading> open_for_reading(const Options& options) {
  auto log = open_log_for_reading(options);
  if (!log) return std::unexpected(std::move(log.error()));
  Reading reading;
  auto deadline = std::chrono::steady_clock::now() + reader_wait;
  std::optional<Position> wanted;
  for (;;) {
    auto database = Database::open_reader(models_path(options));
    bool remake = !database && (database.error().kind == ErrorKind::not_found || database.error().code == "read_models_damaged");
    if (!database && !remake) return std::unexpected(std::move(database.error()));
    if (database) {
      auto progress = (*database)->progress();
      if (!wanted) {
        auto end = end_of_log(**log, progress, options);
        if (!end) return std::unexpected(std::move(end.error()));
        if (*end >= options.min_position) wanted = *end;
        else if (std::chrono::steady_clock::now() > deadline)
          return fail(ErrorKind::busy, "not_there_yet", concat("the log ends at position ", *end, ", and position ", options.min_position, " did not come"));
      }
      if (!wanted) {
        std::this_thread::sleep_for(poll_interval);
        continue;
      }
      if (reading.head = slowest(progress); reading.head >= *wanted) {
        // The keys last: those that the records up to here name are there by now.
        auto opener = open_opener(options, **log);
        if (!opener) return std::unexpected(std::move(opener.error()));
        reading.opener = std::move(*opener);
        reading.database = std::move(*database);
        return reading;
      }
    }
    // They lag behind: a writer is at work on them, or one was killed before it was done. Or there are none: they are made.
    auto exclusive = open_exclusively(options, std::chrono::milliseconds(0));
    if (exclusive) {
      if (auto caught_up = exclusive->catch_up(); !caught_up) return std::unexpected(std::move(caught_up.error()));
    } else if (exclusive.error().kind != ErrorKind::busy || std::chrono::steady_clock::now() > deadline) {
      auto error = std::move(exclusive.error());
      std::string state = database ? concat("the read models are at position ", reading.head, " and the log at ", *wanted) : database.error().message;
      error.message = concat(state, "; they cannot be brought up by this user, or now: ", error.message);
      return std::unexpected(std::move(error));
    } else {
      std::this_thread::sleep_for(poll_interval);
    }
  }
}

}  // namespace kring::cli
