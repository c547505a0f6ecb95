// What a key store does beyond its own keys, where several of them share those of a history.
#include <algorithm>

#include "events/base/check.h"
#include "events/privacy/key_slot.h"
#include "events/privacy/key_store.h"

namespace kring {

Result<std::size_t> KeyStore::import(const std::vector<Bytes>& slots) {
  KRING_CHECK(made_.empty() && ahead_.empty() && resumed_.empty());
  std::map<std::uint64_t, Bytes> missing;
  for (const Bytes& bytes : slots) {
    const KeySlot slot = parse_key_slot(bytes);
    KRING_CHECK(slot.kind == SlotKind::spare);
    if (slot_of(slot.id) >= most_key_slots) continue;
    const auto here = read_slot(slot_of(slot.id));
    if (!here) return std::unexpected(here.error());
    const bool same = here->id == slot.id && (here->kind == SlotKind::live || here->kind == SlotKind::spare || here->kind == SlotKind::destroyed);
    if (!same) missing.emplace(slot_of(slot.id), bytes);
  }
  if (missing.empty()) return std::size_t{0};
  const auto is_replaced = [&](const auto& known) { return missing.contains(known.second); };
  std::erase_if(slots_, is_replaced);
  std::erase_if(doubtful_, is_replaced);
  if (auto written = write_imported(missing); !written) return std::unexpected(std::move(written.error()));
  for (const auto& [number, bytes] : missing) unowned_.insert_or_assign(number, Unowned{parse_key_slot(bytes).id, SlotKind::spare});
  durable_ = std::max(durable_, missing.rbegin()->first + 1);
  return missing.size();
}

// Slots that follow each other are written at once.
Result<void> KeyStore::write_imported(const std::map<std::uint64_t, Bytes>& slots) {
  const auto offset = [](std::uint64_t number) { return (number + 1) * key_slot_size; };
  for (auto at = slots.begin(); at != slots.end();) {
    const std::uint64_t first = at->first;
    Bytes bytes;
    for (std::uint64_t next = first; at != slots.end() && at->first == next; ++at, ++next) bytes += at->second;
    if (auto done = file_->write_at(offset(first), bytes); !done) return done;
  }
  return file_->sync_data();
}

void KeyStore::leave(const KeyId& id) {
  if (const auto found = unowned_.find(slot_of(id)); found != unowned_.end() && found->second.id == id) unowned_.erase(found);
}

void KeyStore::reserve(std::uint64_t slots) {
  KRING_CHECK(made_.empty() && ahead_.empty());
  if (slots < most_key_slots) durable_ = std::max(durable_, slots);
}

Result<SlotKind> KeyStore::look(const KeyId& id) const {
  const auto slot = read_slot(slot_of(id));
  if (!slot) return std::unexpected(slot.error());
  return slot->id == id ? slot->kind : SlotKind::empty;
}

Result<void> KeyStore::each(const std::function<void(const KeySlot&)>& visit) const {
  constexpr std::size_t many = 8192;
  Bytes piece(many * key_slot_size, '\0');
  for (std::uint64_t first = 0; first < durable_; first += many) {
    const auto got = file_->read_at((first + 1) * key_slot_size, piece);
    if (!got) return std::unexpected(got.error());
    const std::size_t count = std::min<std::size_t>(*got / key_slot_size, durable_ - first);
    for (std::size_t i = 0; i < count; ++i)
      if (const KeySlot slot = parse_key_slot(BytesView(piece).substr(i * key_slot_size, key_slot_size)); slot.kind != SlotKind::empty) visit(slot);
  }
  return {};
}

}  // namespace kring
