// What follows from the messages of a partition, one after the other: the acceptance rule, fed from Kafka. Pure: messages
// in, state out; no I/O, no clock, no librdkafka.
#pragma once

#include <string>

#include "events/log/acceptance.h"
#include "events/log/kafka/partition.h"

namespace kring::kafka {

// A record that counted, and where it lies: enough to go on from there.
struct Place {
  LogState state;     // right after it; position 0: no record yet
  Offset offset = 0;  // of its message
};

struct Judged {
  Standing standing = Standing::malformed;
  Frame frame;  // not set where the message is no frame; its body points into the message
  bool is_record() const { return standing == Standing::counts && frame.kind == FrameKind::decision; }
};

class Follower {
 public:
  explicit Follower(std::string name) : name_(std::move(name)) {}  // at the beginning of the partition
  Follower(std::string name, const Place& place);                  // right after a record that counted

  Offset next() const { return next_; }  // the message that take() wants
  const LogState& state() const { return acceptance_.state(); }
  Place place() const { return {acceptance_.state(), record_}; }
  Bookmark reached() const { return {state().position, state().head, record_}; }

  // Takes the next message. What is no frame, or one that does not count, is void: `standing` says why. Errors:
  // `log_damaged` where `offset` is not next(): a message is missing; `unsupported_format`, where a newer program wrote.
  Result<Judged> take(Offset offset, BytesView value);

  std::unexpected<Error> damaged(std::string_view why) const;  // at next()

  std::uint64_t interruptions = 0;  // that the last record was read again after; kept by who does the reading

 private:
  const std::string name_;
  Acceptance acceptance_;
  Offset next_ = 0;
  Offset record_ = 0;  // of the last record that counted
};

// Reads a message that should be one frame and nothing else. False: it is none.
Result<bool> parse_message(const std::string& name, Offset offset, BytesView value, Frame& frame);

LogEntry entry_of(const Frame& record, Offset offset);

}  // namespace kring::kafka
