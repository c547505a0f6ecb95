#include <algorithm>

#include "engine/domain/evolve.h"

namespace kring::domain {
namespace {

template <class E>
rules::Session& session_of(State& state, const E& e) {
  return state.facts[state.facts.theme_ids.find(e.theme)].slot(e.session);
}

PersonNo person_of(const State& state, const PersonId& id) { return state.facts.person_ids.find(id); }

}  // namespace

void evolve(State& state, const event::SessionSubstituted& e) {
  auto& substitutions = session_of(state, e).substitutions;
  auto person = person_of(state, e.person), by = person_of(state, e.by);
  auto known = std::ranges::find(substitutions, person, &rules::Substitution::person);
  if (known != substitutions.end()) known->by = by;
  else substitutions.push_back({person, by});
}

void evolve(State& state, const event::SubstitutionEnded& e) {
  std::erase_if(session_of(state, e).substitutions, [&](const auto& s) { return s.person == person_of(state, e.person); });
}

void evolve(State& state, const event::AttendanceRecorded& e) {
  session_of(state, e).attendance.push_back({person_of(state, e.person), e.status});
}

void evolve(State& state, const event::AttendanceCorrected& e) {
  auto& attendance = session_of(state, e).attendance;
  std::ranges::find(attendance, person_of(state, e.person), &rules::Attended::person)->status = e.status;
}

void evolve(State& state, const event::AttendanceRetracted& e) {
  std::erase_if(session_of(state, e).attendance, [&](const auto& a) { return a.person == person_of(state, e.person); });
}

}  // namespace kring::domain
