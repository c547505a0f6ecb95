// Tenure, expected, overlap and every rule of scheduling, as pure functions on Facts. Nothing here changes anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/rules/facts.h"

namespace kring::rules {

// morning, full_day, afternoon, evening: the order within a day.
int rank_of(Part part);
// full_day overlaps morning and afternoon, not evening.
bool overlap(Part a, Part b);

bool eligible(const Facts& facts, PersonNo person);

// ---- tenure ----

// The person's tenure of the theme without an end; null where there is none.
const Tenure* current_tenure(const Facts& facts, ThemeNo theme, PersonNo person);
// Does a tenure of the person cover the day? Tenures of a person lie on the seat of that person's area.
bool covers(const Facts& facts, ThemeNo theme, PersonNo person, Day day);
// The first day from `start` on from which the seat has room for one more, for good; never() where it has none.
Day room_from(const Facts& facts, ThemeNo theme, AreaNo area, Day start);
// The end of the person's latest ended tenure of the theme; Day::first() where there is none.
Day own_end(const Facts& facts, ThemeNo theme, PersonNo person);
// The date of the last session of the theme for which the person's attendance is recorded.
std::optional<Day> last_attended(const Facts& facts, ThemeNo theme, PersonNo person);

// ---- expected ----

// Those whose tenure covers the session's date, by number.
std::vector<PersonNo> covering(const Facts& facts, ThemeNo theme, const Session& session);
// The same, each replaced by the substitute where there is one; each once, by number.
std::vector<PersonNo> expected(const Facts& facts, ThemeNo theme, const Session& session);
PersonNo substitute_of(const Session& session, PersonNo person);

// A change that is not made yet: in `theme`, `leaves` ends and `comes` begins on `day`. Either may be none.
struct Supposing {
  ThemeNo theme;
  PersonNo leaves, comes;
  Day day;
};
// Would this person be expected?
bool expects(const Facts& facts, ThemeNo theme, const Session& session, PersonNo person, const Supposing& change = {});

// ---- rules ----

// A session as it is, or as it would be: number `number` of `theme`.
struct Case {
  ThemeNo theme;
  std::int32_t number;
  const Session& session;
};

// Why the rule is broken for the session, for people; none where it holds. The rules on venues hold where there is
// no venue. With `person`, the last two rules look at that person alone, who is expected there.
std::optional<std::string> broken(const Facts& facts, Rule rule, const Case& at, PersonNo person = {},
                                  const Supposing& change = {});

// A rule that is broken now, whoever broke it.
struct Conflict {
  Rule rule{};
  Severity severity{};
  ThemeNo theme;
  std::int32_t session = 0;
  PersonNo person;  // of participant_clash and person_unavailable
  VenueNo venue;    // of the rules on venues
  std::string detail;
};

// Of every session that is neither cancelled nor held, in the order of sessions, rules and persons' ids.
std::vector<Conflict> conflicts(const Facts& facts);

// The sessions that are scheduled, cancelled ones included, by date, part, theme id and number.
struct Place {
  ThemeNo theme;
  std::int32_t number;
};
std::vector<Place> in_order(const Facts& facts);

// "held", "cancelled", "released" (equals the last release), "draft" or "unscheduled".
std::string_view status_of(const Facts& facts, ThemeNo theme, std::int32_t number);

}  // namespace kring::rules
