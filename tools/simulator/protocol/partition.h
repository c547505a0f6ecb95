// The shipped log's door (events/log/kafka/partition.h), with the broker behind it that is made up.
#pragma once

#include <array>
#include <memory>

#include "events/members.h"
#include "tools/simulator/protocol/broker.h"

namespace kring::simulator::protocol {

// What becomes of a request.
enum class Fate : std::uint8_t {
  stored,      // and acknowledged
  refused,     // never stored, and the producer knows it
  lost,        // never stored, and nobody knows
  late,        // stored after the producer has given up
  unreported,  // stored in time, and the report never comes
  retried,     // stored, and sent again because the report was lost: the broker has it already, and tells no offset for the
               // first frame and small ones for the rest, as librdkafka passes them on
  doubled,     // stored, acknowledged, and stored once more
};
inline constexpr std::size_t fate_count = 7;

// Counted over a run.
struct Happenings {
  std::array<std::size_t, fate_count> requests{};
  std::size_t freezes = 0, interruptions = 0, old_ends = 0;
  std::size_t overlapping = 0;  // appends that began while another one was on its way
};

// `process` is who waits; none: nothing is waited for, and nothing goes wrong. All that is passed must outlive it.
std::unique_ptr<kafka::Partition> make_partition(Broker& broker, Process* process, std::uint64_t seed, Happenings& happenings);

}  // namespace kring::simulator::protocol

template <>
struct kring::Names<kring::simulator::protocol::Fate> {
  static constexpr std::array<std::string_view, kring::simulator::protocol::fate_count> names{
      "stored", "refused", "lost", "stored late", "stored, not reported", "stored, sent again", "stored twice"};
};
