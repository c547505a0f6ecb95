#include "events/privacy/key_slot.h"

#include <algorithm>
#include <cstring>

#include "events/base/check.h"
#include "events/base/little_endian.h"
#include "events/base/text.h"

namespace kring {
namespace {

constexpr BytesView header_magic{"KRNGKEY\0", 8}, live_magic{"KKEY", 4}, destroyed_magic{"KGON", 4};
constexpr std::uint16_t key_store_version = 1;
constexpr std::size_t at_version = 8, at_header_checksum = 12, at_fingerprint = 16;
constexpr std::size_t at_checksum = 4, at_id = 8, at_owner = 24, at_wrapped = 40, wrapped_size = encryption_overhead + 32;
static_assert(at_wrapped + wrapped_size <= key_slot_size);

// Over all bytes, those of the checksum itself taken as zero.
std::uint32_t checksum_of(BytesView bytes, std::size_t at) {
  std::uint32_t sum = crc32c(BytesView("\0\0\0\0", 4), crc32c(bytes.substr(0, at)));
  return crc32c(bytes.substr(at + 4), sum);
}

void put_checksum(Bytes& bytes, std::size_t at) { put_little(bytes.data() + at, checksum_of(bytes, at)); }
bool checksum_holds(BytesView bytes, std::size_t at) { return get_little<std::uint32_t>(bytes.data() + at) == checksum_of(bytes, at); }

Bytes fingerprint(const Secret& wrapping) { return Bytes(derive("kring-wrapping-key-fingerprint", wrapping.bytes()).bytes().substr(0, 16)); }

Bytes bound_to(const KeyId& id, const KeyOwner& owner) { return concat("kring-person-key", view(id), view(owner)); }

}  // namespace

Bytes key_store_header(const Secret& wrapping) {
  Bytes bytes(key_slot_size, '\0');
  std::ranges::copy(header_magic, bytes.begin());
  put_little(bytes.data() + at_version, key_store_version);
  std::ranges::copy(fingerprint(wrapping), bytes.begin() + at_fingerprint);
  put_checksum(bytes, at_header_checksum);
  return bytes;
}

bool is_whole_header(BytesView bytes) {
  return bytes.size() >= key_slot_size && bytes.starts_with(header_magic) && checksum_holds(bytes.substr(0, key_slot_size), at_header_checksum);
}

Result<void> check_key_store_header(BytesView bytes, const Secret& wrapping, const std::string& path) {
  if (!is_whole_header(bytes))
    return fail(ErrorKind::damaged, "keys_damaged", concat(path, " does not begin as a key store does: restore it from a backup"));
  if (auto version = get_little<std::uint16_t>(bytes.data() + at_version); version != key_store_version)
    return fail(ErrorKind::unsupported, "unsupported_format", concat(path, " is of format version ", version, ", which this kring does not know"));
  if (bytes.substr(at_fingerprint, 16) != fingerprint(wrapping))
    return fail(ErrorKind::damaged, "other_key", concat("the keys in ", path, " were wrapped by another key-encryption key than the one given"));
  return {};
}

KeySlot parse_key_slot(BytesView bytes) {
  KeySlot slot;
  if (bytes.find_first_not_of('\0') == BytesView::npos) return slot;
  slot.kind = SlotKind::unreadable;
  if (bytes.size() < key_slot_size) return slot;
  std::memcpy(slot.id.data(), bytes.data() + at_id, slot.id.size());
  std::memcpy(slot.owner.data(), bytes.data() + at_owner, slot.owner.size());
  slot.wrapped = bytes.substr(at_wrapped, wrapped_size);
  slot.half_destroyed = !checksum_holds(bytes, at_checksum) && bytes.starts_with(destroyed_magic);
  if (!checksum_holds(bytes, at_checksum)) return slot;
  if (bytes.starts_with(live_magic)) slot.kind = SlotKind::live;
  if (bytes.starts_with(destroyed_magic)) slot.kind = SlotKind::destroyed;
  return slot;
}

Bytes live_key_slot(const PersonKey& key, const KeyOwner& owner, const Secret& wrapping) {
  Bytes bytes(key_slot_size, '\0');
  std::ranges::copy(live_magic, bytes.begin());
  std::ranges::copy(view(key.id), bytes.begin() + at_id);
  std::ranges::copy(view(owner), bytes.begin() + at_owner);
  std::ranges::copy(encrypt(wrapping, bound_to(key.id, owner), key.secret.bytes()), bytes.begin() + at_wrapped);
  put_checksum(bytes, at_checksum);
  return bytes;
}

Bytes destroyed_key_slot(const KeyId& id) {
  Bytes bytes(key_slot_size, '\0');
  std::ranges::copy(destroyed_magic, bytes.begin());
  std::ranges::copy(view(id), bytes.begin() + at_id);
  put_checksum(bytes, at_checksum);
  return bytes;
}

std::optional<Secret> unwrap(const KeySlot& slot, const Secret& wrapping) {
  auto bytes = decrypt(wrapping, bound_to(slot.id, slot.owner), slot.wrapped);
  if (!bytes) return std::nullopt;
  auto secret = Secret::from_bytes(*bytes);
  wipe(*bytes);
  return secret;
}

KeyId make_key_id(std::uint64_t slot) {
  KeyId id;
  Bytes random = random_bytes(id.size());
  std::ranges::copy(random, id.begin());
  put_little(reinterpret_cast<char*>(id.data()), slot);
  return id;
}

std::uint64_t slot_of(const KeyId& id) { return get_little<std::uint64_t>(reinterpret_cast<const char*>(id.data())); }

}  // namespace kring
