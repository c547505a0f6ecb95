// Are all keys there? Part of kring verify.
#pragma once

#include <optional>

#include "events/log/event_log.h"
#include "events/privacy/keyring.h"

namespace kring::cli {

// Opens every sealed text of the log of those who were not forgotten, by the log or by the ledger. Returns how many there
// were; none where the key-encryption key cannot be read, which standard error says. Error `keys_damaged` names the first
// person and slot whose key is damaged or missing.
Result<std::optional<std::size_t>> verify_keys(LogReader& log, const KeyringPaths& paths);

}  // namespace kring::cli
