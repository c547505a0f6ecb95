// The keys in a data directory are those of one history: a writer destroys the keys that no record of its log names, and would
// destroy those of another log with them.
#pragma once

#include "events/log/event_log.h"
#include "tools/kring/options.h"

namespace kring::cli {

// Errors, before anything is written: kind io, code `other_history`, where the directory has an embedded log and the one on Kafka
// that is named is not that log after it moved; or where an embedded log is to be begun in a directory with the keys of another one. Asks
// brokers only where there is an embedded log.
Result<void> check_one_history(const Options& options);
Result<void> check_one_history(const Options& options, const HistoryId& on_kafka);  // where it is known already

}  // namespace kring::cli
