#include "events/privacy/writing_keyring.h"

#include <utility>

#include "events/base/mistakes.h"
#include "events/base/text.h"

namespace kring {
namespace {

constexpr std::size_t most_recent = 4096;  // keys in memory

std::string name_of_owner(const ProgrammeId& programme, const PersonId& person) { return concat(programme.text, '\0', person.text); }

}  // namespace

std::optional<std::string> KeyOpener::open(const SealContext& context, BytesView sealed) const {
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

Result<std::unique_ptr<WritingKeyring>> WritingKeyring::open(FileSystem& files, const KeyringPaths& paths, const HistoryId& history, const Secret& wrapping,
                                                             bool fresh, bool torn_store) {
  auto store = KeyStore::open(files, paths.keys, wrapping, fresh || torn_store);
  if (!store) return std::unexpected(std::move(store.error()));
  auto reader = KeyReader::open(files, paths.keys, wrapping);
  if (!reader) return std::unexpected(std::move(reader.error()));
  auto ledger = ErasureLedger::open(files, paths.erasure_ledger, history);
  if (!ledger) return std::unexpected(std::move(ledger.error()));
  // A process that ended while it made them may have left their names in the cache alone.
  for (const std::string& path : {paths.keys, paths.key_encryption_key, paths.erasure_ledger})
    if (fresh)
      if (auto synced = files.sync_directory(directory_of(path)); !synced) return std::unexpected(std::move(synced.error()));
  return std::make_unique<WritingKeyring>(std::move(*store), std::move(*reader), std::move(*ledger), history);
}

Result<void> WritingKeyring::apply_ledger() {
  std::vector<KeyOwner> owners;
  for (const Erasure& erasure : ledger_->erasures()) owners.push_back(key_owner(erasure.programme, erasure.person));
  erased_.insert(owners.begin(), owners.end());
  return store_->destroy(owners);
}

bool WritingKeyring::must_resume_all() const {
  std::lock_guard lock(mutex_);
  return store_->must_resume_all();
}

void WritingKeyring::resume(const Decision& decision) {
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

Result<void> WritingKeyring::resumed() {
  std::lock_guard lock(mutex_);
  if (auto done = store_->resumed(); !done) return done;
  return store_->destroy(std::exchange(resumed_erased_, {}));
}

Result<Bytes> WritingKeyring::seal(const SealContext& context, std::string_view clear) {
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

Result<void> WritingKeyring::make_durable() {
  std::lock_guard lock(mutex_);
  return store_->make_durable();
}

Result<void> WritingKeyring::settle() {
  std::lock_guard lock(mutex_);
  return store_->settle();
}

// The ledger first: when only one of the two is done, it must be the one that outlives a restored backup.
Result<void> WritingKeyring::forget(const std::vector<Erasure>& erasures) {
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

std::vector<Erasure> WritingKeyring::erasures() const {
  std::lock_guard lock(mutex_);
  return ledger_->erasures();
}

Result<SlotKind> WritingKeyring::look(const KeyId& id) const {
  std::lock_guard lock(mutex_);
  return store_->look(id);
}

Result<const WritingKeyring::RecentKey*> WritingKeyring::key_for(const ProgrammeId& programme, const PersonId& person) {
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

}  // namespace kring
