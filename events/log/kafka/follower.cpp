#include "events/log/kafka/follower.h"

#include "events/base/text.h"
#include "events/log/log_errors.h"

namespace kring::kafka {

Follower::Follower(std::string name, const Place& place) : name_(std::move(name)) {
  acceptance_.restore(place.state);
  record_ = place.offset;
  next_ = place.state.position == 0 ? 0 : place.offset + 1;
}

Result<Judged> Follower::take(Offset offset, BytesView value) {
  if (offset != next_) return damaged(concat("the next message has offset ", offset, "; those between are missing"));
  Judged judged;
  const auto frame = parse_message(name_, offset, value, judged.frame);
  if (!frame) return std::unexpected(frame.error());
  if (!*frame) judged.frame.kind = FrameKind::seal;  // void, and counted, like every frame that has no place here
  judged.standing = acceptance_.offer(judged.frame);
  if (judged.is_record()) record_ = offset;
  ++next_;
  return judged;
}

std::unexpected<Error> Follower::damaged(std::string_view why) const {
  return log_damaged(state().position + 1, name_, next_, why);
}

Result<bool> parse_message(const std::string& name, Offset offset, BytesView value, Frame& frame) {
  const FrameFault fault = parse_frame(value, frame);
  if (fault == FrameFault::unsupported)
    return fail(ErrorKind::unsupported, "unsupported_format",
                concat("the message at ", name, ", offset ", offset, " was written by a newer program: ", describe(fault)));
  return fault == FrameFault::none && frame.size() == value.size();
}

LogEntry entry_of(const Frame& record, Offset offset) {
  return {record.position, record.recorded_at, record.previous,
          record.hash,     record.body,        Bookmark{record.position, record.hash, offset}};
}

}  // namespace kring::kafka
