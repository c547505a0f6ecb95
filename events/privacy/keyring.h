// The sealing port for real: keys of persons in a key store, a ledger of erasures, libsodium behind crypto.h.
#pragma once

#include <memory>
#include <string>

#include "events/filesystem/filesystem.h"
#include "events/privacy/sealing.h"

namespace kring {

struct KeyringPaths {
  std::string keys;                // the key store, in the data directory
  std::string key_encryption_key;  // outside of it
  std::string erasure_ledger;      // outside of it and of its backups
};

// For the log's writer. `fresh`: the log is empty, so keys and the key-encryption key may be made; in a history that has
// begun a missing file is an error that says what to do. Applies the ledger: whoever stands in it has no key afterwards.
Result<std::unique_ptr<Sealer>> open_keyring(FileSystem& files, const KeyringPaths& paths, const HistoryId& history, bool fresh);

// For readers, beside a writer or without one. Whoever stands in the ledger is not opened. Errors as above.
Result<std::unique_ptr<Opener>> open_key_reader(FileSystem& files, const KeyringPaths& paths, const HistoryId& history);

// Opens only what is sealed for nobody: for readers who may not have the keys.
std::unique_ptr<Opener> open_without_keys();

}  // namespace kring
