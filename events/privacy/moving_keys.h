// Takes the keys of a history along when its log moves to another data directory. Two steps, with the sealing of the old log
// between them: before it the old directory has the keys, after it the new one. Whoever is killed on the way does the step
// again. The caller holds the locks of both directories.
#pragma once

#include <functional>

#include "events/privacy/key_feed.h"
#include "events/privacy/keyring.h"

namespace kring {

// Visits all decisions of the log, in order.
using EachDecision = std::function<Result<void>(const std::function<void(const Decision& decision, Position position)>& visit)>;

// Before the seal. Makes the target's keys, key-encryption key and ledger those of the source. The records tell whose keys there
// are, and who is forgotten: nobody's key is copied who is. Durable when this returns. What an earlier copy has left is
// replaced. Errors: those of open_keyring for the source, and of `records`; kind io, code `other_keys`, where the target has
// keys that are not the source's: nothing is overwritten then.
Result<void> copy_keys(FileSystem& files, const KeyringPaths& source, const KeyringPaths& target, const HistoryId& history, const EachDecision& records);

// After the seal. Destroys the keys of the source: from now on the target forgets, and a second key that it does not know
// of would outlive that. Error `keys_missing`, and nothing is destroyed, where the target lacks one of them.
Result<void> destroy_moved_keys(FileSystem& files, const KeyringPaths& source, const KeyringPaths& target);

// After the seal, where the source shared its keys: destroys all that were published there. A feed that is not there has none.
Result<void> destroy_published_keys(FileSystem& files, const KeyringPaths& source, std::unique_ptr<KeyFeed> feed);

}  // namespace kring
