#include "events/log/log_errors.h"

#include "events/base/text.h"
#include "events/members.h"

namespace kring {

std::unexpected<Error> log_damaged(Position position, const std::string& file, std::uint64_t offset,
                                   std::string_view why) {
  return fail(ErrorKind::damaged, "log_damaged",
              concat("the log is damaged at position ", position, ", file ", file, ", offset ", offset, ": ", why));
}

std::unexpected<Error> log_replaced(const Bookmark& bookmark) {
  return fail(ErrorKind::damaged, "log_replaced",
              concat("the log no longer holds the record at position ", bookmark.position, " with hash ",
                     to_hex(view(bookmark.hash)), ": it was replaced or cut short"));
}

std::unexpected<Error> beyond_end(Position position) {
  return fail(ErrorKind::not_found, "not_found", concat("the log ends before position ", position));
}

std::unexpected<Error> tail_moved(Position expected, Position tail) {
  return fail(ErrorKind::io, "tail_moved", concat("expected the log to end at ", expected, ", it ends at ", tail));
}

std::unexpected<Error> log_sealed(Position position, std::string_view successor) {
  return fail(ErrorKind::io, "log_sealed",
              concat("this log was sealed at position ", position, " and takes no more records: its history goes on at ", successor));
}

std::unexpected<Error> other_history(const HistoryId& wanted, const HistoryId& found) {
  return fail(ErrorKind::io, "other_history",
              concat("the log holds the history ", to_hex(view(found)), ", not ", to_hex(view(wanted))));
}

Result<HistoryId> history_to_claim(const LogState& found, const HistoryId& wanted, const std::function<Token()>& random) {
  if (!found.successor.empty()) return log_sealed(found.position, found.successor);
  if (found.history == HistoryId{}) return wanted == HistoryId{} ? random() : wanted;
  if (wanted != HistoryId{} && wanted != found.history) return other_history(wanted, found.history);
  return found.history;
}

Result<void> check_successor(std::string_view successor) {
  if (!successor.empty() && successor.size() <= max_successor) return {};
  return fail(ErrorKind::usage, "bad_successor", concat("a successor of ", successor.size(), " bytes; 1 to ", max_successor));
}

std::unexpected<Error> not_claimed() { return fail(ErrorKind::usage, "not_claimed", "append before claim"); }

std::unexpected<Error> already_claimed() {
  return fail(ErrorKind::usage, "already_claimed", "this writer has the log already");
}

std::unexpected<Error> body_too_large(std::size_t size) {
  return fail(ErrorKind::usage, "body_too_large", concat("a body of ", size, " bytes; at most ", max_body));
}

std::unexpected<Error> writer_ended(const std::string& cause) {
  return fail(ErrorKind::io, "writer_ended", concat("this writer has ended: ", cause));
}

}  // namespace kring
