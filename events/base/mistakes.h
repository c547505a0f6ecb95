// Planted mistakes: what the simulator must find, to show that it would find the like. KRING_MISTAKE(name) is plainly
// `false`, and no trace of it is compiled, but in the libraries that are built for the simulator's own proof
// (cmake/KringTargets.cmake, KRING_MISTAKES): there each one is a switch.
#pragma once

#ifdef KRING_MISTAKES

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "events/members.h"

namespace kring {

enum class Mistake : std::uint8_t {
  answer_before_sync,    // the log does not wait for the disk
  skip_tail_check,       // recovery takes whatever it cannot read for a torn tail
  trust_the_cache,       // recovery does not write again what a failed sync may have left in the cache alone
  trust_the_cache_for_keys,  // the same of keys
  unsynced_directory,    // a new segment's name is not made durable
  forget_command_ids,    // a command that is sent again is decided again
  keys_after_records,    // a record may be durable before the key that it needs
  owners_not_resumed,    // who got a key made ahead is not taken from the records after a crash
  snapshot_before_owners,  // a snapshot is taken while that is not on disk
  offset_before_rows,    // the place that a read model has reached is written apart from its rows
  read_models_ahead,     // read models follow records that are not durable yet
  trust_snapshots,       // a snapshot is taken for whole whatever its checksum says
  // Of the protocol on Kafka:
  acknowledge_before_acceptance,  // what the broker has stored is answered, whether it counts or not
  ignore_epoch,                   // whoever claims last is the writer
  ignore_writer_id,               // whoever has the current epoch is the writer
  decide_before_own_claim,        // the claim is sent with the first records, after what they say was decided
  reuse_position_after_timeout,   // the writer goes on after a delivery of which nothing was heard
  trust_any_offset,               // whatever the broker names is answered without reading it back
};
template <>
struct Names<Mistake> {
  static constexpr std::array<std::string_view, 18> names{"answer_before_sync", "skip_tail_check", "trust_the_cache", "trust_the_cache_for_keys", "unsynced_directory",
                                                         "forget_command_ids", "keys_after_records", "owners_not_resumed", "snapshot_before_owners", "offset_before_rows",
                                                         "read_models_ahead", "trust_snapshots", "acknowledge_before_acceptance",
                                                         "ignore_epoch", "ignore_writer_id", "decide_before_own_claim",
                                                         "reuse_position_after_timeout", "trust_any_offset"};
};

// Set before anything runs.
inline std::optional<Mistake> planted_mistake;

}  // namespace kring

#define KRING_MISTAKE(name) (::kring::planted_mistake == ::kring::Mistake::name)
#else
#define KRING_MISTAKE(name) false
#endif
