#include "events/privacy/key_store.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "events/base/check.h"
#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "events/privacy/key_slot.h"

namespace kring {
namespace {

constexpr std::uint64_t room = 64 << 10;           // bytes of zeros made ahead, so that a sync need not write sizes
constexpr std::size_t load_piece = 8192 * key_slot_size;
constexpr std::uint64_t newest = 4096;              // slots; no batch makes as many keys

std::uint64_t offset_of(std::uint64_t slot) { return (slot + 1) * key_slot_size; }

Result<Bytes> read_header(File& file) {
  Bytes header(key_slot_size, '\0');
  auto got = file.read_at(0, header);
  if (!got) return std::unexpected(std::move(got.error()));
  header.resize(*got);
  return header;
}

}  // namespace

KeyOwner key_owner(const ProgrammeId& programme, const PersonId& person) {
  Hash hash = sha256(concat("kring-key-owner", '\0', programme.text, '\0', person.text));
  KeyOwner owner;
  std::copy_n(hash.begin(), owner.size(), owner.begin());
  return owner;
}

std::size_t KeyStore::OwnerHash::operator()(const KeyOwner& owner) const {
  std::size_t hash = 0;  // an owner is a hash already
  std::memcpy(&hash, owner.data(), sizeof hash);
  return hash;
}

Result<std::unique_ptr<KeyReader>> KeyReader::open(FileSystem& files, const std::string& path, const Secret& wrapping) {
  auto file = files.open(path, OpenMode::read);
  if (!file) return std::unexpected(std::move(file.error()));
  auto header = read_header(**file);
  if (!header) return std::unexpected(std::move(header.error()));
  if (auto checked = check_key_store_header(*header, wrapping, path); !checked) return std::unexpected(std::move(checked.error()));
  return std::unique_ptr<KeyReader>(new KeyReader(std::move(*file), wrapping));
}

Result<std::optional<Secret>> KeyReader::find(const KeyId& id) const {
  if (slot_of(id) > UINT64_MAX / key_slot_size - 2) return std::nullopt;
  Bytes bytes(key_slot_size, '\0');
  auto got = file_->read_at(offset_of(slot_of(id)), bytes);
  if (!got) return std::unexpected(std::move(got.error()));
  if (*got < key_slot_size) return std::nullopt;
  KeySlot slot = parse_key_slot(bytes);
  if (slot.kind != SlotKind::live || slot.id != id) return std::nullopt;
  return unwrap(slot, wrapping_);
}

Result<std::unique_ptr<KeyStore>> KeyStore::open(FileSystem& files, const std::string& path, const Secret& wrapping, bool fresh) {
  auto file = open_or_create(files, path, OpenMode::create_secret);
  if (!file) return std::unexpected(std::move(file.error()));
  auto header = read_header(**file);
  if (!header) return std::unexpected(std::move(header.error()));
  auto size = (*file)->size();
  if (!size) return std::unexpected(std::move(size.error()));
  const bool torn = fresh && *size <= key_slot_size && !is_whole_header(*header);
  if (torn || header->find_first_not_of('\0') == Bytes::npos) {  // new, or its making was cut short before any key
    auto written = (*file)->write_at(0, key_store_header(wrapping));
    if (written) written = (*file)->sync_data();
    if (!written) return std::unexpected(std::move(written.error()));
  } else if (auto checked = check_key_store_header(*header, wrapping, path); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  std::unique_ptr<KeyStore> store(new KeyStore(std::move(*file), wrapping));
  auto loaded = store->load();
  if (loaded) loaded = store->write_again();
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  return store;
}

Result<void> KeyStore::load() {
  Bytes piece(load_piece, '\0');
  std::size_t torn = 0;  // unreadable slots behind the last whole one
  for (std::uint64_t number = 0;;) {
    auto got = file_->read_at(offset_of(number), piece);
    if (!got) return std::unexpected(std::move(got.error()));
    for (std::size_t at = 0; at < *got; at += key_slot_size, ++number) {
      KeySlot slot = parse_key_slot(BytesView(piece).substr(at, std::min(key_slot_size, *got - at)));
      if (slot.kind == SlotKind::empty) continue;
      if (slot.kind == SlotKind::live) slots_.emplace(slot.owner, number);
      if (slot.kind == SlotKind::unreadable && slot.half_destroyed) {
        if (auto done = file_->write_at(offset_of(number), destroyed_key_slot(slot.id)); !done) return done;
        slot.kind = SlotKind::destroyed;  // durable with the sync of write_again
      }
      if (slot.kind == SlotKind::unreadable) {
        ++torn;
        doubtful_.emplace(slot.owner, number);
        continue;
      }
      durable_ = number + 1;
      unreadable_ += std::exchange(torn, 0);
    }
    if (*got < piece.size()) break;
  }
  return torn == 0 ? Result<void>() : remove_torn();
}

// What cannot be read behind the last whole slot was never synced: a crash tore it, and no record needs it.
Result<void> KeyStore::remove_torn() {
  std::erase_if(doubtful_, [&](const auto& slot) { return slot.second >= durable_; });
  if (auto cut = file_->truncate(offset_of(durable_)); !cut) return cut;
  return file_->sync_data();
}

// A key whose sync failed is in the cache, and a later sync would not write it: records would rely on what is not there.
Result<void> KeyStore::write_again() {
  if (durable_ == 0 || KRING_MISTAKE(trust_the_cache_for_keys)) return {};
  const std::uint64_t first = durable_ - std::min(durable_, newest);
  Bytes bytes((durable_ - first) * key_slot_size, '\0');
  auto got = file_->read_at(offset_of(first), bytes);
  if (!got) return std::unexpected(std::move(got.error()));
  bytes.resize(*got);
  if (auto done = file_->write_at(offset_of(first), bytes); !done) return done;
  return file_->sync_data();
}

Result<std::optional<PersonKey>> KeyStore::find(const KeyOwner& owner) const {
  std::optional<std::uint64_t> number;
  for (auto [at, end] = slots_.equal_range(owner); at != end; ++at) number = std::max(number.value_or(0), at->second);
  if (!number) return std::nullopt;
  if (*number >= durable_) return made_[*number - durable_];
  Bytes bytes(key_slot_size, '\0');
  auto got = file_->read_at(offset_of(*number), bytes);
  if (!got) return std::unexpected(std::move(got.error()));
  KeySlot slot = parse_key_slot(bytes);
  auto secret = slot.kind == SlotKind::live ? unwrap(slot, wrapping_) : std::nullopt;
  if (!secret) return fail(ErrorKind::damaged, "keys_damaged", concat("the key in slot ", *number, " of the key store is not what was written"));
  return PersonKey{slot.id, *secret};
}

PersonKey KeyStore::make(const KeyOwner& owner) {
  auto number = durable_ + made_.size();
  PersonKey key{make_key_id(number), Secret::random()};
  pending_ += live_key_slot(key, owner, wrapping_);
  slots_.emplace(owner, number);
  made_.push_back(key);
  return key;
}

Result<void> KeyStore::make_durable() {
  if (made_.empty()) return {};
  std::uint64_t end = offset_of(durable_) + pending_.size();
  auto done = file_->allocate((end + room - 1) / room * room);
  if (done) done = file_->write_at(offset_of(durable_), pending_);
  if (done) done = file_->sync_data();
  if (!done) return done;
  durable_ += made_.size();
  made_.clear();
  pending_.clear();
  return {};
}

Result<void> KeyStore::destroy(const std::vector<KeyOwner>& owners) {
  KRING_CHECK(made_.empty());  // a key that is not on disk yet cannot have been recorded, nor be forgotten
  std::vector<std::uint64_t> doomed;
  for (const KeyOwner& owner : owners)
    for (Slots* slots : {&slots_, &doubtful_}) {
      for (auto [at, end] = slots->equal_range(owner); at != end; ++at) doomed.push_back(at->second);
      slots->erase(owner);
    }
  if (doomed.empty()) return {};
  for (std::uint64_t number : doomed) {
    Bytes bytes(key_slot_size, '\0');
    auto got = file_->read_at(offset_of(number), bytes);
    if (!got) return std::unexpected(std::move(got.error()));
    if (auto done = file_->write_at(offset_of(number), destroyed_key_slot(parse_key_slot(bytes).id)); !done) return done;
  }
  return file_->sync_data();
}

}  // namespace kring
