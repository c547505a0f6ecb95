// The record frame: what every engine stores, byte for byte as in docs/log-format.md. Pure functions; nothing here
// knows where the bytes come from, and nothing here trusts them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "events/base/bytes.h"
#include "events/base/time.h"
#include "events/log/event_log.h"
#include "events/members.h"

namespace kring {

using WriterId = Token;  // random, one for each claim

enum class FrameKind : std::uint16_t { decision = 1, claim = 2, seal = 3 /* of a segment */, log_seal = 4 };

inline constexpr std::uint16_t frame_version = 1;
inline constexpr std::size_t frame_header_size = 128;
inline constexpr BytesView frame_magic{"KRNG", 4};

struct Frame {
  FrameKind kind = FrameKind::decision;
  Position position = 0;  // decision: its number; claim: 0; seals: the last one before them
  Instant recorded_at;
  std::uint64_t epoch = 0;
  Position durable = 0;  // the last position that the writer knew to be durable when it wrote this frame
  WriterId writer{};
  Hash previous{};
  Hash hash{};
  BytesView body;  // claim: the history id; log_seal: the successor; borrowed

  std::size_t size() const { return frame_header_size + body.size(); }
};

enum class FrameFault : std::uint8_t {
  none,
  incomplete,   // the bytes end before the frame does
  no_magic,     // no frame begins here
  too_long,     // the body length is above max_body
  checksum,     // the bytes are not what was written
  unsupported,  // the checksum holds, but version or kind is unknown: a newer program wrote this
};
BytesView describe(FrameFault fault);

// The size of the frame that `bytes` begin with, as far as its header can be believed without the body:
// frame_header_size where it cannot.
std::size_t announced_size(BytesView bytes);

// Reads the frame that `bytes` begin with; more may follow. `frame` is set only when this returns `none`; its body
// points into `bytes`. Checks magic, length, checksum, version and kind, but neither hash nor chain: that is
// Acceptance.
FrameFault parse_frame(BytesView bytes, Frame& frame);

// Appends the encoded frame, checksum included, to `out`.
void append_frame(Bytes& out, const Frame& frame);

// The hash of a record: what belongs to the history, and nothing of the engine that it lies on, so that a copy on
// another engine keeps every hash. Not thread-safe.
class RecordHasher {
 public:
  Hash operator()(const HistoryId& history, Position position, const Hash& previous, Instant recorded_at,
                  BytesView body);

 private:
  Sha256 sha_;
};

}  // namespace kring
