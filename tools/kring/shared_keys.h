// The keys of a data directory whose log is on Kafka: it shares them with the other directories of that log.
#pragma once

#include <memory>

#include "events/log/event_log.h"
#include "events/privacy/shared_keyring.h"
#include "tools/kring/options.h"

namespace kring::cli {

// Tells the keyring of the records that it has not noted, up to the end of what the log has now.
Result<void> note_records(SharedKeyring& keys, LogReader& log);

// Notes all records, and has the keyring catch up with them.
Result<void> catch_up_keys(SharedKeyring& keys, LogReader& log, SharedKeyring::Ask ask);

// As SharedKeyring::open. Where the log is `fresh`, claimed and empty, the topic for keys is made if it is missing, and the
// key-encryption key has to be that of the other partitions. The caller holds the directory's lock.
Result<std::unique_ptr<SharedKeyring>> open_following(const Options& options, const KeyringPaths& paths, const HistoryId& history, bool fresh);

// Reads the log to its end, with all that it says of keys, and leads under the claim with this epoch.
Result<void> lead_keys(SharedKeyring& keys, LogReader& log, std::uint64_t epoch);

// Before names are read: brings the keys here up to the records that the log has now, and takes away those of whoever is
// forgotten by them. Where this user or this moment does not allow that, those stay shut that are not here; standard error says
// why, unless a writer of this directory is at work, which has them.
void follow_keys_for_reading(const Options& options, const KeyringPaths& paths, LogReader& log, const HistoryId& history);

// The same for a caller who holds the directory's lock.
void follow_keys_for_verifying(const Options& options, const KeyringPaths& paths, LogReader& log);

}  // namespace kring::cli
