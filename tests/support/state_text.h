// The whole state of a programme as text, so that two states can be compared and a difference can be read.
#pragma once

#include <string>

#include "engine/domain/state.h"
#include "events/base/text.h"

namespace kring::test {

namespace detail {

template <class Tag>
std::string number(rules::No<Tag> no) {
  return no ? std::to_string(no.value) : "-";
}

inline std::string periods(const std::vector<Period>& periods) {
  std::string text;
  for (const Period& p : periods) text += concat(' ', to_string(p.from), "..", to_string(p.to));
  return text;
}

inline std::string seat_text(const rules::Seat& seat) {
  std::string text;
  for (const auto& t : seat.current) text += concat(" now ", number(t.person), " from ", to_string(t.from));
  for (const auto& t : seat.ended)
    text += concat(" was ", number(t.person), ' ', to_string(t.from), "..", to_string(t.to));
  return text;
}

inline std::string session_text(const rules::Session& s) {
  std::string text = concat(s.scheduled ? "scheduled " : "", s.cancelled ? "cancelled " : "", to_string(s.date), ' ',
                            name_of(s.part), " venue ", number(s.venue), " host ", number(s.host));
  for (const auto& each : s.substitutions) text += concat(" for ", number(each.person), " by ", number(each.by));
  for (const auto& each : s.attendance) text += concat(" came ", number(each.person), ' ', name_of(each.status));
  return text;
}

inline std::string theme_text(const rules::Theme& theme, const domain::Enrolment& enrolment) {
  std::string text =
      concat(" sessions ", theme.sessions, " capacity ", theme.capacity.value_or(-1), " enrolled ", theme.enrolled);
  for (std::size_t i = 0; i < theme.seats.size(); ++i)
    if (auto seat = seat_text(theme.seats[i]); !seat.empty()) text += concat("\n  seat ", i, seat);
  for (const auto& slot : theme.slots) text += concat("\n  session ", session_text(slot));
  for (const auto& r : theme.released)
    text += r ? concat("\n  released ", to_string(r->date), ' ', name_of(r->part), ' ', number(r->venue))
              : "\n  not released";
  for (const auto& w : enrolment.waiting)
    text += concat("\n  waits ", number(w.person), " of ", number(w.area), " since ", to_string(w.since));
  for (auto i : enrolment.invitations) text += concat("\n  invitation ", static_cast<int>(i));
  return text;
}

inline std::string policy_text(const rules::Policy& policy) {
  std::string text = concat("seats ", policy.seats_per_area, " gap ", policy.min_gap_days, " keep ",
                            policy.retention_days.value_or(-1));
  for (const auto& role : policy.eligible_roles) text += concat(" role ", role.text);
  for (const auto& b : policy.blackouts)
    text += concat(" blackout ", to_string(b.from), "..", to_string(b.to), ' ', b.label);
  for (auto severity : policy.severity) text += concat(' ', name_of(severity));
  return text;
}

}  // namespace detail

inline std::string state_text(const domain::State& state) {
  const rules::Facts& facts = state.facts;
  std::string text = concat(state.defined ? "defined " : "undefined ", to_string(facts.from), "..", to_string(facts.to),
                            " release ", state.release, "\n", detail::policy_text(facts.policy), "\n");
  for (rules::AreaNo no{0}; no.value < facts.area_ids.size(); ++no.value)
    text += concat("area ", facts.area_ids[no].text, "\n");
  for (rules::ThemeNo no{0}; no.value < facts.themes.size(); ++no.value)
    text += concat("theme ", facts.theme_ids[no].text, detail::theme_text(facts[no], state.enrolments[no.value]), "\n");
  for (rules::VenueNo no{0}; no.value < facts.venues.size(); ++no.value)
    text += concat("venue ", facts.venue_ids[no].text, ' ', facts[no].capacity, detail::periods(facts[no].unavailable),
                   "\n");
  for (rules::PersonNo no{0}; no.value < facts.people.size(); ++no.value)
    text +=
        concat("person ", facts.person_ids[no].text, " of ", detail::number(facts[no].area), ' ', facts[no].role.text,
               facts[no].forgotten ? " forgotten" : "", detail::periods(facts[no].unavailable), "\n");
  return text;
}

}  // namespace kring::test
