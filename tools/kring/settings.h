// kring.toml of a data directory: where what must not lie in the directory itself lies. Optional; config/kring.toml
// explains every key.
#pragma once

#include <string>

#include "events/base/error.h"
#include "events/log/kafka/kafka_log.h"
#include "events/privacy/keyring.h"

namespace kring::cli {

// The paths of a data directory: its own settings, else DIR.kek and DIR.erased beside it. Errors name file, line and member.
Result<KeyringPaths> keyring_paths(const std::string& data);

// For whoever may have to make these files. Error beyond those: kind io, where the directory of one does not exist.
Result<KeyringPaths> keyring_paths_to_write(const std::string& data);

// What the table [kafka] says: all but brokers, topic and partition. Errors as above.
Result<KafkaOptions> kafka_settings(const std::string& data);

}  // namespace kring::cli
