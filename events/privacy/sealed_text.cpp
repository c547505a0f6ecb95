#include "events/privacy/sealed_text.h"

#include <algorithm>
#include <cstring>

#include "events/base/check.h"
#include "events/base/little_endian.h"
#include "events/base/text.h"
#include "events/privacy/crypto.h"

namespace kring {
namespace {

constexpr char kind_clear = 0, kind_sealed = 1;
constexpr std::size_t count_size = 2, id_size = sizeof(KeyId);

void add(Bytes& out, BytesView piece) {
  char size[4];
  put_little(size, static_cast<std::uint32_t>(piece.size()));
  out.append(size, sizeof size).append(piece);
}

// What the text belongs to. Every piece has its length before it, so that no two contexts make the same bytes.
Bytes bound_to(const HistoryId& history, const SealContext& context, std::span<const PersonKey> keys) {
  Bytes out;
  out.reserve(256);
  out = "kring-seal";
  add(out, view(history));
  add(out, context.programme.text);
  add(out, context.member);
  add(out, context.command_id);
  for (const PersonId& person : context.persons) add(out, person.text);
  for (const PersonKey& key : keys) add(out, view(key.id));
  return out;
}

std::size_t header_size(std::size_t keys) { return 1 + count_size + keys * id_size; }

}  // namespace

Secret common_key(std::span<const PersonKey> keys) {
  Bytes input;
  for (const PersonKey& key : keys) input.append(view(key.id)).append(key.secret.bytes());
  Secret secret = derive("kring-seal-key", input);
  wipe(input);
  return secret;
}

Bytes clear_text(std::string_view clear) { return Bytes(1, kind_clear).append(clear); }

Bytes sealed_text(const HistoryId& history, const SealContext& context, const std::vector<PersonKey>& keys, std::string_view clear) {
  return sealed_text(history, context, keys, common_key(keys), clear);
}

Bytes sealed_text(const HistoryId& history, const SealContext& context, std::span<const PersonKey> keys, const Secret& common, std::string_view clear) {
  KRING_CHECK(!keys.empty() && keys.size() == context.persons.size() && keys.size() <= UINT16_MAX);
  Bytes out;
  out.reserve(header_size(keys.size()) + encryption_overhead + clear.size());
  out.assign(1 + count_size, kind_sealed);
  put_little(out.data() + 1, static_cast<std::uint16_t>(keys.size()));
  for (const PersonKey& key : keys) out += view(key.id);
  append_encrypted(out, common, bound_to(history, context, keys), clear);
  return out;
}

bool keys_of(BytesView sealed, std::vector<KeyId>& keys) {
  keys.clear();
  if (sealed.empty()) return false;
  if (sealed[0] == kind_clear) return true;
  if (sealed[0] != kind_sealed || sealed.size() < header_size(0)) return false;
  std::size_t count = get_little<std::uint16_t>(sealed.data() + 1);
  if (count == 0 || sealed.size() < header_size(count) + encryption_overhead) return false;
  for (std::size_t i = 0; i < count; ++i) std::memcpy(keys.emplace_back().data(), sealed.data() + header_size(i), id_size);
  return true;
}

std::optional<std::string> opened_text(const HistoryId& history, const SealContext& context, const std::vector<PersonKey>& keys, BytesView sealed) {
  // Only what names nobody may stand in the clear: else a name could be put in without a key.
  if (sealed.starts_with(kind_clear)) return context.persons.empty() ? std::optional(std::string(sealed.substr(1))) : std::nullopt;
  // Without keys there is no secret: what they would open, anybody could have sealed.
  if (keys.empty() || keys.size() != context.persons.size() || sealed.size() < header_size(keys.size())) return std::nullopt;
  return decrypt(common_key(keys), bound_to(history, context, keys), sealed.substr(header_size(keys.size())));
}

}  // namespace kring
