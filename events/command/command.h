// A command: what somebody asked for. The common members, and one of the types of this folder.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "events/command/attendance.h"
#include "events/command/enrolment.h"
#include "events/command/privacy.h"
#include "events/command/programme.h"
#include "events/command/schedule.h"

namespace kring {

using CommandBody = std::variant<
    command::DefineProgramme, command::ChangeProgramme, command::SetPolicy, command::AddTheme, command::ChangeTheme,
    command::RegisterArea, command::ChangeArea, command::RegisterVenue, command::ChangeVenue,
    command::DeclareUnavailable, command::LiftUnavailability, command::RegisterPerson, command::ChangePerson,
    command::InviteArea, command::DeclineInvitation, command::Enrol, command::Withdraw, command::TransferSeat,
    command::ScheduleSession, command::MoveSession, command::CancelSession, command::AssignVenue,
    command::ReleaseVenue, command::SetAgenda, command::ReleaseSchedule, command::Substitute,
    command::RecordAttendance, command::ForgetPerson, command::ApplyRetention>;

struct Command {
  ProgrammeId programme;  // empty: the only one
  std::string id;         // idempotency key within the programme
  std::string actor;
  std::optional<Personal> reason;
  std::optional<Day> effective;
  std::optional<Position> expect;
  std::vector<Rule> accept;
  CommandBody body;
  Token digest{};          // of the body as sent: equal digests under one id are the same command
  bool generated = false;  // the person's id was made up by us: the answer shows it
  bool operator==(const Command&) const = default;
};

// A command as it comes in.
struct Request {
  Command command;            // actor and id may be empty: absent
  std::optional<Instant> at;  // recording time; only when a history is imported
};

inline std::string_view type_of(const CommandBody& body) {
  return std::visit([](const auto& command) { return command.type; }, body);
}

}  // namespace kring
