#include "events/privacy/key_message.h"

#include <algorithm>

#include "events/base/check.h"
#include "events/base/little_endian.h"
#include "events/privacy/key_slot.h"

namespace kring {
namespace {

constexpr std::uint16_t message_version = 1;
// A key's message key is its id, 16 bytes. These two have another length.
constexpr BytesView store_key = "kring-keys", writer_key = "kring-writer";
constexpr BytesView key_magic = "KKTK", store_magic = "KKTS", writer_magic = "KKTW";
constexpr std::size_t at_checksum = 4, at_version = 8, at_content = 16, head_size = 16;
constexpr std::size_t at_wrapped = at_content + sizeof(std::uint64_t), key_size = at_wrapped + wrapped_key_size;
constexpr std::size_t at_fingerprint = at_content + sizeof(HistoryId), store_size = at_fingerprint + sizeof(Token);
constexpr std::size_t at_writer = at_content + sizeof(std::uint64_t), writer_size = at_writer + sizeof(Token);

// Over the message key too: no value stands well under another one.
std::uint32_t checksum_of(BytesView key, BytesView value) {
  const std::uint32_t sum = crc32c(BytesView("\0\0\0\0", 4), crc32c(value.substr(0, at_checksum), crc32c(key)));
  return crc32c(value.substr(at_checksum + 4), sum);
}

KeyMessage message(BytesView key, BytesView magic, BytesView content) {
  Bytes value(head_size, '\0');
  std::ranges::copy(magic, value.begin());
  put_little(value.data() + at_version, message_version);
  value += content;
  put_little(value.data() + at_checksum, checksum_of(key, value));
  return {Bytes(key), std::move(value)};
}

Bytes little(std::uint64_t number) {
  Bytes bytes(sizeof number, '\0');
  put_little(bytes.data(), number);
  return bytes;
}

template <class Field>
void take(BytesView value, std::size_t at, Field& field) {
  std::ranges::copy(value.substr(at, field.size()), field.begin());
}

}  // namespace

KeyMessage key_message(const PublishedKey& key) {
  KRING_CHECK(key.wrapped.size() == wrapped_key_size);
  return message(view(key.id), key_magic, little(key.epoch) + key.wrapped);
}

KeyMessage destroyed_message(const KeyId& id) { return {Bytes(view(id)), std::nullopt}; }

KeyMessage store_message(const SharedStore& store) {
  return message(store_key, store_magic, Bytes(view(store.history)) + Bytes(view(store.fingerprint)));
}

KeyMessage writer_message(std::uint64_t epoch, const Token& writer) {
  return message(writer_key, writer_magic, little(epoch) + Bytes(view(writer)));
}

ParsedKeyMessage parse_key_message(BytesView key, std::optional<BytesView> value) {
  ParsedKeyMessage parsed;
  const bool is_key = key.size() == sizeof(KeyId);
  if (is_key) take(key, 0, parsed.key.id);
  if (is_key && !value) return parsed.kind = KeyMessageKind::destroyed, parsed;
  if (!value || value->size() < head_size || get_little<std::uint32_t>(value->data() + at_checksum) != checksum_of(key, *value)) return parsed;
  const auto is = [&](BytesView magic, bool right_key) { return value->starts_with(magic) && right_key; };
  const bool ours = is(key_magic, is_key) || is(store_magic, key == store_key) || is(writer_magic, key == writer_key);
  if (!ours) return parsed;
  if (get_little<std::uint16_t>(value->data() + at_version) != message_version) return parsed.kind = KeyMessageKind::unsupported, parsed;
  if (is_key && value->size() == key_size) {
    parsed.kind = KeyMessageKind::key;
    parsed.key.epoch = get_little<std::uint64_t>(value->data() + at_content);
    parsed.key.wrapped = value->substr(at_wrapped);
  } else if (key == store_key && value->size() == store_size) {
    parsed.kind = KeyMessageKind::store;
    take(*value, at_content, parsed.store.history);
    take(*value, at_fingerprint, parsed.store.fingerprint);
  } else if (key == writer_key && value->size() == writer_size) {
    parsed.kind = KeyMessageKind::writer;
    parsed.epoch = get_little<std::uint64_t>(value->data() + at_content);
    take(*value, at_writer, parsed.writer);
  }
  return parsed;
}

}  // namespace kring
