#include <algorithm>

#include "engine/domain/evolve.h"

namespace kring::domain {
namespace {

// The declared periods of the venue or the person that an event names.
template <class E>
std::vector<Period>& unavailable(State& state, const E& e) {
  rules::Facts& facts = state.facts;
  return e.venue ? facts[facts.venue_ids.find(*e.venue)].unavailable : facts[facts.person_ids.find(*e.person)].unavailable;
}

}  // namespace

void evolve(State& state, const event::ProgrammeDefined& e) {
  state.defined = true;
  state.facts.from = e.from;
  state.facts.to = e.to;
}

void evolve(State& state, const event::ProgrammeChanged& e) {
  if (e.from) state.facts.from = *e.from;
  if (e.to) state.facts.to = *e.to;
}

void evolve(State& state, const event::PolicySet& e) {
  rules::merge(state.facts.policy, e.change);
  for (const auto& [theme, capacity] : e.change.capacity) state.facts[state.facts.theme_ids.find(theme)].capacity = capacity;
}

void evolve(State& state, const event::ThemeAdded& e) {
  state.facts.theme_ids.add(e.theme);
  auto& theme = state.facts.themes.emplace_back();
  theme.sessions = e.sessions;
  theme.capacity = e.capacity;
  state.enrolments.emplace_back();
}

void evolve(State& state, const event::ThemeChanged& e) {
  if (e.sessions) state.facts[state.facts.theme_ids.find(e.theme)].sessions = *e.sessions;
}

void evolve(State& state, const event::AreaRegistered& e) { state.facts.area_ids.add(e.area); }

void evolve(State&, const event::AreaChanged&) {}  // no rule looks at an area's name or place

void evolve(State& state, const event::VenueRegistered& e) {
  state.facts.venue_ids.add(e.venue);
  state.facts.venues.push_back({e.capacity, {}});
}

void evolve(State& state, const event::VenueChanged& e) {
  if (e.capacity) state.facts[state.facts.venue_ids.find(e.venue)].capacity = *e.capacity;
}

void evolve(State& state, const event::UnavailabilityDeclared& e) { unavailable(state, e).push_back({e.from, e.to}); }

void evolve(State& state, const event::UnavailabilityLifted& e) {
  auto& periods = unavailable(state, e);
  if (auto found = std::ranges::find(periods, Period{e.from, e.to}); found != periods.end()) periods.erase(found);
}

}  // namespace kring::domain
