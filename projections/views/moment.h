// Which programme a read is about, and as of which position: what people type, resolved.
#pragma once

#include <string>

#include "projections/store/database.h"

namespace kring::projections {

struct Moment {
  ProgrammeId programme;
  Position as_of = 0;
  Day today;  // the day from which "overdue" counts: of now, or of the moment asked for
  std::string zone;
};

// `programme`: empty where there is only one. `as_of`: empty (now), a position, a time (inclusive, looked up within the
// programme) or a date (the end of that day in its time zone). Errors: `not_found` with what there is instead; `usage`.
Result<Moment> find_moment(Database& database, Position head, const std::string& programme, const std::string& as_of, Instant now);

// The bounds of a range of history, inclusive, from a position, a time or a date. Error `not_found` where it would begin at a
// position behind the one that comes next.
Result<Position> first_position(Database& database, const Moment& moment, const std::string& since);
Result<Position> last_position(Database& database, const Moment& moment, const std::string& until);

}  // namespace kring::projections
