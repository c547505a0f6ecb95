// A snapshot of the engine: the states of all programmes after one record, so that a start reads the log from there on.
// Derived from the log and disposable; it holds nothing personal. Its bytes are docs/snapshot-format.md.
#pragma once

#include <optional>
#include <vector>

#include "engine/runtime/programmes.h"
#include "events/log/event_log.h"
#include "events/privacy/sealing.h"

namespace kring {

// Raised with every change of State, of Facts, or of what their members mean: older snapshots are then left unread.
inline constexpr std::uint16_t snapshot_version = 1;

struct Snapshot {
  HistoryId history{};
  Bookmark at;  // the last record that it holds
  Programmes programmes;
  std::vector<Erasure> erasures;  // all PersonForgotten up to there
};

Bytes encode_snapshot(const Snapshot& snapshot);

// None where the bytes are not exactly what was written, are of another version, or name a time zone that this machine
// does not know.
std::optional<Snapshot> decode_snapshot(BytesView bytes);

}  // namespace kring
