#include "events/privacy/keyring.h"

#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "events/privacy/erasure_ledger.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/sealed_text.h"

namespace kring {
namespace {

using Owners = std::unordered_set<KeyOwner, KeyOwnerHash>;

constexpr std::size_t most_recent = 4096;  // keys in memory

// A key of a person, and what it becomes where it seals alone.
struct RecentKey {
  PersonKey key;
  Secret alone;
};

std::string name_of_owner(const ProgrammeId& programme, const PersonId& person) { return concat(programme.text, '\0', person.text); }

// Opens with keys that a KeyReader finds. Thread-safe through its mutex.
class KeyOpener {
 public:
  KeyOpener(std::unique_ptr<KeyReader> keys, const HistoryId& history) : keys_(std::move(keys)), history_(history) {}

  std::optional<std::string> open(const SealContext& context, BytesView sealed) const {
    std::vector<KeyId> ids;
    if (!keys_of(sealed, ids)) return std::nullopt;
    std::vector<PersonKey> keys;
    std::lock_guard lock(mutex_);
    for (const KeyId& id : ids) {
      auto secret = keys_->find(id);
      if (!secret || !*secret) return std::nullopt;
      keys.push_back({id, **secret});
    }
    return opened_text(history_, context, keys, sealed);
  }

 private:
  std::unique_ptr<KeyReader> keys_;
  const HistoryId history_;
  mutable std::mutex mutex_;
};

// Whoever stands in the ledger is not opened, whatever keys there are: a restored backup has those of its own time.
class ReadingKeyring : public Opener {
 public:
  ReadingKeyring(std::unique_ptr<KeyReader> keys, const std::vector<Erasure>& erasures, const HistoryId& history) : opener_(std::move(keys), history) {
    for (const Erasure& erasure : erasures) erased_.insert(key_owner(erasure.programme, erasure.person));
  }

  std::optional<std::string> open(const SealContext& context, BytesView sealed) const override {
    for (const PersonId& person : context.persons)
      if (!erased_.empty() && erased_.contains(key_owner(context.programme, person))) return std::nullopt;
    return opener_.open(context, sealed);
  }

 private:
  KeyOpener opener_;
  Owners erased_;
};

class WritingKeyring : public Sealer {
 public:
  WritingKeyring(std::unique_ptr<KeyStore> store, std::unique_ptr<KeyReader> reader, std::unique_ptr<ErasureLedger> ledger, const HistoryId& history)
      : store_(std::move(store)), ledger_(std::move(ledger)), opener_(std::move(reader), history), history_(history) {}

  Result<void> apply_ledger() {
    std::vector<KeyOwner> owners;
    for (const Erasure& erasure : ledger_->erasures()) owners.push_back(key_owner(erasure.programme, erasure.person));
    erased_.insert(owners.begin(), owners.end());
    return store_->destroy(owners);
  }

  bool must_resume_all() const override {
    std::lock_guard lock(mutex_);
    return store_->must_resume_all();
  }

  void resume(const Decision& decision) override {
    std::lock_guard lock(mutex_);
    if (!store_->may_resume() || KRING_MISTAKE(owners_not_resumed)) return;
    each_personal(decision, [&](const SealContext& context, const Personal& text) {
      std::vector<KeyId> ids;
      if (!keys_of(text.sealed, ids) || ids.size() != context.persons.size()) return;
      for (std::size_t i = 0; i < ids.size(); ++i) {
        const KeyOwner owner = key_owner(context.programme, context.persons[i]);
        store_->resume(owner, ids[i]);
        if (erased_.contains(owner)) resumed_erased_.push_back(owner);
      }
    });
  }

  Result<void> resumed() override {
    std::lock_guard lock(mutex_);
    if (auto done = store_->resumed(); !done) return done;
    return store_->destroy(std::exchange(resumed_erased_, {}));
  }

  Result<Bytes> seal(const SealContext& context, std::string_view clear) override {
    if (context.persons.empty()) return clear_text(clear);
    std::lock_guard lock(mutex_);
    if (context.persons.size() == 1) {  // nearly always
      auto found = key_for(context.programme, context.persons.front());
      if (!found) return std::unexpected(std::move(found.error()));
      if (!*found) return Bytes();  // erased before, says the ledger: nothing may be kept
      return sealed_text(history_, context, {&(*found)->key, 1}, (*found)->alone, clear);
    }
    std::vector<PersonKey> keys;
    for (const PersonId& person : context.persons) {
      auto found = key_for(context.programme, person);
      if (!found) return std::unexpected(std::move(found.error()));
      if (!*found) return Bytes();
      keys.push_back((*found)->key);
    }
    return sealed_text(history_, context, keys, common_key(keys), clear);
  }

  Result<void> make_durable() override {
    std::lock_guard lock(mutex_);
    return store_->make_durable();
  }

  Result<void> settle() override {
    std::lock_guard lock(mutex_);
    return store_->settle();
  }

  // The ledger first: when only one of the two is done, it must be the one that outlives a restored backup.
  Result<void> forget(const std::vector<Erasure>& erasures) override {
    std::lock_guard lock(mutex_);
    std::vector<Erasure> missing;
    std::vector<KeyOwner> owners;
    for (const Erasure& erasure : erasures) {
      owners.push_back(key_owner(erasure.programme, erasure.person));
      if (!erased_.contains(owners.back())) missing.push_back(erasure);
    }
    if (auto done = ledger_->append(missing); !done) return done;
    erased_.insert(owners.begin(), owners.end());
    for (const Erasure& erasure : erasures) recent_.erase(name_of_owner(erasure.programme, erasure.person));
    last_ = recent_.end();
    return store_->destroy(owners);
  }

  std::optional<std::string> open(const SealContext& context, BytesView sealed) const override { return opener_.open(context, sealed); }

 private:
  // Null for those who were erased. Stays until the next call.
  Result<const RecentKey*> key_for(const ProgrammeId& programme, const PersonId& person) {
    const bool same = last_ != recent_.end() && last_->first.size() == programme.text.size() + 1 + person.text.size() &&
                      last_->first.ends_with(person.text) && last_->first.starts_with(programme.text);
    if (same) return &last_->second;  // a command seals several texts for the same person
    std::string name = name_of_owner(programme, person);
    if (last_ = recent_.find(name); last_ != recent_.end()) return &last_->second;
    const KeyOwner owner = key_owner(programme, person);
    auto key = store_->find(owner);
    if (!key) return std::unexpected(std::move(key.error()));
    if (!*key && erased_.contains(owner)) return nullptr;
    if (!*key) key = store_->make(owner);
    if (recent_.size() >= most_recent) recent_.clear();
    last_ = recent_.emplace(std::move(name), RecentKey{**key, common_key({&**key, 1})}).first;
    return &last_->second;
  }

  mutable std::mutex mutex_;
  std::unique_ptr<KeyStore> store_;
  std::unique_ptr<ErasureLedger> ledger_;
  Owners erased_;
  std::vector<KeyOwner> resumed_erased_;
  // The keys that were used last: a command seals several texts for the same persons, and reading a key is a system call and
  // a decryption. They are wiped with the map.
  std::unordered_map<std::string, RecentKey> recent_;
  std::unordered_map<std::string, RecentKey>::iterator last_ = recent_.end();
  KeyOpener opener_;
  const HistoryId history_;
};

class NoKeys : public Opener {
 public:
  std::optional<std::string> open(const SealContext& context, BytesView sealed) const override { return opened_text({}, context, {}, sealed); }
};

Error missing_keys(const std::string& path) {
  return {ErrorKind::damaged, "keys_missing", "",
          concat("the keys of this history, ", path, ", are missing: put them back. If they are lost for good, make an empty file there: "
                 "then what they sealed stays sealed for ever")};
}

Error missing_key_encryption_key(const std::string& path) {
  return {ErrorKind::damaged, "key_encryption_key_missing", "",
          concat("the key-encryption key of this history, ", path, ", is missing: put it back, or say where it is in kring.toml of the data directory")};
}

Error missing_ledger(const std::string& path) {
  return {ErrorKind::damaged, "ledger_missing", "",
          concat("the ledger of erasures of this history, ", path, ", is missing: put it back, or say where it is in kring.toml of the data directory. "
                 "If it is lost for good, make an empty file there: then who was forgotten after a backup that is restored now can be read again")};
}

bool is_missing(const Error& error) { return error.kind == ErrorKind::not_found; }

// Is there a file with something in it?
Result<bool> stands(FileSystem& files, const std::string& path) {
  auto file = files.open(path, OpenMode::read);
  if (!file) return is_missing(file.error()) ? Result<bool>(false) : std::unexpected(std::move(file.error()));
  auto size = (*file)->size();
  return size ? Result<bool>(*size > 0) : std::unexpected(std::move(size.error()));
}

Result<Secret> wrapping_key(FileSystem& files, const KeyringPaths& paths) {
  auto wrapping = read_key_encryption_key(files, paths.key_encryption_key);
  if (wrapping || !is_missing(wrapping.error())) return wrapping;
  // Where no key was ever wrapped a new one may be made.
  auto used = stands(files, paths.keys);
  if (!used) return std::unexpected(std::move(used.error()));
  if (*used) return std::unexpected(missing_key_encryption_key(paths.key_encryption_key));
  return make_key_encryption_key(files, paths.key_encryption_key);
}

}  // namespace

Result<std::unique_ptr<Sealer>> open_keyring(FileSystem& files, const KeyringPaths& paths, const HistoryId& history, bool fresh) {
  auto lacks = [&](const std::string& path) {
    auto there = files.open(path, OpenMode::read);
    return !there && is_missing(there.error());
  };
  if (!fresh && lacks(paths.keys)) return std::unexpected(missing_keys(paths.keys));
  if (!fresh && lacks(paths.erasure_ledger)) return std::unexpected(missing_ledger(paths.erasure_ledger));
  auto wrapping = wrapping_key(files, paths);
  if (!wrapping) return std::unexpected(std::move(wrapping.error()));
  auto store = KeyStore::open(files, paths.keys, *wrapping, fresh);
  if (!store) return std::unexpected(std::move(store.error()));
  auto reader = KeyReader::open(files, paths.keys, *wrapping);
  if (!reader) return std::unexpected(std::move(reader.error()));
  auto ledger = ErasureLedger::open(files, paths.erasure_ledger, history);
  if (!ledger) return std::unexpected(std::move(ledger.error()));
  // A process that ended while it made them may have left their names in the cache alone.
  for (const std::string& path : {paths.keys, paths.key_encryption_key, paths.erasure_ledger})
    if (fresh)
      if (auto synced = files.sync_directory(directory_of(path)); !synced) return std::unexpected(std::move(synced.error()));
  auto keyring = std::make_unique<WritingKeyring>(std::move(*store), std::move(*reader), std::move(*ledger), history);
  if (auto applied = keyring->apply_ledger(); !applied) return std::unexpected(std::move(applied.error()));
  return keyring;
}

Result<std::unique_ptr<Opener>> open_key_reader(FileSystem& files, const KeyringPaths& paths, const HistoryId& history) {
  auto wrapping = read_key_encryption_key(files, paths.key_encryption_key);
  if (!wrapping && is_missing(wrapping.error())) return std::unexpected(missing_key_encryption_key(paths.key_encryption_key));
  if (!wrapping) return std::unexpected(std::move(wrapping.error()));
  auto reader = KeyReader::open(files, paths.keys, *wrapping);
  if (!reader && is_missing(reader.error())) return std::unexpected(missing_keys(paths.keys));
  if (!reader) return std::unexpected(std::move(reader.error()));
  auto erasures = read_erasures(files, paths.erasure_ledger, history);
  if (!erasures && is_missing(erasures.error())) return std::unexpected(missing_ledger(paths.erasure_ledger));
  if (!erasures) return std::unexpected(std::move(erasures.error()));
  return std::make_unique<ReadingKeyring>(std::move(*reader), *erasures, history);
}

std::unique_ptr<Opener> open_without_keys() { return std::make_unique<NoKeys>(); }

}  // namespace kring
