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
constexpr std::size_t most_ahead = 1024;            // keys made ahead
constexpr std::uint64_t newest = 4096;              // slots; no batch makes as many keys, those ahead included

std::uint64_t offset_of(std::uint64_t slot) { return (slot + 1) * key_slot_size; }

Result<Bytes> read_header(File& file) {
  Bytes header(key_slot_size, '\0');
  auto got = file.read_at(0, header);
  if (!got) return std::unexpected(std::move(got.error()));
  header.resize(*got);
  return header;
}

// Where the header is zeros, the first key tells whether this is the key-encryption key that the header named: then nothing is lost.
Result<void> check_key_behind_zeros(File& file, const Secret& wrapping, const std::string& path) {
  Bytes bytes(key_slot_size, '\0');
  for (std::uint64_t number = 0;; ++number) {
    auto got = file.read_at(offset_of(number), bytes);
    if (!got) return std::unexpected(std::move(got.error()));
    if (*got < key_slot_size) return {};
    const KeySlot slot = parse_key_slot(bytes);
    if (!slot.has_key()) continue;
    if (unwrap(slot, wrapping)) return {};
    return fail(ErrorKind::damaged, "other_key",
                concat(path, ": bytes 0 to ", key_slot_size - 1, ", its header, are zeros, and the key at offset ", offset_of(number),
                       " was wrapped by another key-encryption key than the one given"));
  }
}

}  // namespace

KeyOwner key_owner(const ProgrammeId& programme, const PersonId& person) {
  Hash hash = sha256(concat("kring-key-owner", '\0', programme.text, '\0', person.text));
  KeyOwner owner;
  std::copy_n(hash.begin(), owner.size(), owner.begin());
  return owner;
}

std::size_t KeyOwnerHash::operator()(const KeyOwner& owner) const {
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
  if (!slot.has_key() || slot.id != id) return std::nullopt;
  return unwrap(slot, wrapping_);
}

Result<std::unique_ptr<KeyStore>> KeyStore::open(FileSystem& files, const std::string& path, const Secret& wrapping, bool fresh) {
  auto file = open_or_create(files, path, OpenMode::create_secret);
  if (!file) return std::unexpected(std::move(file.error()));
  auto header = read_header(**file);
  if (!header) return std::unexpected(std::move(header.error()));
  auto size = (*file)->size();
  if (!size) return std::unexpected(std::move(size.error()));
  const bool older = is_older_header(*header, wrapping);
  const bool torn = fresh && *size <= key_slot_size && !is_whole_header(*header);
  const bool zeros = header->find_first_not_of('\0') == Bytes::npos;
  if (zeros)
    if (auto mine = check_key_behind_zeros(**file, wrapping, path); !mine) return std::unexpected(std::move(mine.error()));
  if (torn || older || zeros) {  // new, or its making was cut short before any key
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
  bool torn = false;  // something that a crash tore behind the last slot
  for (std::uint64_t number = 0;;) {
    auto got = file_->read_at(offset_of(number), piece);
    if (!got) return std::unexpected(std::move(got.error()));
    for (std::size_t at = 0; at < *got; at += key_slot_size, ++number) {
      KeySlot slot = parse_key_slot(BytesView(piece).substr(at, std::min(key_slot_size, *got - at)));
      if (slot.kind == SlotKind::empty) continue;
      if (slot.kind == SlotKind::unreadable && slot.half_destroyed) {
        if (auto done = file_->write_at(offset_of(number), destroyed_key_slot(slot.id)); !done) return done;
        slot.kind = SlotKind::destroyed;  // durable with the sync of write_again
      }
      // One that does not know its own number was torn before its owner was written.
      const bool nameless = slot.kind == SlotKind::unreadable && (slot_of(slot.id) != number || slot.id == KeyId{});
      if (slot.kind == SlotKind::live) slots_.emplace(slot.owner, number);
      if (slot.kind == SlotKind::spare || slot.kind == SlotKind::disowned || nameless) unowned_.emplace(number, Unowned{slot.id, slot.kind});
      if (slot.kind == SlotKind::unreadable && !nameless) doubtful_.emplace(slot.owner, number);
      torn = slot.kind == SlotKind::unreadable && slot.torn;
      if (!torn) durable_ = number + 1;
    }
    if (*got < piece.size()) break;
  }
  return torn ? remove_torn() : Result<void>();
}

// What is torn behind the last slot was never synced, and no record needs it. One that was written whole and cannot be read any more
// is another thing: a record may need it, so it stays, as anywhere else in the file, for `verify` to find.
Result<void> KeyStore::remove_torn() {
  std::erase_if(doubtful_, [&](const auto& slot) { return slot.second >= durable_; });
  std::erase_if(unowned_, [&](const auto& slot) { return slot.first >= durable_; });
  if (auto cut = file_->truncate(offset_of(durable_)); !cut) return cut;
  return file_->sync_data();
}

std::size_t KeyStore::torn() const {
  return static_cast<std::size_t>(std::ranges::count_if(unowned_, [](const auto& slot) { return slot.second.kind != SlotKind::spare; }));
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

void KeyStore::resume(const KeyOwner& owner, const KeyId& id) {
  const auto found = unowned_.find(slot_of(id));
  if (found == unowned_.end()) return;
  const bool damaged = found->second.kind == SlotKind::unreadable;
  if (!damaged && found->second.id != id) return;
  if (!damaged) resumed_.emplace_back(found->first, owner);
  (damaged ? doubtful_ : slots_).emplace(owner, found->first);
  unowned_.erase(found);
}

Result<void> KeyStore::write_resumed() {
  KRING_CHECK(made_.empty());
  for (const auto& [number, owner] : resumed_) {
    Bytes& slot = assigned_[number];
    slot.resize(key_slot_size);
    auto got = file_->read_at(offset_of(number), slot);
    if (!got) return std::unexpected(std::move(got.error()));
    assign_key_slot(slot, owner);
  }
  resumed_.clear();
  return write_assigned();
}

Result<void> KeyStore::resumed_so_far() {
  if (auto done = write_resumed(); !done) return done;
  return settle();
}

Result<void> KeyStore::resumed() {
  if (auto done = write_resumed(); !done) return done;
  std::vector<std::uint64_t> unused;
  for (const auto& [number, key] : unowned_) unused.push_back(number);
  unowned_.clear();
  return unused.empty() ? settle() : overwrite(unused);
}

Result<std::optional<PersonKey>> KeyStore::find(const KeyOwner& owner) const {
  std::optional<std::uint64_t> number;
  for (auto [at, end] = slots_.equal_range(owner); at != end; ++at) number = std::max(number.value_or(0), at->second);
  if (!number) return std::nullopt;
  if (*number >= durable_) return made_[*number - durable_].key;
  const auto slot = read_slot(*number);
  if (!slot) return std::unexpected(slot.error());
  auto secret = slot->has_key() ? unwrap(*slot, wrapping_) : std::nullopt;
  if (!secret) return fail(ErrorKind::damaged, "keys_damaged", concat("the key in slot ", *number, " of the key store is not what was written"));
  return PersonKey{slot->id, *secret};
}

KeyStore::MadeKey KeyStore::make_at(std::uint64_t number) const {
  MadeKey made{{make_key_id(number), Secret::random()}, {}};
  made.slot = spare_key_slot(made.key, wrapping_);
  return made;
}

PersonKey KeyStore::make(const KeyOwner& owner) {
  ++used_;
  const bool is_durable = !ahead_.empty();
  MadeKey made = is_durable ? std::move(ahead_.front()) : make_at(durable_ + made_.size());
  if (is_durable) ahead_.pop_front();
  const PersonKey key = made.key;
  if (!listener_) assign_key_slot(made.slot, owner);
  slots_.emplace(owner, slot_of(key.id));
  if (is_durable && listener_) return key;
  if (is_durable) assigned_.emplace(slot_of(key.id), std::move(made.slot));
  else made_.push_back(std::move(made));
  return key;
}

Result<void> KeyStore::make_durable() {
  if (auto done = write_assigned(); !done) return done;
  if (made_.empty()) return {};
  const std::size_t needed = made_.size(), more = std::min(most_ahead, used_ - needed);
  std::vector<MadeKey> all = std::move(made_);
  made_.clear();
  while (all.size() < needed + more) all.push_back(make_at(durable_ + all.size()));
  Bytes slots;
  for (const MadeKey& made : all) slots += made.slot;
  auto done = file_->allocate((offset_of(durable_) + slots.size() + room - 1) / room * room);
  if (done) done = file_->write_at(offset_of(durable_), slots);
  if (done) done = file_->sync_data();
  if (done && listener_) {
    std::vector<Bytes> made;
    for (const MadeKey& one : all) made.push_back(one.slot);
    done = listener_->on_made(made);
  }
  if (!done) {
    all.resize(needed);
    made_ = std::move(all);
    return done;
  }
  unsynced_ = false;
  durable_ += all.size();
  ahead_.insert(ahead_.end(), std::move_iterator(all.begin() + static_cast<std::ptrdiff_t>(needed)), std::move_iterator(all.end()));
  return {};
}

// Slots that follow each other are written at once.
Result<void> KeyStore::write_assigned() {
  for (auto at = assigned_.begin(); at != assigned_.end();) {
    const std::uint64_t first = at->first;
    Bytes slots;
    for (std::uint64_t next = first; at != assigned_.end() && at->first == next; ++at, ++next) slots += at->second;
    if (auto done = file_->write_at(offset_of(first), slots); !done) return done;
    unsynced_ = true;
  }
  assigned_.clear();
  return {};
}

Result<void> KeyStore::settle() {
  if (auto done = make_durable(); !done) return done;
  if (!unsynced_) return {};
  unsynced_ = false;
  return file_->sync_data();
}

Result<void> KeyStore::destroy(const std::vector<KeyOwner>& owners) {
  KRING_CHECK(made_.empty() && assigned_.empty());  // a key that is not on disk yet cannot have been recorded, nor be forgotten
  std::vector<std::uint64_t> doomed;
  for (const KeyOwner& owner : owners)
    for (Slots* slots : {&slots_, &doubtful_}) {
      for (auto [at, end] = slots->equal_range(owner); at != end; ++at) doomed.push_back(at->second);
      slots->erase(owner);
    }
  return doomed.empty() ? Result<void>() : overwrite(doomed);
}

Result<void> KeyStore::overwrite(const std::vector<std::uint64_t>& slots) {
  std::vector<KeyId> ids;
  for (std::uint64_t number : slots) {
    const auto slot = read_slot(number);
    if (!slot) return std::unexpected(slot.error());
    ids.push_back(slot->id);
    if (auto done = file_->write_at(offset_of(number), destroyed_key_slot(slot->id)); !done) return done;
  }
  unsynced_ = false;
  auto done = file_->sync_data();
  return done && listener_ ? listener_->on_destroyed(ids) : done;
}

Result<KeySlot> KeyStore::read_slot(std::uint64_t number) const {
  if (number >= most_key_slots) return KeySlot{};
  Bytes bytes(key_slot_size, '\0');
  auto got = file_->read_at(offset_of(number), bytes);
  if (!got) return std::unexpected(std::move(got.error()));
  return parse_key_slot(bytes);
}

}  // namespace kring
