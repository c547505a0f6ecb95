// An event: one thing that happened. The types lie in this folder by subject; docs/events.md is their catalogue.
#pragma once

#include <variant>

#include "events/event/attendance.h"
#include "events/event/enrolment.h"
#include "events/event/privacy.h"
#include "events/event/programme.h"
#include "events/event/schedule.h"

namespace kring {

using Event = std::variant<
    event::ProgrammeDefined, event::ProgrammeChanged, event::PolicySet, event::ThemeAdded, event::ThemeChanged,
    event::AreaRegistered, event::AreaChanged, event::VenueRegistered, event::VenueChanged,
    event::UnavailabilityDeclared, event::UnavailabilityLifted, event::PersonRegistered, event::PersonChanged,
    event::AreaInvited, event::InvitationDeclined, event::Enrolled, event::Waitlisted, event::PlaceGranted,
    event::EnrolmentWithdrawn, event::WaitlistLeft, event::SeatTransferred, event::SessionScheduled,
    event::SessionMoved, event::SessionCancelled, event::VenueAssigned, event::VenueReleased, event::AgendaSet,
    event::ScheduleReleased, event::SessionSubstituted, event::SubstitutionEnded, event::AttendanceRecorded,
    event::AttendanceCorrected, event::AttendanceRetracted, event::PersonForgotten>;

inline std::string_view type_of(const Event& event) {
  return std::visit([](const auto& e) { return e.type; }, event);
}

}  // namespace kring
