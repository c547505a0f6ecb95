// The bytes of the messages by which directories share keys, as pure functions. docs/key-store-format.md says the same in words.
#pragma once

#include <cstdint>

#include "events/privacy/key_feed.h"
#include "events/privacy/key_store.h"

namespace kring {

// A key, wrapped, and the epoch of the claim under which it was published.
struct PublishedKey {
  KeyId id{};
  std::uint64_t epoch = 0;
  Bytes wrapped;
};

// Whose keys these are, and which key-encryption key wraps them. While it is missing, keys may be that no one has published.
struct SharedStore {
  HistoryId history{};
  Token fingerprint{};  // wrapping_fingerprint
  bool operator==(const SharedStore&) const = default;
};

enum class KeyMessageKind : std::uint8_t {
  key,
  destroyed,    // a tombstone of a key
  store,        // a SharedStore
  writer,       // somebody has claimed the log, and reads this far before it decides anything
  foreign,      // no message of ours, or damaged
  unsupported,  // of a newer program
};

// The members of the kind are set, and no others.
struct ParsedKeyMessage {
  KeyMessageKind kind = KeyMessageKind::foreign;
  PublishedKey key;        // key; of a destroyed one the id
  SharedStore store;
  std::uint64_t epoch = 0;  // writer
  Token writer{};
};

KeyMessage key_message(const PublishedKey& key);
KeyMessage destroyed_message(const KeyId& id);
KeyMessage store_message(const SharedStore& store);
KeyMessage writer_message(std::uint64_t epoch, const Token& writer);

ParsedKeyMessage parse_key_message(BytesView key, std::optional<BytesView> value);

}  // namespace kring
