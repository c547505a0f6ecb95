// The errors that all log engines share, so that a caller sees the same codes whatever lies below.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "events/log/acceptance.h"
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
// kind io, code `log_sealed`: nothing was appended. The message names the successor.
std::unexpected<Error> log_sealed(Position position, std::string_view successor);
// kind io, code `other_history`: the log has another history than the one that was asked for.
std::unexpected<Error> other_history(const HistoryId& wanted, const HistoryId& found);
// What a claim begins with, on every engine: the history that it is for. `found`: the log as it stands; `wanted`: zeros
// where any will do. Draws a new id for a log without one. Errors: the two above.
Result<HistoryId> history_to_claim(const LogState& found, const HistoryId& wanted, const std::function<Token()>& random);
// kind usage, code `bad_successor`, where this is not the length of a successor.
Result<void> check_successor(std::string_view successor);
// kind usage, code `not_claimed`, `already_claimed`, `body_too_large`: wrongly called; nothing was appended.
std::unexpected<Error> not_claimed();
std::unexpected<Error> already_claimed();
std::unexpected<Error> body_too_large(std::size_t size);
// kind io, code `writer_ended`: an earlier error ended this writer. `cause` is that error's message.
std::unexpected<Error> writer_ended(const std::string& cause);

}  // namespace kring
