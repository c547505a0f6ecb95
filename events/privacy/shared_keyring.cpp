#include "events/privacy/shared_keyring.h"

#include <algorithm>
#include <utility>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/key_slot.h"

namespace kring {
namespace {

std::unexpected<Error> no_key_encryption_key(const std::string& path) {
  return fail(ErrorKind::damaged, "key_encryption_key_missing",
              concat("the key-encryption key of this history, ", path, ", is missing: copy it from a data directory of the same log that has it, or say where it is "
                     "in kring.toml of the data directory"));
}

std::unexpected<Error> no_keys(const std::string& path) {
  return fail(ErrorKind::damaged, "keys_missing",
              concat("the keys of this history are not in ", path, ", and nobody has shared them yet: submit something from the data directory that has them. If they "
                     "are lost for good, make an empty file there: then what they sealed stays sealed for ever"));
}

Result<bool> has_file(FileSystem& files, const std::string& path) {
  const auto file = files.open(path, OpenMode::read);
  if (file) return true;
  return file.error().kind == ErrorKind::not_found ? Result<bool>(false) : std::unexpected(file.error());
}

// A key store that was cut short while it was made: it never had a key.
Result<bool> was_never_made(FileSystem& files, const std::string& path) {
  const auto file = files.open(path, OpenMode::read);
  if (!file) return file.error().kind == ErrorKind::not_found ? Result<bool>(false) : std::unexpected(file.error());
  const auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());
  if (*size == 0 || *size > key_slot_size) return false;
  const auto bytes = read_whole(**file);
  return bytes ? Result<bool>(!is_whole_header(*bytes)) : std::unexpected(bytes.error());
}

Result<void> check_store(const PublishedKeys& published, const SharedStore& mine) {
  if (!published.store() || *published.store() == mine) return {};
  if (published.store()->history != mine.history)
    return fail(ErrorKind::io, "other_keys", "the shared keys are those of another history: remove their topic together with the topic of the log, when that is made anew");
  return fail(ErrorKind::damaged, "other_key", "the shared keys of this history were wrapped by another key-encryption key than the one given");
}

bool is_usable(SlotKind kind) { return kind == SlotKind::live || kind == SlotKind::spare; }

}  // namespace

std::string key_place_path(const KeyringPaths& paths) { return paths.keys + ".place"; }

Result<std::unique_ptr<SharedKeyring>> SharedKeyring::open(FileSystem& files, const KeyringPaths& paths, const HistoryId& history,
                                                           std::unique_ptr<KeyFeed> feed, bool fresh) {
  auto has_keys = has_file(files, paths.keys);
  const auto has_ledger = has_file(files, paths.erasure_ledger), cut_short = was_never_made(files, paths.keys);
  if (!has_keys) return std::unexpected(has_keys.error());
  if (!cut_short) return std::unexpected(cut_short.error());
  if (*cut_short) has_keys = false;
  if (!has_ledger) return std::unexpected(has_ledger.error());
  auto wrapping = read_key_encryption_key(files, paths.key_encryption_key);
  const bool none = !wrapping && wrapping.error().kind == ErrorKind::not_found;
  if (none && (!fresh || *has_keys)) return no_key_encryption_key(paths.key_encryption_key);
  if (none) wrapping = Secret::random();
  if (!wrapping) return std::unexpected(std::move(wrapping.error()));
  PublishedKeys published(std::move(feed), *wrapping);
  if (none || !*has_keys)
    if (auto read = published.catch_up(); !read) return std::unexpected(std::move(read.error()));
  if (none && published.store()) return no_key_encryption_key(paths.key_encryption_key);
  if (!fresh && !*has_keys && !published.store()) return no_keys(paths.keys);
  if (auto fits = check_store(published, {history, wrapping_fingerprint(*wrapping)}); !fits) return std::unexpected(std::move(fits.error()));
  if (none)
    if (auto made = write_key_encryption_key(files, paths.key_encryption_key, *wrapping); !made) return std::unexpected(std::move(made.error()));
  auto ring = WritingKeyring::open(files, paths, history, *wrapping, fresh, *cut_short);
  if (!ring) return std::unexpected(std::move(ring.error()));
  std::unique_ptr<SharedKeyring> shared(new SharedKeyring(files, paths, history, *wrapping, std::move(published)));
  shared->ring_ = std::move(*ring);
  if (auto begun = shared->begin(*has_ledger); !begun) return std::unexpected(std::move(begun.error()));
  return shared;
}

// From the beginning of the log, where the ledger was made just now, or a slot is damaged that only records can tell of.
Result<void> SharedKeyring::begin(bool has_ledger) {
  if (auto applied = ring_->apply_ledger(); !applied) return applied;
  const auto place = read_key_place(files_, place_path_, history_);
  if (!place) return std::unexpected(place.error());
  const auto spent = spent_slots();
  if (!spent) return std::unexpected(spent.error());
  if (!*place || !has_ledger || ring_->must_resume_all() || ring_->store().slots() < (*place)->slots || *spent < (*place)->spent) return {};
  place_ = **place;
  noted_to_ = place_.read;
  named_ = place_.named;
  return {};
}

Result<std::uint64_t> SharedKeyring::spent_slots() const {
  std::uint64_t spent = 0;
  auto read = ring_->store().each([&](const KeySlot& slot) { spent += slot.kind == SlotKind::live || slot.kind == SlotKind::destroyed; });
  return read ? Result<std::uint64_t>(spent) : std::unexpected(std::move(read.error()));
}

void SharedKeyring::note(const Decision& decision, const Bookmark& after) {
  if (after.position <= noted_to_.position) return;
  each_personal(decision, [&](const SealContext& context, const Personal& text) {
    std::vector<KeyId> ids;
    if (!keys_of(text.sealed, ids) || ids.size() != context.persons.size()) return;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      noted_.try_emplace(ids[i], key_owner(context.programme, context.persons[i]));
      named_ = std::max(named_, slot_of(ids[i]) + 1);
    }
  });
  const std::size_t before = erasures_.size();
  add_erasures(decision, after.position, erasures_);
  for (std::size_t i = before; i < erasures_.size(); ++i) newly_forgotten_.insert(key_owner(erasures_[i].programme, erasures_[i].person));
  noted_to_ = after;
}

Result<void> SharedKeyring::catch_up(Ask when) {
  KRING_CHECK(epoch_ == 0);
  const auto lacks = lacks_any();
  if (!lacks) return std::unexpected(lacks.error());
  if (when == Ask::always || *lacks)
    if (auto asked = ask(); !asked) return asked;
  if (auto given = give_to_owners(); !given) return given;
  // Whoever is forgotten keeps no key here, also not one that came just now.
  if (auto forgotten = ring_->forget(erasures_); !forgotten) return forgotten;
  erasures_.clear();
  newly_forgotten_.clear();
  return save_place();
}

// Is there a key that a noted record names, and not here?
Result<bool> SharedKeyring::lacks_any() const {
  for (const auto& [id, owner] : noted_) {
    if (is_forgotten(owner)) continue;
    const auto kind = ring_->store().look(id);
    if (!kind) return std::unexpected(kind.error());
    if (!is_usable(*kind)) return true;
  }
  return false;
}

Result<void> SharedKeyring::ask() {
  if (auto read = published_.catch_up(); !read) return read;
  if (auto fits = check_store(published_, {history_, wrapping_fingerprint(wrapping_)}); !fits) return fits;
  return import();
}

Result<void> SharedKeyring::import() {
  std::vector<Bytes> slots;
  bool late = false;  // a key that a record which was read before may name
  for (const PublishedKey& key : published_.take_new()) {
    const auto here = ring_->store().look(key.id);
    if (!here) return std::unexpected(here.error());
    const auto may = may_import(key);
    if (!may) return std::unexpected(may.error());
    if (is_usable(*here) || *here == SlotKind::destroyed || !*may) continue;
    late |= slot_of(key.id) < place_.named;
    slots.push_back(spare_key_slot(key.id, key.wrapped));
  }
  if (late) {
    // Whose it is all records have to tell. Said on disk first: a stop after the import must not hide it.
    place_ = {};
    noted_to_ = {};
    named_ = 0;
    noted_.clear();
    erasures_.clear();
    newly_forgotten_.clear();
    if (auto written = write_key_place(files_, place_path_, history_, place_); !written) return written;
  }
  auto imported = ring_->store().import(slots);
  return imported ? Result<void>() : std::unexpected(std::move(imported.error()));
}

// The topic may have lost the key that records need, and have kept one of the same slot that nobody needs. So what has an owner
// here, who comes from a record, or is named by a record, gives way only to a key that a record names.
Result<bool> SharedKeyring::may_import(const PublishedKey& key) const {
  if (noted_.contains(key.id)) return true;
  const auto here = ring_->store().read_slot(slot_of(key.id));
  if (!here) return std::unexpected(here.error());
  return here->kind != SlotKind::live && !noted_.contains(here->id);
}

Result<void> SharedKeyring::give_to_owners() {
  KeyStore& store = ring_->store();
  missing_ = 0;
  for (const auto& [id, owner] : noted_) {
    store.resume(owner, id);
    if (is_forgotten(owner)) continue;
    const auto kind = store.look(id);
    if (!kind) return std::unexpected(kind.error());
    missing_ += !is_usable(*kind);
  }
  noted_.clear();
  return store.resumed_so_far();
}

Result<void> SharedKeyring::save_place() {
  const bool moved = noted_to_.position != place_.read.position;
  if (!moved) return {};
  const auto spent = spent_slots();
  if (!spent) return std::unexpected(spent.error());
  KeyPlace place{noted_to_, named_, ring_->store().slots(), *spent};
  if (auto written = write_key_place(files_, place_path_, history_, place); !written) return written;
  place_ = place;
  return {};
}

Result<bool> SharedKeyring::lead(std::uint64_t epoch) {
  KRING_CHECK(epoch > 0);
  const Position noted = noted_to_.position;
  // Whose these keys are is known before a word is written there.
  if (auto caught_up = catch_up(); !caught_up) return std::unexpected(std::move(caught_up.error()));
  if (noted_to_.position < noted) return false;
  if (auto read = published_.catch_up_as_writer(epoch); !read) return std::unexpected(std::move(read.error()));
  if (auto asked = ask(); !asked) return std::unexpected(std::move(asked.error()));
  if (noted_to_.position < noted) return false;
  // Of a writer that has overtaken this one already: what its records name cannot be known here.
  for (const auto& [id, of] : published_.live())
    if (of > epoch) ring_->store().leave(id);
  epoch_ = epoch;
  ring_->store().reserve(named_);
  ring_->store().share(*this);
  if (auto reconciled = reconcile(); !reconciled) return std::unexpected(std::move(reconciled.error()));
  if (published_.store()) return true;
  // The last word: from now on a directory without keys may take those that are published for all.
  auto published = published_.publish(SharedStore{history_, wrapping_fingerprint(wrapping_)});
  return published ? Result<bool>(true) : std::unexpected(std::move(published.error()));
}

// The feed is to have what a record needs, and nothing that was destroyed here.
Result<void> SharedKeyring::reconcile() {
  std::vector<PublishedKey> lacking;
  const auto read = ring_->store().each([&](const KeySlot& slot) {
    // An owner comes from a record; what is nobody's yet `resumed` destroys.
    if (slot.kind != SlotKind::live || published_.has(slot.id)) return;
    Bytes wrapped = slot.wrapped;
    if (slot.bound_to_owner) {  // of version 1: whoever has it without its owner could not open it
      const auto secret = unwrap(slot, wrapping_);
      if (!secret) return;
      wrapped = parse_key_slot(spare_key_slot({slot.id, *secret}, wrapping_)).wrapped;
    }
    lacking.push_back({slot.id, epoch_, std::move(wrapped)});
  });
  if (!read) return read;
  if (auto published = published_.publish(lacking); !published) return published;
  std::vector<KeyId> gone;
  for (const auto& [id, epoch] : published_.live()) {
    const auto kind = ring_->store().look(id);
    if (!kind) return std::unexpected(kind.error());
    if (epoch <= epoch_ && !is_usable(*kind)) gone.push_back(id);
  }
  (void)published_.take_arrived();
  return published_.destroy(gone);
}

Result<Bytes> SharedKeyring::seal(const SealContext& context, std::string_view clear) {
  KRING_CHECK(epoch_ > 0);
  return ring_->seal(context, clear);
}

Result<void> SharedKeyring::forget(const std::vector<Erasure>& erasures) {
  KRING_CHECK(epoch_ > 0);
  if (!erasures.empty())
    if (auto destroyed = destroy_strays(); !destroyed) return destroyed;
  return ring_->forget(erasures);
}

// A writer that was overtaken may have published keys since, and sealed texts with them that do not count and still lie in the
// log. Nobody knows whose they are.
Result<void> SharedKeyring::destroy_strays() {
  std::vector<KeyId> late;
  {
    std::lock_guard lock(mutex_);
    if (auto read = published_.catch_up(); !read) return read;
    for (const KeyId& id : published_.take_arrived())
      if (const auto found = published_.live().find(id); found != published_.live().end() && found->second < epoch_) late.push_back(id);
  }
  std::vector<KeyId> strays;
  for (const KeyId& id : late) {
    const auto kind = ring_->look(id);
    if (!kind) return std::unexpected(kind.error());
    if (!is_usable(*kind)) strays.push_back(id);
  }
  std::lock_guard lock(mutex_);
  return published_.destroy(strays);
}

Result<void> SharedKeyring::on_made(const std::vector<Bytes>& slots) {
  std::lock_guard lock(mutex_);
  std::vector<PublishedKey> keys;
  for (const Bytes& bytes : slots) {
    KeySlot slot = parse_key_slot(bytes);
    keys.push_back({slot.id, epoch_, std::move(slot.wrapped)});
  }
  return published_.publish(keys);
}

Result<void> SharedKeyring::on_destroyed(const std::vector<KeyId>& ids) {
  std::lock_guard lock(mutex_);
  std::vector<KeyId> published;
  std::ranges::copy_if(ids, std::back_inserter(published), [&](const KeyId& id) { return published_.has(id); });
  return published_.destroy(published);
}

}  // namespace kring
