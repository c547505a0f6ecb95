// Where the keys of a history are shared by several data directories: a sequence of messages that forgets, of each message
// key, all values but the newest (a compacted topic of Kafka; events/log/kafka/key_topic.h). What the messages say:
// key_message.h. Anybody may publish at any time; who counts is for the reader to judge (published_keys.h).
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "events/base/bytes.h"
#include "events/base/error.h"

namespace kring {

struct KeyMessage {
  Bytes key;
  std::optional<Bytes> value;  // none: a tombstone; older values of this key are gone in time, and so is the tombstone
  bool operator==(const KeyMessage&) const = default;
};

// One object belongs to one thread. All waiting is bounded; errors are of kind io.
class KeyFeed {
 public:
  virtual ~KeyFeed() = default;

  using Visit = std::function<void(BytesView key, std::optional<BytesView> value)>;

  // Shows, in order, what comes behind what this object has shown before, up to the end as it is now. What another object
  // has published before this call is in it.
  virtual Result<void> read(const Visit& visit) = 0;

  // Returns when all of these are stored as safely as they can be. After an error nobody knows which of them are, or will be.
  virtual Result<void> publish(std::span<const KeyMessage> messages) = 0;
};

}  // namespace kring
