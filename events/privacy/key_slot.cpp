#include "events/privacy/key_slot.h"

#include <algorithm>
#include <cstring>

#include "events/base/check.h"
#include "events/base/little_endian.h"
#include "events/base/text.h"

namespace kring {
namespace {

constexpr BytesView header_magic{"KRNGKEY\0", 8}, key_magic{"KKE2", 4}, version_1_magic{"KKEY", 4}, destroyed_magic{"KGON", 4};
constexpr std::uint16_t key_store_version = 2;
constexpr std::size_t at_version = 8, at_header_checksum = 12, at_fingerprint = 16;
// The owner stands before the key: a crash that tears the destroying of a slot leaves no key that nobody owns.
constexpr std::size_t at_checksum = 4, at_id = 8, at_owner = 24, at_owner_checksum = 40, owner_end = 48, at_wrapped = 48;
constexpr std::size_t end_of_wrapped = at_wrapped + wrapped_key_size;  // in version 1 eight bytes earlier
static_assert(end_of_wrapped <= key_slot_size);
namespace version_1 {
constexpr std::size_t at_wrapped = 40;
static_assert(at_wrapped + wrapped_key_size <= key_slot_size);
}  // namespace version_1

// Over all bytes, those of the checksum itself taken as zero.
std::uint32_t checksum_of(BytesView bytes, std::size_t at) {
  std::uint32_t sum = crc32c(BytesView("\0\0\0\0", 4), crc32c(bytes.substr(0, at)));
  return crc32c(bytes.substr(at + 4), sum);
}

void put_checksum(Bytes& bytes, std::size_t at) { put_little(bytes.data() + at, checksum_of(bytes, at)); }
bool checksum_holds(BytesView bytes, std::size_t at) { return get_little<std::uint32_t>(bytes.data() + at) == checksum_of(bytes, at); }

Bytes bound_to(const KeyId& id) { return concat("kring-key", view(id)); }
Bytes bound_to(const KeyId& id, const KeyOwner& owner) { return concat("kring-person-key", view(id), view(owner)); }

std::optional<Secret> unwrapped(BytesView wrapped, BytesView bound, const Secret& wrapping) {
  auto bytes = decrypt(wrapping, bound, wrapped);
  if (!bytes) return std::nullopt;
  auto secret = Secret::from_bytes(*bytes);
  wipe(*bytes);
  return secret;
}

bool only_zeros(BytesView bytes) { return bytes.find_first_not_of('\0') == BytesView::npos; }

// Of the key, which stays the same when the slot gets an owner.
std::uint32_t key_checksum(BytesView slot) {
  const std::uint32_t sum = crc32c(slot.substr(at_id, sizeof(KeyId)), crc32c(slot.substr(0, at_checksum)));
  return crc32c(slot.substr(at_wrapped), sum);
}

// The id goes in, so that no owner stands well in another slot.
std::uint32_t owner_checksum(BytesView slot) { return crc32c(slot.substr(at_owner, sizeof(KeyOwner)), crc32c(slot.substr(at_id, sizeof(KeyId)))); }

template <class Field>
void take(BytesView slot, std::size_t at, Field& field) {
  std::memcpy(field.data(), slot.data() + at, field.size());
}

void parse_version_1(BytesView bytes, KeySlot& slot) {
  slot.wrapped = bytes.substr(version_1::at_wrapped, wrapped_key_size);
  slot.bound_to_owner = true;
  if (checksum_holds(bytes, at_checksum)) slot.kind = SlotKind::live;
}

void parse_key(BytesView bytes, KeySlot& slot) {
  slot.wrapped = bytes.substr(at_wrapped, wrapped_key_size);
  if (get_little<std::uint32_t>(bytes.data() + at_checksum) != key_checksum(bytes)) return;
  const bool owned = get_little<std::uint32_t>(bytes.data() + at_owner_checksum) == owner_checksum(bytes) &&
                     only_zeros(bytes.substr(at_owner_checksum + 4, owner_end - at_owner_checksum - 4));
  const bool nobodys = only_zeros(bytes.substr(at_owner, owner_end - at_owner));
  slot.kind = nobodys ? SlotKind::spare : owned ? SlotKind::live : SlotKind::disowned;
}

}  // namespace

Token wrapping_fingerprint(const Secret& wrapping) {
  const Secret derived = derive("kring-wrapping-key-fingerprint", wrapping.bytes());
  Token fingerprint;
  take(derived.bytes(), 0, fingerprint);
  return fingerprint;
}

Bytes key_store_header(const Secret& wrapping) {
  Bytes bytes(key_slot_size, '\0');
  std::ranges::copy(header_magic, bytes.begin());
  put_little(bytes.data() + at_version, key_store_version);
  std::ranges::copy(view(wrapping_fingerprint(wrapping)), bytes.begin() + at_fingerprint);
  put_checksum(bytes, at_header_checksum);
  return bytes;
}

bool is_whole_header(BytesView bytes) {
  return bytes.size() >= key_slot_size && bytes.starts_with(header_magic) && checksum_holds(bytes.substr(0, key_slot_size), at_header_checksum);
}

bool is_older_header(BytesView bytes, const Secret& wrapping) {
  if (bytes.size() < key_slot_size) return false;
  const Bytes now = key_store_header(wrapping);
  Bytes before = now;
  put_little(before.data() + at_version, std::uint16_t{1});
  put_checksum(before, at_header_checksum);
  // One byte after the other is of the one or of the other.
  for (std::size_t i = 0; i < key_slot_size; ++i)
    if (bytes[i] != now[i] && bytes[i] != before[i]) return false;
  return bytes.substr(0, key_slot_size) != now;
}

Result<void> check_key_store_header(BytesView bytes, const Secret& wrapping, const std::string& path) {
  if (is_older_header(bytes, wrapping)) return {};
  if (!is_whole_header(bytes))
    return fail(ErrorKind::damaged, "keys_damaged", concat(path, " does not begin as a key store does: restore it from a backup"));
  if (auto version = get_little<std::uint16_t>(bytes.data() + at_version); version != key_store_version)
    return fail(ErrorKind::unsupported, "unsupported_format", concat(path, " is of format version ", version, ", which this kring does not know"));
  if (bytes.substr(at_fingerprint, 16) != view(wrapping_fingerprint(wrapping)))
    return fail(ErrorKind::damaged, "other_key", concat("the keys in ", path, " were wrapped by another key-encryption key than the one given"));
  return {};
}

KeySlot parse_key_slot(BytesView bytes) {
  KeySlot slot;
  if (only_zeros(bytes)) return slot;
  slot.kind = SlotKind::unreadable;
  slot.torn = bytes.size() < key_slot_size || only_zeros(bytes.substr(0, at_checksum)) || only_zeros(bytes.substr(end_of_wrapped - 16, 16));
  if (bytes.size() < key_slot_size) return slot;
  bytes = bytes.substr(0, key_slot_size);
  take(bytes, at_id, slot.id);
  take(bytes, at_owner, slot.owner);
  if (bytes.starts_with(version_1_magic)) {
    parse_version_1(bytes, slot);
  } else if (bytes.starts_with(destroyed_magic)) {
    slot.half_destroyed = !checksum_holds(bytes, at_checksum);
    if (!slot.half_destroyed) slot.kind = SlotKind::destroyed;
  } else if (bytes.starts_with(key_magic)) {
    parse_key(bytes, slot);
  }
  return slot;
}

Bytes spare_key_slot(const PersonKey& key, const Secret& wrapping) {
  return spare_key_slot(key.id, encrypt(wrapping, bound_to(key.id), key.secret.bytes()));
}

Bytes spare_key_slot(const KeyId& id, BytesView wrapped) {
  KRING_CHECK(wrapped.size() == wrapped_key_size);
  Bytes bytes(key_slot_size, '\0');
  std::ranges::copy(key_magic, bytes.begin());
  std::ranges::copy(view(id), bytes.begin() + at_id);
  std::ranges::copy(wrapped, bytes.begin() + at_wrapped);
  put_little(bytes.data() + at_checksum, key_checksum(bytes));
  return bytes;
}

void assign_key_slot(std::span<char> slot, const KeyOwner& owner) {
  std::ranges::fill(slot.subspan(at_owner, owner_end - at_owner), '\0');
  std::ranges::copy(view(owner), slot.begin() + at_owner);
  put_little(slot.data() + at_owner_checksum, owner_checksum({slot.data(), slot.size()}));
}

Bytes destroyed_key_slot(const KeyId& id) {
  Bytes bytes(key_slot_size, '\0');
  std::ranges::copy(destroyed_magic, bytes.begin());
  std::ranges::copy(view(id), bytes.begin() + at_id);
  put_checksum(bytes, at_checksum);
  return bytes;
}

std::optional<Secret> unwrap(const KeySlot& slot, const Secret& wrapping) {
  return unwrapped(slot.wrapped, slot.bound_to_owner ? bound_to(slot.id, slot.owner) : bound_to(slot.id), wrapping);
}

std::optional<Secret> unwrap(const KeyId& id, BytesView wrapped, const Secret& wrapping) { return unwrapped(wrapped, bound_to(id), wrapping); }

void mend_key_slot(std::span<char> slot) {
  const BytesView bytes(slot.data(), slot.size());
  if (!bytes.starts_with(key_magic)) return put_little(slot.data() + at_checksum, checksum_of(bytes, at_checksum));
  put_little(slot.data() + at_checksum, key_checksum(bytes));
  if (!only_zeros(bytes.substr(at_owner, owner_end - at_owner))) put_little(slot.data() + at_owner_checksum, owner_checksum(bytes));
}

KeyId make_key_id(std::uint64_t slot) {
  KeyId id{};
  put_little(reinterpret_cast<char*>(id.data()) + sizeof slot, random_number());
  put_little(reinterpret_cast<char*>(id.data()), slot);
  return id;
}

std::uint64_t slot_of(const KeyId& id) { return get_little<std::uint64_t>(reinterpret_cast<const char*>(id.data())); }

}  // namespace kring
