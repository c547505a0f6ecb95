// What the decide functions of the subjects share: the situation that they look at, and how they say no.
#pragma once

#include <initializer_list>
#include <string>

#include "engine/domain/decide.h"
#include "engine/rules/rules.h"
#include "events/base/ranges.h"
#include "events/base/similar.h"
#include "events/base/text.h"

namespace kring::domain {

struct Situation {
  const State& state;
  const Command& command;
  const Moment& moment;

  const rules::Facts& facts() const { return state.facts; }
  ThemeNo theme(const ThemeId& id) const { return facts().theme_ids.find(id); }
  AreaNo area(const AreaId& id) const { return facts().area_ids.find(id); }
  VenueNo venue(const VenueId& id) const { return facts().venue_ids.find(id); }
  PersonNo person(const PersonId& id) const { return facts().person_ids.find(id); }
};

template <class... Pieces>
std::unexpected<Rejection> refuse(std::string_view code, const Pieces&... message) {
  return std::unexpected(Rejection{std::string(code), concat(message...)});
}

template <class Tag>
std::unexpected<Rejection> unknown(std::string_view code, std::string_view kind, const Id<Tag>& id, const rules::Interner<Tag>& known) {
  Nearest nearest(id.text);
  for (rules::No<Tag> no{0}; no.value < known.size(); ++no.value) nearest.offer(known[no].text);
  return refuse(code, "there is no ", kind, " '", id.text, "'", nearest.best().empty() ? "" : concat("; did you mean '", nearest.best(), "'?"));
}
inline auto unknown(const Situation& s, const ThemeId& id) { return unknown("unknown_theme", "theme", id, s.facts().theme_ids); }
inline auto unknown(const Situation& s, const AreaId& id) { return unknown("unknown_area", "area", id, s.facts().area_ids); }
inline auto unknown(const Situation& s, const VenueId& id) { return unknown("unknown_venue", "venue", id, s.facts().venue_ids); }
// Ids of persons mean nothing, and are many: one that is near is no likelier than another.
inline auto unknown(const Situation&, const PersonId& id) { return refuse("unknown_person", "there is no person '", id.text, "'"); }

template <class E>
Outcome only(E event) {
  Outcome outcome;
  outcome.events.emplace_back(std::move(event));
  return outcome;
}

// ---- rules ----

inline constexpr std::initializer_list<Rule> schedule_rules{Rule::outside_period, Rule::session_order,     Rule::too_close,
                                                            Rule::blackout,       Rule::participant_clash, Rule::person_unavailable};
inline constexpr std::initializer_list<Rule> venue_rules{Rule::venue_unavailable, Rule::venue_double_booked, Rule::venue_too_small};
inline constexpr std::initializer_list<Rule> person_rules{Rule::participant_clash, Rule::person_unavailable};

struct CheckedCase {
  rules::Case at;
  PersonNo person;  // the one coming in; none: everybody expected
};

// Adds a warning for each rule broken by any of the cases; the first that blocks is the rejection.
std::expected<void, Rejection> check_rules(const Situation& s, std::initializer_list<Rule> rules,
                                           const std::vector<CheckedCase>& cases, Outcome& outcome,
                                           const rules::Supposing& change = {});

// ---- the decide functions, by subject ----

Verdict decide(const Situation& s, const command::DefineProgramme& c);
Verdict decide(const Situation& s, const command::ChangeProgramme& c);
Verdict decide(const Situation& s, const command::SetPolicy& c);
Verdict decide(const Situation& s, const command::AddTheme& c);
Verdict decide(const Situation& s, const command::ChangeTheme& c);
Verdict decide(const Situation& s, const command::RegisterArea& c);
Verdict decide(const Situation& s, const command::ChangeArea& c);
Verdict decide(const Situation& s, const command::RegisterVenue& c);
Verdict decide(const Situation& s, const command::ChangeVenue& c);
Verdict decide(const Situation& s, const command::DeclareUnavailable& c);
Verdict decide(const Situation& s, const command::LiftUnavailability& c);
Verdict decide(const Situation& s, const command::RegisterPerson& c);
Verdict decide(const Situation& s, const command::ChangePerson& c);
Verdict decide(const Situation& s, const command::InviteArea& c);
Verdict decide(const Situation& s, const command::DeclineInvitation& c);
Verdict decide(const Situation& s, const command::Enrol& c);
Verdict decide(const Situation& s, const command::Withdraw& c);
Verdict decide(const Situation& s, const command::TransferSeat& c);
Verdict decide(const Situation& s, const command::ScheduleSession& c);
Verdict decide(const Situation& s, const command::MoveSession& c);
Verdict decide(const Situation& s, const command::CancelSession& c);
Verdict decide(const Situation& s, const command::AssignVenue& c);
Verdict decide(const Situation& s, const command::ReleaseVenue& c);
Verdict decide(const Situation& s, const command::SetAgenda& c);
Verdict decide(const Situation& s, const command::ReleaseSchedule& c);
Verdict decide(const Situation& s, const command::Substitute& c);
Verdict decide(const Situation& s, const command::RecordAttendance& c);
Verdict decide(const Situation& s, const command::ForgetPerson& c);
Verdict decide(const Situation& s, const command::ApplyRetention& c);

// ---- what follows from a decision that is made ----

// Events that are recorded, applied to the state as they come: each next one is decided on what the last one left.
struct Transcript {
  State& state;
  Outcome& outcome;

  void add(Event event);
};

// Gives free places to waiting people, in one theme or in all, in the order in which themes were added. `day`: from
// when the place is free.
void grant_places(Transcript& transcript, Day day, ThemeNo only = {});

// Would the person come in on a seat of that area? The checks that enrol, transfer_seat and substitute share.
std::expected<void, Rejection> may_come_in(const Situation& s, PersonNo person, AreaNo area);

// The event by which the person leaves the theme, whatever their attendance; none where they are not in it.
struct Leaving {
  Event event;
  Day day;  // from which it counts
};
std::optional<Leaving> leave_theme(const State& state, ThemeNo theme, PersonNo person, Day today);

void follow_up(Transcript& transcript, const command::Withdraw& c, const Moment& moment);
void follow_up(Transcript& transcript, const command::SetPolicy& c, const Moment& moment);
void follow_up(Transcript& transcript, const command::ChangePerson& c, const Moment& moment);
void follow_up(Transcript& transcript, const command::ForgetPerson& c, const Moment& moment);
void follow_up(Transcript& transcript, const command::ApplyRetention& c, const Moment& moment);

}  // namespace kring::domain
