// The errors that all log engines share, so that a caller sees the same codes whatever lies below.
#pragma once

#include <string>
#include <string_view>

#include "events/log/event_log.h"

namespace kring {

// kind damaged, code `log_damaged`: the record at `position` in `file` at byte `offset` is not what was written.
std::unexpected<Error> log_damaged(Position position, const std::string& file, std::uint64_t offset,
                                   std::string_view why);
// kind damaged, code `log_replaced`: the log does not hold the record that a bookmark names.
std::unexpected<Error> log_replaced(const Bookmark& bookmark);
// kind not_found, code `not_found`: the log ends before `position`.
std::unexpected<Error> beyond_end(Position position);
// kind io, code `tail_moved`: nothing was appended.
std::unexpected<Error> tail_moved(Position expected, Position tail);
// kind usage, code `not_claimed`, `already_claimed`, `body_too_large`: wrongly called; nothing was appended.
std::unexpected<Error> not_claimed();
std::unexpected<Error> already_claimed();
std::unexpected<Error> body_too_large(std::size_t size);
// kind io, code `writer_ended`: an earlier error ended this writer. `cause` is that error's message.
std::unexpected<Error> writer_ended(const std::string& cause);

}  // namespace kring
