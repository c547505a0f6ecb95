// Which of several nodes should write to which partition of a topic: a consumer group of Kafka suggests it. No more than
// that: who writes is decided by the claim that counts (acceptance.h), and a node that still believes in an old suggestion
// appends what is void. The group reads nothing and commits no offsets.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "events/log/kafka/kafka_log.h"

namespace kring {

struct MembershipOptions {
  KafkaOptions kafka;  // brokers, topic and how to connect; the partition is not looked at
  std::string group;   // the nodes that share the topic name the same one
  std::string node;    // what this one is called; brokers show it

  // A node from which brokers have not heard for so long is thought dead, and so is one that does not call poll(): its
  // partitions are given to others. Brokers take 6 seconds to half an hour, where they are not told otherwise.
  std::chrono::milliseconds silence{30'000};

  // Called in poll() and leave(). What is taken away is given to another node when this returns; one that has lost its
  // place in the group (`lost`) may find that it already is.
  std::function<void(std::span<const std::int32_t> partitions)> given;
  std::function<void(std::span<const std::int32_t> partitions, bool lost)> taken;
};

// One object belongs to one thread.
class Membership {
 public:
  virtual ~Membership() = default;  // leaves

  // Serves what has come; waits for something at most this long. Error `membership`: this object is of no more use, and
  // what it had given is not taken back by a call. Error `topic_not_found`: a broker says so, and it may be one that has not heard
  // of it yet; this object goes on. Brokers that cannot be reached are no error.
  virtual Result<void> poll(std::chrono::milliseconds wait) = 0;

  // Takes back everything that was given, and tells the group that this node goes, so that nobody waits for its silence.
  virtual void leave() = 0;
};

// Asks to be taken in; nothing has been given yet. Errors: those of kafka_log.h.
Result<std::unique_ptr<Membership>> join(MembershipOptions options);

}  // namespace kring
