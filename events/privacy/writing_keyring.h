// The keyring of a log's writer, on a key store and a ledger that are open: what open_keyring gives, and what open_shared_keyring
// is built on.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "events/privacy/erasure_ledger.h"
#include "events/privacy/keyring.h"
#include "events/privacy/sealed_text.h"

namespace kring {

using KeyOwners = std::unordered_set<KeyOwner, KeyOwnerHash>;

// Opens with keys that a KeyReader finds. Thread-safe through its mutex.
class KeyOpener {
 public:
  KeyOpener(std::unique_ptr<KeyReader> keys, const HistoryId& history) : keys_(std::move(keys)), history_(history) {}

  std::optional<std::string> open(const SealContext& context, BytesView sealed) const;

 private:
  std::unique_ptr<KeyReader> keys_;
  const HistoryId history_;
  mutable std::mutex mutex_;
};

class WritingKeyring final : public Sealer {
 public:
  // Opens what lies at `paths`, and what is missing of it is made. `fresh`: no record can need a key. `torn_store`: the key store
  // was torn when it was made, and may be made again.
  static Result<std::unique_ptr<WritingKeyring>> open(FileSystem& files, const KeyringPaths& paths, const HistoryId& history, const Secret& wrapping,
                                                      bool fresh, bool torn_store = false);

  WritingKeyring(std::unique_ptr<KeyStore> store, std::unique_ptr<KeyReader> reader, std::unique_ptr<ErasureLedger> ledger, const HistoryId& history)
      : store_(std::move(store)), ledger_(std::move(ledger)), opener_(std::move(reader), history), history_(history) {}

  // Whoever stands in the ledger has no key afterwards.
  Result<void> apply_ledger();

  bool must_resume_all() const override;
  void resume(const Decision& decision) override;
  Result<void> resumed() override;
  Result<Bytes> seal(const SealContext& context, std::string_view clear) override;
  Result<void> make_durable() override;
  Result<void> settle() override;
  Result<void> forget(const std::vector<Erasure>& erasures) override;
  std::vector<Erasure> erasures() const override;
  std::optional<std::string> open(const SealContext& context, BytesView sealed) const override { return opener_.open(context, sealed); }

  Result<SlotKind> look(const KeyId& id) const;

  // For one thread, and while no other one uses this object.
  KeyStore& store() { return *store_; }
  bool is_erased(const KeyOwner& owner) const { return erased_.contains(owner); }

 private:
  // A key of a person, and what it becomes where it seals alone.
  struct RecentKey {
    PersonKey key;
    Secret alone;
  };

  // Null for those who were erased. Stays until the next call.
  Result<const RecentKey*> key_for(const ProgrammeId& programme, const PersonId& person);

  mutable std::mutex mutex_;
  std::unique_ptr<KeyStore> store_;
  std::unique_ptr<ErasureLedger> ledger_;
  KeyOwners erased_;
  std::vector<KeyOwner> resumed_erased_;
  // The keys that were used last: a command seals several texts for the same persons, and reading a key is a system call and
  // a decryption. They are wiped with the map.
  std::unordered_map<std::string, RecentKey> recent_;
  std::unordered_map<std::string, RecentKey>::iterator last_ = recent_.end();
  KeyOpener opener_;
  const HistoryId history_;
};

}  // namespace kring
