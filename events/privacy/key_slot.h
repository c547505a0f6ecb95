// The bytes of a key store, as pure functions. docs/key-store-format.md says the same in words.
#pragma once

#include <optional>

#include "events/privacy/key_store.h"

namespace kring {

inline constexpr std::size_t key_slot_size = 128;  // of the header too

Bytes key_store_header(const Secret& wrapping);
bool is_whole_header(BytesView bytes);  // of whatever version and wrapping key
// An error where the bytes are no header, or one of another version or wrapping key.
Result<void> check_key_store_header(BytesView bytes, const Secret& wrapping, const std::string& path);

enum class SlotKind : std::uint8_t { empty, live, destroyed, unreadable };

// Of an unreadable slot the members are what they seem to be.
struct KeySlot {
  SlotKind kind = SlotKind::empty;
  KeyId id{};
  KeyOwner owner{};
  Bytes wrapped;
  bool half_destroyed = false;  // unreadable, and begins as the mark of a destroyed one: a crash tore that
};

KeySlot parse_key_slot(BytesView bytes);
Bytes live_key_slot(const PersonKey& key, const KeyOwner& owner, const Secret& wrapping);
Bytes destroyed_key_slot(const KeyId& id);
std::optional<Secret> unwrap(const KeySlot& slot, const Secret& wrapping);

KeyId make_key_id(std::uint64_t slot);
std::uint64_t slot_of(const KeyId& id);

}  // namespace kring
