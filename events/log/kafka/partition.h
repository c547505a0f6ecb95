// One partition of a topic, as the log sees it: the door behind which librdkafka lies, and through which a test can put
// a partition that delays, loses and doubles.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/error.h"
#include "events/log/share.h"

namespace kring::kafka {

using Offset = std::uint64_t;

struct Watermarks {
  Offset low = 0;   // of the oldest message that is still there
  Offset high = 0;  // behind the newest one that all replicas in sync have
};

struct Message {
  Offset offset = 0;
  BytesView value;  // valid while this lives
  std::unique_ptr<void, void (*)(void*)> owner{nullptr, [](void*) {}};
};

// What became of a frame that was handed over.
struct Delivery {
  enum class Outcome : std::uint8_t {
    unknown,  // it may be in the log by now, or later
    absent,   // it is not in the log, and will not be
    stored,   // it is in the log
  };
  Outcome outcome = Outcome::unknown;
  std::int64_t offset = -1;  // of a stored one; -1 where the broker did not say
  std::string why;           // in the broker's words; empty for a stored one
};

// One object belongs to one thread. All waiting is bounded; errors are those of kafka_log.h.
class Partition {
 public:
  virtual ~Partition() = default;

  virtual const std::string& name() const = 0;  // TOPIC/PARTITION, for people

  // Connects and checks the topic. Called before anything else.
  virtual Result<void> open() = 0;

  virtual Result<Watermarks> watermarks() = 0;

  // The message at `offset`, which is below a high watermark that was seen; where there is none, the first one after it.
  // Reading on in order is cheap, going elsewhere asks the broker anew.
  virtual Result<Message> message_at(Offset offset) = 0;

  // Of how many partitions this is which one; known once it is open.
  virtual Share share() const { return {}; }

  // Nothing is fetched ahead any more: nobody is going to read on soon. message_at() begins again.
  virtual void stop_reading() {}

  // How often the connection to a broker, or the topic, was lost. What is there since may be another log.
  virtual std::uint64_t interruptions() = 0;

  // Hands the frames over in this order, behind those of earlier calls, and does not wait. An error: nothing was handed over.
  virtual Result<void> send(std::span<const Bytes> frames) = 0;

  // Waits until each frame of the oldest call that was not told of yet is stored or given up, and tells what became of it.
  // Nothing: it was interrupted before. After anything but `stored` this object may still send what it holds until it is
  // destroyed, and brokers may store it later still.
  virtual std::optional<std::vector<Delivery>> delivered() = 0;

  // Thread-safe, while something is on its way: a delivered() that waits returns, or else the next one.
  virtual void interrupt() {}
};

}  // namespace kring::kafka
