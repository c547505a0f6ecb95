#include <algorithm>

#include "engine/rules/rules.h"

namespace kring::rules {

std::vector<PersonNo> covering(const Facts& facts, ThemeNo theme, const Session& session) {
  std::vector<PersonNo> people;
  for (const Seat& seat : facts[theme].seats) {
    for (const Tenure& t : seat.current)
      if (t.covers(session.date)) people.push_back(t.person);
    for (auto t = seat.ended.rbegin(); t != seat.ended.rend() && t->to > session.date; ++t)
      if (t->covers(session.date)) people.push_back(t->person);
  }
  std::ranges::sort(people);
  return people;
}

PersonNo substitute_of(const Session& session, PersonNo person) {
  auto found = std::ranges::find(session.substitutions, person, &Substitution::person);
  return found == session.substitutions.end() ? PersonNo{} : found->by;
}

std::vector<PersonNo> expected(const Facts& facts, ThemeNo theme, const Session& session) {
  auto people = covering(facts, theme, session);
  if (session.substitutions.empty()) return people;
  for (PersonNo& person : people)
    if (auto by = substitute_of(session, person)) person = by;
  std::ranges::sort(people);
  auto doubles = std::ranges::unique(people);  // one may stand in for two
  people.erase(doubles.begin(), doubles.end());
  return people;
}

bool expects(const Facts& facts, ThemeNo theme, const Session& session, PersonNo person, const Supposing& change) {
  auto covered = [&](PersonNo who) {
    if (theme == change.theme && who == change.comes && session.date >= change.day) return true;
    if (theme == change.theme && who == change.leaves && session.date >= change.day) return false;
    return covers(facts, theme, who, session.date);
  };
  if (covered(person) && !substitute_of(session, person)) return true;
  return std::ranges::any_of(session.substitutions, [&](const Substitution& s) { return s.by == person && covered(s.person); });
}

std::string_view status_of(const Facts& facts, ThemeNo theme, std::int32_t number) {
  const Session* session = facts[theme].find_session(number);
  if (!session) return "unscheduled";
  if (session->held()) return "held";
  if (session->cancelled) return "cancelled";
  const Released* released = facts[theme].find_released(number);
  return released && *released == Released{session->date, session->part, session->venue} ? "released" : "draft";
}

std::vector<Place> in_order(const Facts& facts) {
  std::vector<Place> places;
  for (ThemeNo theme{0}; theme.value < facts.themes.size(); ++theme.value)
    for (std::int32_t n = 1; n <= static_cast<std::int32_t>(facts[theme].slots.size()); ++n)
      if (facts[theme].find_session(n)) places.push_back({theme, n});
  std::ranges::sort(places, [&](const Place& a, const Place& b) {
    const Session &x = *facts[a.theme].find_session(a.number), &y = *facts[b.theme].find_session(b.number);
    if (x.date != y.date) return x.date < y.date;
    if (x.part != y.part) return rank_of(x.part) < rank_of(y.part);
    if (a.theme != b.theme) return facts.theme_ids[a.theme] < facts.theme_ids[b.theme];
    return a.number < b.number;
  });
  return places;
}

}  // namespace kring::rules
