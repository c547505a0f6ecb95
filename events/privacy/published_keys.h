// The keys that directories share, as the messages of a feed tell them.
//
// Anybody may publish, also a writer that was overtaken and does not know it yet. Two keys of one slot number are told apart by
// the epoch of the claim under which they were published: the higher one is the one that a record may need. For whoever
// publishes under epoch e has read the feed to its end after that claim, and gives new keys the slots above all that it saw. A
// key that a record of an earlier epoch needs was acknowledged before that record, and that record lies before the claim: so it
// was seen. What the earlier writer publishes later only its later records could need, and those don't count.
//
// None of this depends on the order of the messages, nor on those that compaction has taken away: a key that was published and
// not destroyed is always there, and is judged by what its own message says.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "events/privacy/key_message.h"

namespace kring {

// A message that the key-encryption key does not open is void: whoever may write to the feed, only who has that key can put one
// in the place of another.
//
// One object belongs to one thread.
class PublishedKeys {
 public:
  PublishedKeys(std::unique_ptr<KeyFeed> feed, const Secret& wrapping) : feed_(std::move(feed)), wrapping_(wrapping) {}

  // Takes what the feed has by now. Error beyond those of the feed: `unsupported_format`.
  Result<void> catch_up();

  // Says that a writer with this epoch is about to read, and reads past that: then all is known that anybody had been told
  // was stored before this call. Error `keys_behind`, where the feed does not show it.
  Result<void> catch_up_as_writer(std::uint64_t epoch);

  const std::optional<SharedStore>& store() const { return store_; }
  bool has(const KeyId& id) const { return live_.contains(id); }  // published and not destroyed

  // Keys that were not taken before: of each slot the one with the highest epoch.
  std::vector<PublishedKey> take_new();

  // To their epochs: all that were published and not destroyed.
  const std::unordered_map<KeyId, std::uint64_t, KeyOwnerHash>& live() const { return live_; }

  // The ids of what the feed has told of since the last call.
  std::vector<KeyId> take_arrived() { return std::exchange(arrived_, {}); }

  // Acknowledged when these return. Doing them again does no harm.
  Result<void> publish(const std::vector<PublishedKey>& keys);
  Result<void> publish(const SharedStore& store);
  Result<void> destroy(const std::vector<KeyId>& ids);

 private:
  void take(const ParsedKeyMessage& message);
  void take_key(PublishedKey key, bool is_new);
  void take_destroyed(const KeyId& id);

  struct Newest {
    KeyId id{};
    std::uint64_t epoch = 0;
  };

  std::unique_ptr<KeyFeed> feed_;
  const Secret wrapping_;
  std::optional<SharedStore> store_;
  std::unordered_map<KeyId, std::uint64_t, KeyOwnerHash> live_;  // to their epochs
  std::unordered_map<std::uint64_t, Newest> newest_;             // by slot
  std::map<std::uint64_t, PublishedKey> new_;                    // by slot: not taken yet
  std::vector<KeyId> arrived_;
  Token writer_{};          // that catch_up_as_writer looks for
  bool saw_writer_ = false;
};

}  // namespace kring
