// The keys of persons, in one file apart from the log: written once, destroyed in place. Each key has a random id that
// sealed texts name, and is wrapped by the key-encryption key. docs/key-store-format.md has the bytes.
#pragma once

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

// Makes and destroys keys. One writer at a time: the log's lock is the guard. One object belongs to one thread.
class KeyStore {
 public:
  // Makes the store where the file is missing or empty; where `fresh`, because no record can need a key, also where its
  // beginning was torn when it was made. What a crash left half written is removed, half destroyed is destroyed, and what
  // may be in the cache alone, because its sync failed, is written again.
  static Result<std::unique_ptr<KeyStore>> open(FileSystem& files, const std::string& path, const Secret& wrapping, bool fresh = false);

  // The owner's newest key; none where there is none, or it was destroyed.
  Result<std::optional<PersonKey>> find(const KeyOwner& owner) const;

  // A new key. Not durable before make_durable.
  PersonKey make(const KeyOwner& owner);
  Result<void> make_durable();

  bool has(const KeyOwner& owner) const { return slots_.contains(owner); }

  // Overwrites all keys of these owners, and returns when that is durable.
  Result<void> destroy(const std::vector<KeyOwner>& owners);

  std::size_t unreadable() const { return unreadable_; }  // slots that hold neither a key nor the mark of a destroyed one

 private:
  struct OwnerHash {
    std::size_t operator()(const KeyOwner& owner) const;
  };

  using Slots = std::unordered_multimap<KeyOwner, std::uint64_t, OwnerHash>;  // numbers from 0; the newest key has the highest

  KeyStore(std::unique_ptr<File> file, const Secret& wrapping) : file_(std::move(file)), wrapping_(wrapping) {}
  Result<void> load();
  Result<void> remove_torn();
  Result<void> write_again();

  std::unique_ptr<File> file_;
  Secret wrapping_;
  Slots slots_;     // of live keys
  Slots doubtful_;  // damaged ones, by the owner that they seem to have: they open nothing, and are destroyed all the same
  std::uint64_t durable_ = 0;   // slots that are on disk
  std::vector<PersonKey> made_;  // not yet on disk
  Bytes pending_;                // their slots
  std::size_t unreadable_ = 0;
};

}  // namespace kring
