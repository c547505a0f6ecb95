// What personal data hangs on: the key store, sealed texts, the ledger of erasures and the file of the key-encryption key.
// The first byte says which one the rest is. Whatever the bytes, they are taken or refused; a key that was destroyed is
// gone, and a ledger that was opened keeps what it held.
#include <algorithm>
#include <set>
#include <vector>

#include "events/base/little_endian.h"
#include "events/privacy/erasure_ledger.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/key_slot.h"
#include "events/privacy/keyring.h"
#include "events/privacy/sealed_text.h"
#include "tests/fuzz/key_file.h"
#include "tests/support/memory_filesystem.h"

namespace kring::fuzz {
namespace {

using Disk = testing::MemoryFileSystem;

void is_told(const Error& error) {
  KRING_CHECK(error.kind == ErrorKind::damaged || error.kind == ErrorKind::unsupported);
  KRING_CHECK(!error.code.empty() && !error.message.empty());
}

// The slots of the file as it lies there.
std::vector<KeySlot> slots_of(const Bytes& file) {
  std::vector<KeySlot> slots;
  for (std::size_t at = key_slot_size; at + key_slot_size <= file.size(); at += key_slot_size)
    slots.push_back(parse_key_slot(BytesView(file).substr(at, key_slot_size)));
  return slots;
}

std::set<KeyOwner> owners_in(const Bytes& file) {
  std::set<KeyOwner> owners;
  for (const KeySlot& slot : slots_of(file))
    if (slot.kind == SlotKind::live) owners.insert(slot.owner);
  return owners;
}

// Every owner has a key or an error that says that it was damaged.
void finds(const KeyStore& store, const std::set<KeyOwner>& owners) {
  for (const KeyOwner& owner : owners) {
    KRING_CHECK(store.has(owner));
    auto key = store.find(owner);
    if (key) KRING_CHECK(key->has_value());
    else is_told(key.error());
  }
}

void destroys(Disk& disk, KeyStore& store, const std::set<KeyOwner>& owners) {
  const auto before = slots_of(*disk.files.at("keys"));
  std::vector<KeyOwner> doomed;
  for (const KeyOwner& owner : owners)
    if (owner[0] % 2 == 0) doomed.push_back(owner);
  KRING_CHECK(store.destroy(doomed));
  auto reader = KeyReader::open(disk, "keys", wrapping_key());
  KRING_CHECK(reader);
  for (std::size_t number = 0; number < before.size(); ++number) {
    const KeySlot& slot = before[number];
    if (slot.kind != SlotKind::live || !std::ranges::binary_search(doomed, slot.owner)) continue;
    KRING_CHECK(!store.has(slot.owner));
    if (slot_of(slot.id) != number) continue;  // made up: the id of another slot, which may be another person's
    auto found = (*reader)->find(slot.id);
    KRING_CHECK(found && !*found);
  }
  for (const KeySlot& slot : slots_of(*disk.files.at("keys")))
    KRING_CHECK(slot.kind != SlotKind::live || !std::ranges::binary_search(doomed, slot.owner));
}

void takes_a_new_key(Disk& disk) {
  KeyOwner owner = key_owner({"proef"}, {"p-new"});
  PersonKey made;
  {
    auto store = KeyStore::open(disk, "keys", wrapping_key());
    KRING_CHECK(store);
    made = (*store)->make(owner);
    KRING_CHECK((*store)->make_durable());
  }
  auto store = KeyStore::open(disk, "keys", wrapping_key());
  KRING_CHECK(store);
  auto found = (*store)->find(owner);
  KRING_CHECK(found && *found && (*found)->id == made.id && (*found)->secret.bytes() == made.secret.bytes());
  auto reader = KeyReader::open(disk, "keys", wrapping_key());
  KRING_CHECK(reader);
  auto secret = (*reader)->find(made.id);
  KRING_CHECK(secret && *secret && (*secret)->bytes() == made.secret.bytes());
}

void try_key_store(BytesView input) {
  const bool mended = take_byte(input) % 2 == 1;
  Disk disk;
  disk.files["keys"] = std::make_shared<Bytes>(input);
  if (mended) mend_key_store(*disk.files["keys"]);
  const auto read = KeyReader::open(disk, "keys", wrapping_key());
  if (!read) is_told(read.error());
  auto store = KeyStore::open(disk, "keys", wrapping_key());
  if (!store) {
    is_told(store.error());
    KRING_CHECK(!read);
    return;
  }
  const auto owners = owners_in(*disk.files.at("keys"));
  finds(**store, owners);
  destroys(disk, **store, owners);
  store->reset();
  takes_a_new_key(disk);
}

const HistoryId history = key_owner({"the"}, {"history"});

void try_sealed_text(BytesView input) {
  std::vector<KeyId> ids;
  const bool known = keys_of(input, ids);
  SealContext context{{}, "reason", {"proef"}, "key-1"};
  const auto nobody = open_without_keys();
  auto opened = nobody->open(context, input);
  KRING_CHECK(!opened || clear_text(*opened) == input);  // only what stands in the clear opens without a key
  std::vector<PersonKey> keys;
  for (const KeyId& id : ids) keys.push_back({id, wrapping_key()});
  for (std::size_t i = 0; i < std::max<std::size_t>(1, keys.size()); ++i) context.persons.push_back({"p-1"});
  KRING_CHECK(!nobody->open(context, input));
  if (known) opened_text(history, context, keys, input);

  if (keys.empty()) keys.push_back({KeyId{}, wrapping_key()});
  Bytes sealed = sealed_text(history, context, keys, input);
  KRING_CHECK(keys_of(sealed, ids) && ids.size() == keys.size());
  KRING_CHECK(opened_text(history, context, keys, sealed) == std::optional(std::string(input)));
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  KRING_CHECK(!opened_text(history, context, keys, sealed));
}

void try_ledger(BytesView input) {
  Disk disk;
  disk.files["erased"] = std::make_shared<Bytes>(input);
  const auto read = read_erasures(disk, "erased", history);
  auto ledger = ErasureLedger::open(disk, "erased", history);
  KRING_CHECK(read.has_value() == ledger.has_value());
  if (!ledger) {
    is_told(ledger.error());
    KRING_CHECK(*disk.files.at("erased") == input);
    return;
  }
  auto known = (*ledger)->erasures();
  KRING_CHECK(*read == known);
  known.push_back({{"proef"}, {"p-1"}, 17});
  KRING_CHECK((*ledger)->append({known.back()}) && (*ledger)->erasures() == known);
  auto again = ErasureLedger::open(disk, "erased", history);
  KRING_CHECK(again && (*again)->erasures() == known);
}

void try_key_encryption_key(BytesView input) {
  Disk disk;
  disk.files["key"] = std::make_shared<Bytes>(input);
  auto key = read_key_encryption_key(disk, "key");
  if (!key) return is_told(key.error());
  std::string text = to_hex(key->bytes());
  KRING_CHECK(input.size() == text.size() || (input.size() == text.size() + 1 && input.ends_with('\n')));
  KRING_CHECK(from_hex(input.substr(0, text.size())) == from_hex(text));
}

}  // namespace
}  // namespace kring::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kring::fuzz;
  auto input = input_of(data, size);
  switch (take_byte(input) % 4) {
    case 0: try_key_store(input); break;
    case 1: try_sealed_text(input); break;
    case 2: try_ledger(input); break;
    default: try_key_encryption_key(input);
  }
  return 0;
}
