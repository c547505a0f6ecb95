#include "tools/kring/shared_keys.h"

#include <iostream>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "events/log/kafka/key_topic.h"
#include "events/log/kafka/topic.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/key_slot.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/log_place.h"

namespace kring::cli {
namespace {

void tell(std::string_view text) { std::cerr << "kring: " << printable(text) << '\n'; }

// Is every record in the key store's account, and what it was made from there?
Result<bool> is_up_to_date(const KeyringPaths& paths, LogReader& log, const HistoryId& history) {
  FileSystem& files = posix_filesystem();
  for (const std::string& path : {paths.keys, paths.erasure_ledger})
    if (!files.open(path, OpenMode::read)) return false;
  const auto place = read_key_place(files, key_place_path(paths), history);
  if (!place) return std::unexpected(place.error());
  if (!*place) return false;
  bool more = false;
  const auto read = log.read((*place)->read, [&](const LogEntry&) { return more = true, false; });
  return read ? Result<bool>(!more) : std::unexpected(read.error());
}

// Before the first key of a partition: all partitions of a topic have one key-encryption key.
Result<void> prepare(const KafkaOptions& kafka, const KeyringPaths& paths) {
  if (auto made = create_key_topic(kafka); !made) return made;
  auto wrapping = read_key_encryption_key(posix_filesystem(), paths.key_encryption_key);
  const bool none = !wrapping && wrapping.error().kind == ErrorKind::not_found;
  if (!wrapping && !none) return std::unexpected(std::move(wrapping.error()));
  const auto topics = describe_topics(kafka);
  if (!topics) return std::unexpected(topics.error());
  // Two that make one at the same moment, each for a partition of its own, would shut each other out for ever.
  if (none && topics->log.partitions > 1)
    return fail(ErrorKind::damaged, "key_encryption_key_missing",
                concat("there is no ", paths.key_encryption_key, ", and the partitions of ", kafka.topic, " share one key-encryption key: copy it from where 'kring topic create' "
                       "was run, or from a data directory that writes there"));
  if (none) wrapping = Secret::random();
  for (std::int32_t partition = 0; partition < topics->log.partitions; ++partition) {
    if (partition == kafka.partition) continue;
    KafkaOptions other = kafka;
    other.partition = partition;
    PublishedKeys published(make_key_feed(other), *wrapping);
    if (auto read = published.catch_up(); !read) return read;
    if (!published.store() || published.store()->fingerprint == wrapping_fingerprint(*wrapping)) continue;
    return fail(ErrorKind::damaged, "other_key",
                concat("partition ", partition, " of ", kafka.topic, " has keys that another key-encryption key wraps than that in ", paths.key_encryption_key,
                       ": copy the file from a data directory that writes there"));
  }
  return {};
}

Result<void> follow(const Options& options, const KeyringPaths& paths, LogReader& log, const HistoryId& history) {
  auto keys = open_following(options, paths, history, false);
  if (!keys) return std::unexpected(std::move(keys.error()));
  if (auto caught_up = catch_up_keys(**keys, log, SharedKeyring::Ask::if_missing); !caught_up) return caught_up;
  if ((*keys)->missing() > 0)
    tell(concat("some names cannot be shown: ", (*keys)->missing(), (*keys)->missing() == 1 ? " key is" : " keys are",
                " neither here nor shared by anybody; submit something from the data directory that has them"));
  return {};
}

}  // namespace

Result<void> note_records(SharedKeyring& keys, LogReader& log) {
  Result<void> outcome;
  const auto read = log.read(keys.place(), [&](const LogEntry& entry) {
    const auto decision = codec::decode(entry.body);
    if (decision) keys.note(*decision, entry.after);
    else outcome = std::unexpected(decision.error());
    return outcome.has_value();
  });
  if (!read) return std::unexpected(read.error());
  return outcome;
}

// Again where keys came that were missing before: then all records have to be noted once more.
Result<void> catch_up_keys(SharedKeyring& keys, LogReader& log, SharedKeyring::Ask ask) {
  for (Position noted = 0;;) {
    if (auto read = note_records(keys, log); !read) return read;
    noted = keys.place().position;
    if (auto caught_up = keys.catch_up(ask); !caught_up) return caught_up;
    if (keys.place().position >= noted) return {};
  }
}

Result<std::unique_ptr<SharedKeyring>> open_following(const Options& options, const KeyringPaths& paths, const HistoryId& history, bool fresh) {
  const auto kafka = kafka_options(options);
  if (!kafka) return std::unexpected(kafka.error());
  if (fresh)
    if (auto ready = prepare(*kafka, paths); !ready) return std::unexpected(std::move(ready.error()));
  return SharedKeyring::open(posix_filesystem(), paths, history, make_key_feed(*kafka), fresh);
}

Result<void> lead_keys(SharedKeyring& keys, LogReader& log, std::uint64_t epoch) {
  for (;;) {
    if (auto read = note_records(keys, log); !read) return read;
    const auto leads = keys.lead(epoch);
    if (!leads) return std::unexpected(leads.error());
    if (!*leads) continue;
    if (keys.missing() > 0) tell(concat(keys.missing(), " keys are neither here nor shared by anybody: what they sealed stays sealed"));
    return {};
  }
}

void follow_keys_for_reading(const Options& options, const KeyringPaths& paths, LogReader& log, const HistoryId& history) {
  const auto up_to_date = is_up_to_date(paths, log, history);
  if (up_to_date && *up_to_date) return;
  const auto lock = lock_directory(options, std::chrono::milliseconds(0));
  if (!lock && lock.error().kind == ErrorKind::busy) return;
  const auto followed = lock ? follow(options, paths, log, history) : Result<void>(std::unexpected(lock.error()));
  // That the key-encryption key is missing is said where names are to be opened.
  if (!followed && followed.error().code != "key_encryption_key_missing") tell(concat("some names may not be shown: ", followed.error().message));
}

void follow_keys_for_verifying(const Options& options, const KeyringPaths& paths, LogReader& log) {
  const auto history = log.history();
  const auto followed = history ? follow(options, paths, log, *history) : Result<void>(std::unexpected(history.error()));
  if (!followed && followed.error().code != "key_encryption_key_missing") tell(followed.error().message);
}

}  // namespace kring::cli
