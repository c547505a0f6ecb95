// The keyring of one of several data directories that share a log, and the keys of its history through a feed. Each has its own
// key store, and reads from that alone; the feed brings what others made.
//
// First it follows (an engine's replica may have it as its sealer then, too): `note` each record behind `place()`, then `catch_up`. When the log was claimed, and every record before the
// claim was noted, `lead` makes it the writer's Sealer. Why nothing is lost when writers overlap: published_keys.h and
// docs/decisions/0014-keys-on-a-compacted-topic.md.
#pragma once

#include <mutex>
#include <unordered_map>

#include "events/log/event_log.h"
#include "events/privacy/key_feed.h"
#include "events/privacy/key_place.h"
#include "events/privacy/keyring.h"
#include "events/privacy/published_keys.h"
#include "events/privacy/writing_keyring.h"

namespace kring {

// Where a directory keeps how far its keys are.
std::string key_place_path(const KeyringPaths& paths);

// Following: one thread, but for `open`. Leading: as every Sealer.
class SharedKeyring final : public Sealer, private KeyStoreListener {
 public:
  // `files` must outlive this, and the caller holds the lock of the directory while this lives. `fresh`: the log was claimed
  // and is empty. Where the directory lacks keys and ledger they are made, and filled from feed and log. Errors beyond those of
  // open_keyring and the feed: kind damaged, codes `key_encryption_key_missing`, where there is none and it cannot be made,
  // because somebody else has begun; `keys_missing`, where keys are neither here nor were they ever published; kind io, code
  // `other_keys`, where the feed has those of another history; kind damaged, `other_key`, or of another key-encryption key.
  static Result<std::unique_ptr<SharedKeyring>> open(FileSystem& files, const KeyringPaths& paths, const HistoryId& history,
                                                     std::unique_ptr<KeyFeed> feed, bool fresh);
  ~SharedKeyring() override = default;

  // The record to note next is the one behind this. It may go back to the beginning: when keys come that were missing before,
  // only all records tell whose they are. Then what was noted since counts for nothing.
  const Bookmark& place() const { return noted_to_; }
  void note(const Decision& decision, const Bookmark& after);

  bool is_caught_up() const { return noted_to_.position == place_.read.position; }  // nothing was noted since

  enum class Ask : std::uint8_t {
    always,
    if_missing,  // the feed is asked only where a record that was noted names a key that is not here
  };
  // Whatever the noted records need is in the key store when this returns, as far as anybody has published it; who is
  // forgotten by them stands in the ledger, and has no key here any more. Durable.
  Result<void> catch_up(Ask ask = Ask::always);

  // Keys of persons who are not forgotten that the records of the last catch_up name, and that are nowhere.
  std::size_t missing() const { return missing_; }

  // From now on this is the writer's, whose claim has this epoch. What the feed should have and has not is published, what it
  // has and should not is destroyed there. From here on nothing is noted: the engine's `resumed` is next.
  // False: `place` went back; note from there, and call this again.
  Result<bool> lead(std::uint64_t epoch);

  // ---- Sealer, once it leads. `open` works before, too ----
  bool must_resume_all() const override { return false; }
  void resume(const Decision&) override {}  // it was noted
  Result<void> resumed() override { return ring_->resumed(); }
  Result<Bytes> seal(const SealContext& context, std::string_view clear) override;
  Result<void> make_durable() override { return ring_->make_durable(); }
  Result<void> settle() override { return ring_->settle(); }
  Result<void> forget(const std::vector<Erasure>& erasures) override;
  std::vector<Erasure> erasures() const override { return ring_->erasures(); }
  std::optional<std::string> open(const SealContext& context, BytesView sealed) const override { return ring_->open(context, sealed); }

 private:
  SharedKeyring(FileSystem& files, const KeyringPaths& paths, const HistoryId& history, const Secret& wrapping, PublishedKeys published)
      : files_(files), place_path_(key_place_path(paths)), history_(history), wrapping_(wrapping), published_(std::move(published)) {}

  Result<void> begin(bool has_ledger);
  Result<bool> lacks_any() const;
  Result<std::uint64_t> spent_slots() const;
  Result<void> ask();
  Result<void> import();
  Result<bool> may_import(const PublishedKey& key) const;
  Result<void> give_to_owners();
  Result<void> save_place();
  Result<void> reconcile();
  Result<void> destroy_strays();
  bool is_forgotten(const KeyOwner& owner) const { return ring_->is_erased(owner) || newly_forgotten_.contains(owner); }
  Result<void> on_made(const std::vector<Bytes>& slots) override;
  Result<void> on_destroyed(const std::vector<KeyId>& ids) override;

  FileSystem& files_;
  const std::string place_path_;
  const HistoryId history_;
  const Secret wrapping_;
  std::mutex mutex_;  // guards published_ once this leads
  PublishedKeys published_;
  std::unique_ptr<WritingKeyring> ring_;
  KeyPlace place_;     // as it is on disk
  Bookmark noted_to_;  // this far records were noted
  // What they say that is not in the key store yet.
  std::unordered_map<KeyId, KeyOwner, KeyOwnerHash> noted_;
  std::vector<Erasure> erasures_;
  KeyOwners newly_forgotten_;
  std::uint64_t named_ = 0;  // all slot numbers that any record up to there names are below
  std::size_t missing_ = 0;
  std::uint64_t epoch_ = 0;  // once it leads
};

}  // namespace kring
