// The bytes of a key store, as pure functions. docs/key-store-format.md says the same in words.
#pragma once

#include <optional>
#include <span>

#include "events/privacy/key_store.h"

namespace kring {

inline constexpr std::size_t key_slot_size = 128;  // of the header too
inline constexpr std::uint64_t most_key_slots = std::uint64_t{1} << 40;  // far above what there can be: what names more is not ours
inline constexpr std::size_t wrapped_key_size = encryption_overhead + 32;

// Tells one key-encryption key from another, and nothing about either.
Token wrapping_fingerprint(const Secret& wrapping);

// Format version 2. Version 1 has slots of kind live that were written whole; they stay as they are.
Bytes key_store_header(const Secret& wrapping);
bool is_whole_header(BytesView bytes);  // of whatever version and wrapping key
// Is it a header of version 1, or one that a crash tore while it became one of version 2?
bool is_older_header(BytesView bytes, const Secret& wrapping);
// An error where the bytes are no header, or one of another version or wrapping key.
Result<void> check_key_store_header(BytesView bytes, const Secret& wrapping, const std::string& path);

enum class SlotKind : std::uint8_t {
  empty,
  live,        // a key and its owner
  spare,       // a key that was made ahead, and is nobody's yet
  disowned,    // a key whose owner cannot be read
  destroyed,
  unreadable,
};

// Of an unreadable slot the members are what they seem to be, of a disowned one the owner is.
struct KeySlot {
  SlotKind kind = SlotKind::empty;
  KeyId id{};
  KeyOwner owner{};
  Bytes wrapped;
  bool half_destroyed = false;  // unreadable, and begins as the mark of a destroyed one: a crash tore that
  bool torn = false;            // unreadable, and its beginning or its end is missing: what a crash leaves of one that was being made
  bool bound_to_owner = false;  // as in version 1

  bool has_key() const { return kind == SlotKind::live || kind == SlotKind::spare || kind == SlotKind::disowned; }
};

KeySlot parse_key_slot(BytesView bytes);
Bytes spare_key_slot(const PersonKey& key, const Secret& wrapping);
Bytes spare_key_slot(const KeyId& id, BytesView wrapped);  // one that was wrapped before
// Makes a spare slot a live one. Changes no byte but those of the owner: a crash that tears this tears no key.
void assign_key_slot(std::span<char> slot, const KeyOwner& owner);
Bytes destroyed_key_slot(const KeyId& id);
std::optional<Secret> unwrap(const KeySlot& slot, const Secret& wrapping);
std::optional<Secret> unwrap(const KeyId& id, BytesView wrapped, const Secret& wrapping);  // of version 2

// Makes the checksums fit what stands there: for tests that make slots up.
void mend_key_slot(std::span<char> slot);

KeyId make_key_id(std::uint64_t slot);
std::uint64_t slot_of(const KeyId& id);

}  // namespace kring
