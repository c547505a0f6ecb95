#include <algorithm>

#include "engine/domain/evolve.h"
#include "engine/rules/rules.h"

namespace kring::domain {
namespace {

// Ends the person's current tenure of the theme.
void end_tenure(State& state, ThemeNo theme, PersonNo person, Day to) {
  auto& seat = state.facts[theme].seat(state.facts[person].area);
  auto tenure = std::ranges::find(seat.current, person, &rules::Tenure::person);
  if (tenure->from < to) {  // an empty tenure covers no day: no rule needs it
    auto place = std::ranges::upper_bound(seat.ended, to, {}, &rules::Tenure::to);
    seat.ended.insert(place, {person, tenure->from, to});
  }
  seat.current.erase(tenure);
}

void begin_tenure(State& state, ThemeNo theme, PersonNo person, Day from) {
  state.facts[theme].seat(state.facts[person].area).current.push_back({person, from});
}

void leave_list(State& state, ThemeNo theme, PersonNo person) {
  std::erase_if(state.enrolments[theme.value].waiting, [&](const Waiter& w) { return w.person == person; });
}

Invitation& invitation(State& state, const ThemeId& theme, const AreaId& area) {
  auto& invitations = state.enrolments[state.facts.theme_ids.find(theme).value].invitations;
  auto no = state.facts.area_ids.find(area).value;
  if (no >= invitations.size()) invitations.resize(no + 1);
  return invitations[no];
}

ThemeNo theme_of(const State& state, const ThemeId& id) { return state.facts.theme_ids.find(id); }
PersonNo person_of(const State& state, const PersonId& id) { return state.facts.person_ids.find(id); }

}  // namespace

void evolve(State& state, const event::PersonRegistered& e) {
  state.facts.person_ids.add(e.person);
  auto area = e.area ? state.facts.area_ids.find(*e.area) : AreaNo{};
  state.facts.people.push_back({area, e.role, false, {}});
}

void evolve(State& state, const event::PersonChanged& e) {
  if (e.role) state.facts[person_of(state, e.person)].role = *e.role;
}

void evolve(State& state, const event::AreaInvited& e) { invitation(state, e.theme, e.area) = Invitation::standing; }

void evolve(State& state, const event::InvitationDeclined& e) { invitation(state, e.theme, e.area) = Invitation::declined; }

void evolve(State& state, const event::Enrolled& e) {
  auto theme = theme_of(state, e.theme);
  begin_tenure(state, theme, person_of(state, e.person), e.from);
  ++state.facts[theme].enrolled;
}

void evolve(State& state, const event::Waitlisted& e) {
  state.enrolments[theme_of(state, e.theme).value].waiting.push_back(
      {person_of(state, e.person), state.facts.area_ids.find(e.area), e.since});
}

void evolve(State& state, const event::PlaceGranted& e) {
  auto theme = theme_of(state, e.theme);
  auto person = person_of(state, e.person);
  leave_list(state, theme, person);
  begin_tenure(state, theme, person, e.from);
  ++state.facts[theme].enrolled;
}

void evolve(State& state, const event::EnrolmentWithdrawn& e) {
  auto theme = theme_of(state, e.theme);
  end_tenure(state, theme, person_of(state, e.person), e.to);
  --state.facts[theme].enrolled;
}

void evolve(State& state, const event::WaitlistLeft& e) { leave_list(state, theme_of(state, e.theme), person_of(state, e.person)); }

void evolve(State& state, const event::SeatTransferred& e) {
  auto theme = theme_of(state, e.theme);
  end_tenure(state, theme, person_of(state, e.from), e.date);
  begin_tenure(state, theme, person_of(state, e.to), e.date);
}

}  // namespace kring::domain
