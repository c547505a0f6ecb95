#include <algorithm>
#include <array>

#include "engine/rules/rules.h"
#include "events/base/ranges.h"

namespace kring::rules {

void merge(Policy& policy, const PolicyChange& change) {
  if (change.seats_per_area) policy.seats_per_area = *change.seats_per_area;
  if (change.eligible_roles) policy.eligible_roles = *change.eligible_roles;
  if (change.min_gap_days) policy.min_gap_days = *change.min_gap_days;
  if (change.blackouts) policy.blackouts = *change.blackouts;
  for (const auto& [rule, severity] : change.rules) {
    auto i = static_cast<std::size_t>(rule);
    policy.severity[i] = severity.value_or(default_severity[i]);
  }
  if (change.retention_days.named) policy.retention_days = change.retention_days.value;
}

int rank_of(Part part) {
  static constexpr std::array<int, 4> ranks{0, 2, 3, 1};
  return ranks[static_cast<std::size_t>(part)];
}

bool overlap(Part a, Part b) {
  auto full = [](Part x, Part y) { return x == Part::full_day && y != Part::evening; };
  return a == b || full(a, b) || full(b, a);
}

bool eligible(const Facts& facts, PersonNo person) {
  return contains(facts.policy.eligible_roles, facts[person].role);
}

namespace {

const Seat* seat_of(const Facts& facts, ThemeNo theme, PersonNo person) {
  auto area = facts[person].area;
  return area ? facts[theme].find_seat(area) : nullptr;
}

}  // namespace

const Tenure* current_tenure(const Facts& facts, ThemeNo theme, PersonNo person) {
  const Seat* seat = seat_of(facts, theme, person);
  if (!seat) return nullptr;
  auto found = std::ranges::find(seat->current, person, &Tenure::person);
  return found == seat->current.end() ? nullptr : &*found;
}

bool covers(const Facts& facts, ThemeNo theme, PersonNo person, Day day) {
  const Seat* seat = seat_of(facts, theme, person);
  if (!seat) return false;
  auto mine = [&](const Tenure& t) { return t.person == person && t.covers(day); };
  if (std::ranges::any_of(seat->current, mine)) return true;
  for (auto t = seat->ended.rbegin(); t != seat->ended.rend() && t->to > day; ++t)
    if (mine(*t)) return true;
  return false;
}

Day room_from(const Facts& facts, ThemeNo theme, AreaNo area, Day start) {
  const Seat* seat = facts[theme].find_seat(area);
  if (!seat) return start;
  auto most = static_cast<std::size_t>(facts.policy.seats_per_area);
  if (seat->current.size() >= most) return Day::never();
  // Occupation changes only where a tenure begins or ends: look for the last day on which it is still full.
  auto occupied = [&](Day day) {
    auto count = static_cast<std::size_t>(std::ranges::count_if(seat->current, [&](const Tenure& t) { return t.covers(day); }));
    for (auto t = seat->ended.rbegin(); t != seat->ended.rend() && t->to > day; ++t) count += t->covers(day);
    return count;
  };
  std::vector<Day> days{start};
  auto note = [&](Day day) {
    if (day > start) days.push_back(day);
  };
  for (const Tenure& t : seat->current) note(t.from);
  for (auto t = seat->ended.rbegin(); t != seat->ended.rend() && t->to > start; ++t) {
    note(t->from);
    note(t->to);
  }
  std::ranges::sort(days);
  Day room = Day::never();
  for (auto day = days.rbegin(); day != days.rend() && occupied(*day) < most; ++day) room = *day;
  return room;
}

Day own_end(const Facts& facts, ThemeNo theme, PersonNo person) {
  const Seat* seat = seat_of(facts, theme, person);
  if (!seat) return Day::first();
  auto latest = std::find_if(seat->ended.rbegin(), seat->ended.rend(), [&](const Tenure& t) { return t.person == person; });
  return latest == seat->ended.rend() ? Day::first() : latest->to;
}

std::optional<Day> last_attended(const Facts& facts, ThemeNo theme, PersonNo person) {
  std::optional<Day> last;
  for (const Session& session : facts[theme].slots)
    if (contains(session.attendance, person, &Attended::person) && (!last || session.date > *last))
      last = session.date;
  return last;
}

}  // namespace kring::rules
