#include <algorithm>

#include "engine/domain/session_checks.h"

namespace kring::domain {
namespace {

const rules::Attended* recorded(const rules::Session& session, PersonNo person) {
  auto found = std::ranges::find(session.attendance, person, &rules::Attended::person);
  return found == session.attendance.end() ? nullptr : &*found;
}

bool came(const rules::Session& session, PersonNo person) {
  const rules::Attended* attended = person ? recorded(session, person) : nullptr;
  return attended && (attended->status == Attendance::present || attended->status == Attendance::partial);
}

}  // namespace

Verdict decide(const Situation& s, const command::Substitute& c) {
  if (auto known = find_session(s, c); !known) return std::unexpected(known.error());
  auto person = s.person(c.person), by = s.person(c.by);
  if (!person) return unknown(s, c.person);
  if (!by) return unknown(s, c.by);
  auto found = scheduled_session(s, c, Allow::held);
  if (!found) return std::unexpected(found.error());
  const rules::Session& session = *found->session;
  if (!rules::covers(s.facts(), found->theme, person, session.date))
    return refuse("not_expected", "'", c.person.text, "' has no tenure that covers ", to_string(session.date));
  auto stand_in = rules::substitute_of(session, person);
  if (came(session, person) || came(session, stand_in))
    return refuse("attendance_recorded", "attendance of '", c.person.text, "' or the substitute is recorded");
  if (person == by) {
    if (!stand_in) return refuse("not_substituted", "nobody stands in for '", c.person.text, "'");
    return only(event::SubstitutionEnded{c.theme, c.session, c.person, s.facts().person_ids[stand_in]});
  }
  if (auto may = may_come_in(s, by, s.facts()[person].area); !may) return std::unexpected(may.error());
  if (rules::covers(s.facts(), found->theme, by, session.date) || rules::expects(s.facts(), found->theme, session, by))
    return refuse("already_expected", "'", c.by.text, "' comes to that session already, or is replaced there");
  auto outcome = only(event::SessionSubstituted{c.theme, c.session, c.person, c.by});
  auto checked = check_rules(s, person_rules, {{{found->theme, c.session, session}, by}}, outcome);
  if (!checked) return std::unexpected(checked.error());
  return outcome;
}

Verdict decide(const Situation& s, const command::RecordAttendance& c) {
  auto found = find_session(s, c);
  if (!found) return std::unexpected(found.error());
  auto person = s.person(c.person);
  if (!person) return unknown(s, c.person);
  const rules::Session* session = found->session;
  if (!session || session->cancelled || !s.facts()[found->theme].find_released(c.session))
    return refuse("not_released", c.theme.text, '/', c.session, " is not in the last release, or was cancelled");
  if (session->date > s.moment.today)
    return refuse("not_yet_held", c.theme.text, '/', c.session, " is on ", to_string(session->date), ", after ", to_string(s.moment.today));
  const rules::Attended* known = recorded(*session, person);
  if (!known && !rules::covers(s.facts(), found->theme, person, session->date) &&
      !rules::expects(s.facts(), found->theme, *session, person))
    return refuse("not_expected", "'", c.person.text, "' is not expected at ", c.theme.text, '/', c.session);
  if (c.status == Attendance::none) {
    if (!known) return refuse("not_recorded", "no attendance of '", c.person.text, "' is recorded");
    return only(event::AttendanceRetracted{c.theme, c.session, c.person, known->status});
  }
  if (known) return only(event::AttendanceCorrected{c.theme, c.session, c.person, c.status, known->status});
  return only(event::AttendanceRecorded{c.theme, c.session, c.person, c.status});
}

}  // namespace kring::domain
