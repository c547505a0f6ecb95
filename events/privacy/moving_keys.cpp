#include "events/privacy/moving_keys.h"

#include <algorithm>

#include "events/base/text.h"
#include "events/privacy/erasure_ledger.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/key_slot.h"
#include "events/privacy/published_keys.h"

namespace kring {
namespace {

// Empty where there is no file.
Result<Bytes> content(FileSystem& files, const std::string& path) {
  auto file = files.open(path, OpenMode::read);
  if (file) return read_whole(**file);
  return file.error().kind == ErrorKind::not_found ? Result<Bytes>(Bytes()) : std::unexpected(std::move(file.error()));
}

// Of a key store; number 0 is its header.
BytesView piece(BytesView store, std::size_t number) {
  const std::size_t begin = number * key_slot_size;
  return begin < store.size() ? store.substr(begin, key_slot_size) : BytesView();
}

std::unexpected<Error> other_keys(const std::string& path) {
  return fail(ErrorKind::io, "other_keys",
              concat(path, " belongs to another history, or to another copy of this one: nothing was overwritten. Choose another target, or move the file away"));
}

// Was everything in `target` in `source` as well, apart from keys that were destroyed since?
bool is_earlier_copy(BytesView target, BytesView source) {
  if (!target.empty() && piece(target, 0) != piece(source, 0)) return false;
  for (std::size_t number = 1; number * key_slot_size < target.size(); ++number) {
    const BytesView mine = piece(target, number), theirs = piece(source, number);
    if (mine == theirs) continue;
    const KeySlot slot = parse_key_slot(mine);
    const bool lost_nothing = slot.kind == SlotKind::empty || slot.kind == SlotKind::destroyed;
    if (!lost_nothing && (!slot.has_key() || parse_key_slot(theirs).id != slot.id)) return false;
  }
  return true;
}

Result<void> copy_key_encryption_key(FileSystem& files, const std::string& from, const std::string& to) {
  if (from == to) return {};
  auto secret = read_key_encryption_key(files, from);
  if (!secret) return std::unexpected(std::move(secret.error()));
  auto there = read_key_encryption_key(files, to);
  if (there) return there->bytes() == secret->bytes() ? Result<void>() : other_keys(to);
  if (there.error().kind != ErrorKind::not_found) return std::unexpected(std::move(there.error()));
  return write_key_encryption_key(files, to, *secret);
}

Result<void> copy_ledger(FileSystem& files, const std::string& from, const std::string& to, const HistoryId& history) {
  if (from == to) return {};
  auto erasures = read_erasures(files, from, history);
  if (!erasures) return std::unexpected(std::move(erasures.error()));
  auto ledger = ErasureLedger::open(files, to, history);
  if (!ledger) return std::unexpected(std::move(ledger.error()));
  const auto& known = (*ledger)->erasures();
  std::erase_if(*erasures, [&](const Erasure& erasure) { return std::ranges::find(known, erasure) != known.end(); });
  return (*ledger)->append(*erasures);
}

// As the next writer would find the keys when it has read the whole log: each has its owner, and nobody who is forgotten has one.
Result<void> settle_keys(FileSystem& files, const KeyringPaths& paths, const HistoryId& history, const EachDecision& records) {
  auto keyring = open_keyring(files, paths, history, false);
  if (!keyring) return std::unexpected(std::move(keyring.error()));
  std::vector<Erasure> erasures;
  const auto read = records([&](const Decision& decision, Position position) {
    (*keyring)->resume(decision);
    add_erasures(decision, position, erasures);
  });
  if (!read) return read;
  if (auto resumed = (*keyring)->resumed(); !resumed) return resumed;
  if (auto forgotten = (*keyring)->forget(erasures); !forgotten) return forgotten;
  return (*keyring)->settle();
}

}  // namespace

Result<void> copy_keys(FileSystem& files, const KeyringPaths& source, const KeyringPaths& target, const HistoryId& history,
                       const EachDecision& records) {
  if (auto settled = settle_keys(files, source, history, records); !settled) return settled;
  auto keys = content(files, source.keys);
  if (!keys) return std::unexpected(std::move(keys.error()));
  auto there = content(files, target.keys);
  if (!there) return std::unexpected(std::move(there.error()));
  if (!is_earlier_copy(*there, *keys)) return other_keys(target.keys);
  // The ledger first: whatever is cut short now, nobody who stands in it is opened.
  if (auto copied = copy_ledger(files, source.erasure_ledger, target.erasure_ledger, history); !copied) return copied;
  if (auto copied = copy_key_encryption_key(files, source.key_encryption_key, target.key_encryption_key); !copied) return copied;
  return replace_file(files, target.keys, *keys, OpenMode::create_secret);
}

Result<void> destroy_moved_keys(FileSystem& files, const KeyringPaths& source, const KeyringPaths& target) {
  auto keys = content(files, source.keys);
  if (!keys) return std::unexpected(std::move(keys.error()));
  auto moved = content(files, target.keys);
  if (!moved) return std::unexpected(std::move(moved.error()));
  std::vector<std::size_t> left;
  for (std::size_t number = 1; number * key_slot_size < keys->size(); ++number) {
    const KeySlot slot = parse_key_slot(piece(*keys, number));
    if (slot.kind == SlotKind::empty || slot.kind == SlotKind::destroyed) continue;
    if (slot.has_key() && parse_key_slot(piece(*moved, number)).id != slot.id)
      return fail(ErrorKind::damaged, "keys_missing", concat("the key in slot ", number - 1, " of ", source.keys, " is not in ", target.keys, ": none was destroyed"));
    left.push_back(number);
  }
  if (keys->size() <= key_slot_size) return {};
  auto file = files.open(source.keys, OpenMode::update);
  if (!file) return std::unexpected(std::move(file.error()));
  for (const std::size_t number : left) {
    const Bytes destroyed = destroyed_key_slot(parse_key_slot(piece(*keys, number)).id);
    if (auto written = (*file)->write_at(number * key_slot_size, destroyed); !written) return written;
  }
  if (auto synced = (*file)->sync_data(); !synced) return synced;
  // A destroyed slot says of its key that nobody may have it, and these are still needed elsewhere: should this directory come to
  // share that history again, it gets them as any other.
  if (auto cut = (*file)->truncate(key_slot_size); !cut) return cut;
  return (*file)->sync_data();
}

Result<void> destroy_published_keys(FileSystem& files, const KeyringPaths& source, std::unique_ptr<KeyFeed> feed) {
  auto wrapping = read_key_encryption_key(files, source.key_encryption_key);
  if (!wrapping) return std::unexpected(std::move(wrapping.error()));
  PublishedKeys published(std::move(feed), *wrapping);
  if (auto read = published.catch_up(); !read) return read.error().code == "topic_not_found" ? Result<void>() : read;
  std::vector<KeyId> all;
  for (const auto& [id, epoch] : published.live()) all.push_back(id);
  return published.destroy(all);
}

}  // namespace kring
