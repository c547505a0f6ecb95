// The keys of persons, in one file apart from the log: written once, destroyed in place. Each key has a random id that
// sealed texts name, and is wrapped by the key-encryption key. docs/key-store-format.md has the bytes.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "events/base/error.h"
#include "events/filesystem/filesystem.h"
#include "events/privacy/crypto.h"
#include "events/vocabulary.h"

namespace kring {

// The number of its slot, and eight random bytes.
using KeyId = Token;

// Whose key it is: a hash of programme and person.
using KeyOwner = Token;
KeyOwner key_owner(const ProgrammeId& programme, const PersonId& person);
struct KeyOwnerHash {
  std::size_t operator()(const KeyOwner& owner) const;
};

enum class SlotKind : std::uint8_t;  // key_slot.h
struct KeySlot;

struct PersonKey {
  KeyId id{};
  Secret secret;
};

// Finds keys by id. May be used beside a writer; one object belongs to one thread.
class KeyReader {
 public:
  // Errors: `not_found` where there is no key store; `damaged`, also where another key-encryption key wrapped its keys.
  static Result<std::unique_ptr<KeyReader>> open(FileSystem& files, const std::string& path, const Secret& wrapping);

  // None where it was destroyed, or never was.
  Result<std::optional<Secret>> find(const KeyId& id) const;

 private:
  KeyReader(std::unique_ptr<File> file, const Secret& wrapping) : file_(std::move(file)), wrapping_(wrapping) {}

  std::unique_ptr<File> file_;
  Secret wrapping_;
};

// Told of what changes in a key store that is not the only one of its history (shared_keyring.h). Called when the change is
// durable here, and before the call that made it returns; an error is the error of that call.
class KeyStoreListener {
 public:
  virtual ~KeyStoreListener() = default;
  virtual Result<void> on_made(const std::vector<Bytes>& slots) = 0;  // nobody's yet
  virtual Result<void> on_destroyed(const std::vector<KeyId>& ids) = 0;
};

// Makes and destroys keys. One writer at a time: the log's lock is the guard. One object belongs to one thread.
//
// A key is durable before the first record that needs it. So that not each batch of records waits for a sync of keys as well,
// keys are made ahead, as many as this object has used so far: who gets one is written without a sync. What a crash loses of
// that the records tell: `resume` each one after the newest `settle`, then `resumed`.
class KeyStore {
 public:
  // Makes the store where the file is missing or empty; where `fresh`, because no record can need a key, also where its
  // beginning was torn when it was made. What a crash left half written is removed, half destroyed is destroyed, and what
  // may be in the cache alone, because its sync failed, is written again.
  static Result<std::unique_ptr<KeyStore>> open(FileSystem& files, const std::string& path, const Secret& wrapping, bool fresh = false);

  // A record names this key as that of the owner. Told of each record after the newest `settle`, or of all where
  // `must_resume_all`: then there is a slot that does not tell its owner.
  void resume(const KeyOwner& owner, const KeyId& id);
  bool may_resume() const { return !unowned_.empty(); }  // else `resume` does nothing
  bool must_resume_all() const { return torn() > 0; }
  // Destroys the keys that no record names: they were made ahead, and nobody got them. No key may be made before.
  Result<void> resumed();

  // ---- where several stores share the keys of a history ----
  // From now on `listener` is told. Then nobody's name is written into a slot when a key is given away: owners come from the
  // records alone, by `resume`. A key that a record which does not count would have needed stays nobody's.
  void share(KeyStoreListener& listener) { listener_ = &listener; }
  // Slots that another store made, as nobody's; each takes the place of whatever has its number here, unless that is the same
  // key, also a destroyed one: who calls knows that nobody needs it. Durable when this returns. No key may have been made before. Returns how many were written.
  Result<std::size_t> import(const std::vector<Bytes>& slots);
  // As `resumed`, and destroys nothing: more records may come.
  Result<void> resumed_so_far();
  // `resumed` is not to destroy this one, whatever records say.
  void leave(const KeyId& id);
  // New keys get slots from this number on.
  void reserve(std::uint64_t slots);
  Result<KeySlot> read_slot(std::uint64_t number) const;
  // Of this id: a slot with a key of another one, or none, is `empty`.
  Result<SlotKind> look(const KeyId& id) const;
  // Visits all slots that were ever used.
  Result<void> each(const std::function<void(const KeySlot& slot)>& visit) const;
  std::uint64_t slots() const { return durable_; }

  // The owner's newest key; none where there is none, or it was destroyed.
  Result<std::optional<PersonKey>> find(const KeyOwner& owner) const;

  // A new key. Records may need it after make_durable.
  PersonKey make(const KeyOwner& owner);
  Result<void> make_durable();

  // All is on disk, also who got which key.
  Result<void> settle();

  bool has(const KeyOwner& owner) const { return slots_.contains(owner); }

  // Overwrites all keys of these owners, and returns when that is durable.
  Result<void> destroy(const std::vector<KeyOwner>& owners);

  std::size_t unreadable() const { return doubtful_.size() + torn(); }  // slots with neither a key and its owner nor the mark of a destroyed one

 private:
  struct MadeKey {
    PersonKey key;
    Bytes slot;
  };

  using Slots = std::unordered_multimap<KeyOwner, std::uint64_t, KeyOwnerHash>;  // numbers from 0; the newest key has the highest

  KeyStore(std::unique_ptr<File> file, const Secret& wrapping) : file_(std::move(file)), wrapping_(wrapping) {}
  Result<void> load();
  Result<void> remove_torn();
  Result<void> write_again();
  Result<void> write_assigned();
  Result<void> write_resumed();
  Result<void> write_imported(const std::map<std::uint64_t, Bytes>& slots);
  Result<void> overwrite(const std::vector<std::uint64_t>& slots);
  MadeKey make_at(std::uint64_t number) const;
  std::size_t torn() const;  // of the unowned: those that were not made ahead

  std::unique_ptr<File> file_;
  Secret wrapping_;
  Slots slots_;     // of live keys
  Slots doubtful_;  // damaged ones, by the owner that they seem to have: they open nothing, and are destroyed all the same
  struct Unowned {
    KeyId id;
    SlotKind kind;
  };
  std::map<std::uint64_t, Unowned> unowned_;  // found at the start: whose key it is only the records can tell
  std::vector<std::pair<std::uint64_t, KeyOwner>> resumed_;
  std::uint64_t durable_ = 0;       // slots that are on disk
  std::vector<MadeKey> made_;       // not yet on disk: their numbers follow
  std::deque<MadeKey> ahead_;       // on disk, and nobody's
  std::map<std::uint64_t, Bytes> assigned_;  // slots on disk whose owner is still to be written
  bool unsynced_ = false;           // owners were written
  KeyStoreListener* listener_ = nullptr;
  std::size_t used_ = 0;            // keys that somebody got from this object
};

}  // namespace kring
