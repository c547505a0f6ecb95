// evolve: what an event does to the state. Pure, total, and the only thing that changes state: replaying a history
// and deciding a new command go the same way. Precondition: the event was decided on this state.
#pragma once

#include "engine/domain/state.h"
#include "events/event/event.h"

namespace kring::domain {

void evolve(State& state, const Event& event);

// One for each type, in the folders by subject.
void evolve(State& state, const event::ProgrammeDefined& e);
void evolve(State& state, const event::ProgrammeChanged& e);
void evolve(State& state, const event::PolicySet& e);
void evolve(State& state, const event::ThemeAdded& e);
void evolve(State& state, const event::ThemeChanged& e);
void evolve(State& state, const event::AreaRegistered& e);
void evolve(State& state, const event::AreaChanged& e);
void evolve(State& state, const event::VenueRegistered& e);
void evolve(State& state, const event::VenueChanged& e);
void evolve(State& state, const event::UnavailabilityDeclared& e);
void evolve(State& state, const event::UnavailabilityLifted& e);
void evolve(State& state, const event::PersonRegistered& e);
void evolve(State& state, const event::PersonChanged& e);
void evolve(State& state, const event::AreaInvited& e);
void evolve(State& state, const event::InvitationDeclined& e);
void evolve(State& state, const event::Enrolled& e);
void evolve(State& state, const event::Waitlisted& e);
void evolve(State& state, const event::PlaceGranted& e);
void evolve(State& state, const event::EnrolmentWithdrawn& e);
void evolve(State& state, const event::WaitlistLeft& e);
void evolve(State& state, const event::SeatTransferred& e);
void evolve(State& state, const event::SessionScheduled& e);
void evolve(State& state, const event::SessionMoved& e);
void evolve(State& state, const event::SessionCancelled& e);
void evolve(State& state, const event::VenueAssigned& e);
void evolve(State& state, const event::VenueReleased& e);
void evolve(State& state, const event::AgendaSet& e);
void evolve(State& state, const event::ScheduleReleased& e);
void evolve(State& state, const event::SessionSubstituted& e);
void evolve(State& state, const event::SubstitutionEnded& e);
void evolve(State& state, const event::AttendanceRecorded& e);
void evolve(State& state, const event::AttendanceCorrected& e);
void evolve(State& state, const event::AttendanceRetracted& e);
void evolve(State& state, const event::PersonForgotten& e);

}  // namespace kring::domain
