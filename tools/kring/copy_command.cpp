// kring copy: moves a log to another place, and the keys along where that is another data directory.
#include <iostream>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "events/log/copy_log.h"
#include "events/log/kafka/key_topic.h"
#include "events/log/kafka/topic.h"
#include "events/privacy/moving_keys.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/interrupt.h"
#include "tools/kring/log_place.h"
#include "tools/kring/progress_bar.h"
#include "tools/kring/settings.h"
#include "tools/kring/shared_keys.h"

namespace kring::cli {
namespace {

constexpr auto copy_wait = std::chrono::milliseconds(5000);  // for another writer to go

void tell(const std::string& text) { std::cerr << "kring: " << printable(text) << '\n'; }

Result<void> each_decision(LogReader& log, const std::function<void(const Decision& decision, Position position)>& visit) {
  Result<void> outcome;
  auto read = log.read({}, [&](const LogEntry& entry) {
    auto decision = codec::decode(entry.body);
    if (decision) visit(*decision, entry.position);
    else outcome = std::unexpected(std::move(decision.error()));
    return outcome.has_value();
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return outcome;
}

// Both ends, open and locked.
struct Move {
  CopyEnd from, to;
  KeyringPaths from_keys, to_keys;
  HistoryId history{};
  std::unique_ptr<FileLock> from_lock, to_lock;
  std::unique_ptr<EventLog> source, target;

  bool moves_keys() const { return directory_of_log(from.options) != directory_of_log(to.options); }
  Result<void> open();
  Result<void> bring_keys() const;
  Result<void> destroy_old_keys() const;
};

Result<void> Move::open() {
  for (auto [end, paths] : {std::pair(&from, &from_keys), {&to, &to_keys}}) {
    auto read = key_paths_to_write(end->options);
    if (!read) return std::unexpected(std::move(read.error()));
    *paths = std::move(*read);
  }
  auto there = open_log_for_reading(from.options);
  if (!there) return std::unexpected(std::move(there.error()));
  auto id = (*there)->history();
  if (!id) return std::unexpected(std::move(id.error()));
  if (*id == HistoryId{}) return fail(ErrorKind::io, "no_data", concat("there is nothing to copy in ", from.name));
  history = *id;
  if (on_kafka(from.options)) {
    auto lock = lock_directory(from.options, copy_wait);
    if (!lock) return std::unexpected(std::move(lock.error()));
    from_lock = std::move(*lock);
  }
  if (on_kafka(to.options) && !(from_lock && !moves_keys())) {
    auto lock = lock_directory(to.options, copy_wait);
    if (!lock) return std::unexpected(std::move(lock.error()));
    to_lock = std::move(*lock);
  }
  auto old_log = log_for_writing(from.options, copy_wait, {});
  if (!old_log) return std::unexpected(std::move(old_log.error()));
  auto new_log = log_for_writing(to.options, copy_wait, {}, history);
  if (!new_log) return std::unexpected(std::move(new_log.error()));
  source = std::move(*old_log);
  target = std::move(*new_log);
  return {};
}

// Makes one what a directory and the topic of its keys have, as the next writer would.
Result<void> settle_shared_keys(const Options& options, const KeyringPaths& paths, const HistoryId& history, std::uint64_t epoch) {
  const auto kafka = kafka_options(options);
  if (!kafka) return std::unexpected(kafka.error());
  if (auto made = create_key_topic(*kafka); !made) return made;
  auto reader = log_for_reading(options);
  if (!reader) return std::unexpected(std::move(reader.error()));
  auto keys = open_following(options, paths, history, false);
  if (!keys) return std::unexpected(std::move(keys.error()));
  if (auto leads = lead_keys(**keys, **reader, epoch); !leads) return leads;
  if (auto resumed = (*keys)->resumed(); !resumed) return resumed;
  return (*keys)->settle();
}

// With readers of their own: the logs are being written to, by us.
Result<void> Move::bring_keys() const {
  if (on_kafka(from.options))
    if (auto settled = settle_shared_keys(from.options, from_keys, history, source->epoch()); !settled) return settled;
  if (moves_keys()) {
    auto reader = log_for_reading(from.options);
    if (!reader) return std::unexpected(std::move(reader.error()));
    auto copied = copy_keys(posix_filesystem(), from_keys, to_keys, history, [&](const auto& visit) { return each_decision(**reader, visit); });
    if (!copied) return copied;
  }
  return on_kafka(to.options) ? settle_shared_keys(to.options, to_keys, history, target->epoch()) : Result<void>();
}

Result<void> Move::destroy_old_keys() const {
  if (moves_keys())
    if (auto destroyed = destroy_moved_keys(posix_filesystem(), from_keys, to_keys); !destroyed) return destroyed;
  if (!on_kafka(from.options)) return {};
  const auto kafka = kafka_options(from.options);
  if (!kafka) return std::unexpected(kafka.error());
  return destroy_published_keys(posix_filesystem(), from_keys, make_key_feed(*kafka));
}

int show(const Options& options, const Move& move, const Copied& copied) {
  const json::Object document{{"from", move.from.name},
                              {"to", move.to.name},
                              {"history", to_hex(view(move.history))},
                              {"position", copied.tail.position},
                              {"hash", to_hex(view(copied.tail.hash))},
                              {"copied", copied.copied},
                              {"sealed", true},
                              {"keys", move.to_keys.keys}};
  print((options.format == Format::table ? json::to_pretty_text(document) : json::to_text(document)) + "\n");
  tell(concat(copied.sealed_before ? "this was done before: " : "", move.from.name, " is sealed and can still be read; go on with kring --data ",
              move.to.options.data, on_kafka(move.to.options) ? concat(" --log ", move.to.options.log_url) : ""));
  if (move.moves_keys())
    tell(concat("the keys of persons are in ", move.to.options.data, " now, and no longer in ", move.from.options.data, "; back up ", move.to_keys.key_encryption_key,
                " and ", move.to_keys.erasure_ledger, " apart from it"));
  return finish_output();
}

}  // namespace

int run_copy(const Options& options) {
  Move move;
  for (auto [end, url, flag] : {std::tuple(&move.from, &options.copy_from, "--from"), {&move.to, &options.copy_to, "--to"}}) {
    auto parsed = parse_copy_end(options, *url, flag);
    if (!parsed) return report(parsed.error());
    *end = std::move(*parsed);
  }
  if (move.from.name == move.to.name) return report({ErrorKind::usage, "wrong_use", "--to", "--from and --to are the same place"});
  Interrupt interrupt;
  if (auto opened = move.open(); !opened) return report(opened.error());
  Result<Copied> copied;
  {
    ProgressBar bar("copying");
    CopyOptions how;
    how.successor = move.to.name;
    how.claim_late = on_kafka(move.from.options);
    how.report = [&](Position reached, Position end) { return bar(reached, end), interrupt.came() == 0; };
    how.before_seal = [&] { return move.bring_keys(); };
    copied = copy_log(*move.source, *move.target, how);
  }
  if (!copied && copied.error().code == "interrupted") {
    tell(concat(copied.error().message, ": nothing was sealed; run it again to go on"));
    return exit_code_of(interrupt.came());
  }
  if (!copied) return report(copied.error());
  if (auto destroyed = move.destroy_old_keys(); !destroyed) return report(destroyed.error());
  return show(options, move, *copied);
}

}  // namespace kring::cli
