#include "engine/domain/evolve.h"

namespace kring::domain {
namespace {

template <class E>
rules::Session& session_of(State& state, const E& e) {
  return state.facts[state.facts.theme_ids.find(e.theme)].slot(e.session);
}

}  // namespace

void evolve(State& state, const event::SessionScheduled& e) {
  auto host = e.host ? state.facts.area_ids.find(*e.host) : AreaNo{};
  session_of(state, e) = {.scheduled = true, .cancelled = false, .date = e.date, .part = e.part, .venue = {}, .host = host,
                          .substitutions = {}, .attendance = {}};
}

void evolve(State& state, const event::SessionMoved& e) {
  auto& session = session_of(state, e);
  session.date = e.date;
  session.part = e.part;
}

void evolve(State& state, const event::SessionCancelled& e) { session_of(state, e).cancelled = true; }

void evolve(State& state, const event::VenueAssigned& e) { session_of(state, e).venue = state.facts.venue_ids.find(e.venue); }

void evolve(State& state, const event::VenueReleased& e) { session_of(state, e).venue = {}; }

void evolve(State&, const event::AgendaSet&) {}  // no rule looks at an agenda

void evolve(State& state, const event::ScheduleReleased& e) {
  state.release = e.release;
  for (rules::Theme& theme : state.facts.themes) theme.released.clear();
  for (const event::ReleasedSession& session : e.sessions) {
    auto& released = state.facts[state.facts.theme_ids.find(session.theme)].released;
    auto n = static_cast<std::size_t>(session.session);
    if (n > released.size()) released.resize(n);
    auto venue = session.venue ? state.facts.venue_ids.find(*session.venue) : VenueNo{};
    released[n - 1] = rules::Released{session.date, session.part, venue};
  }
}

}  // namespace kring::domain
