#include <algorithm>

#include "engine/domain/situation.h"

namespace kring::domain {
namespace {

using rules::Supposing;
using rules::Tenure;

bool waits(const State& state, ThemeNo theme, PersonNo person) {
  return contains(state.enrolments[theme.value].waiting, person, &Waiter::person);
}

Invitation invitation(const State& state, ThemeNo theme, AreaNo area) {
  const auto& invitations = state.enrolments[theme.value].invitations;
  return area.value < invitations.size() ? invitations[area.value] : Invitation::none;
}

// Would the person, who takes no part in the theme, fit into it?
std::expected<void, Rejection> not_in_yet(const Situation& s, ThemeNo theme, PersonNo person) {
  const auto& id = s.facts().person_ids[person].text;
  if (rules::current_tenure(s.facts(), theme, person)) return refuse("already_enrolled", "'", id, "' holds a seat of this theme already");
  if (waits(s.state, theme, person)) return refuse("already_waitlisted", "'", id, "' waits for a place already");
  return {};
}

std::expected<void, Rejection> no_overlap(const Situation& s, ThemeNo theme, PersonNo person, Day from) {
  if (Day end = rules::own_end(s.facts(), theme, person); end > from)
    return refuse("tenures_overlap", "'", s.facts().person_ids[person].text, "' holds a seat of this theme until ", to_string(end));
  return {};
}

// The rules on persons, for the one who comes in: every session of the theme where they are expected afterwards.
std::expected<void, Rejection> check_coming(const Situation& s, const Supposing& change, Outcome& outcome) {
  std::vector<CheckedCase> cases;
  const auto& slots = s.facts()[change.theme].slots;
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (slots[i].active() && rules::expects(s.facts(), change.theme, slots[i], change.comes, change))
      cases.push_back({{change.theme, static_cast<std::int32_t>(i) + 1, slots[i]}, change.comes});
  return check_rules(s, person_rules, cases, outcome, change);
}

// The date from which leaving a seat counts, for a command that may name one.
std::expected<Day, Rejection> leaving_day(const Situation& s, ThemeNo theme, const Tenure& tenure) {
  auto last = rules::last_attended(s.facts(), theme, tenure.person);
  if (!s.command.effective) return std::max({s.moment.today, tenure.from, last ? *last + 1 : Day::first()});
  Day day = *s.command.effective;
  if (day < tenure.from) return refuse("effective_too_early", "the tenure began on ", to_string(tenure.from), ", after ", to_string(day));
  if (last && day <= *last) return refuse("attendance_recorded", "attendance is recorded on ", to_string(*last));
  return day;
}

event::EnrolmentWithdrawn withdrawn(const rules::Facts& facts, ThemeNo theme, const Tenure& tenure, Day day) {
  return {facts.theme_ids[theme], facts.area_ids[facts[tenure.person].area], facts.person_ids[tenure.person], tenure.from, day};
}

std::optional<event::WaitlistLeft> waitlist_left(const State& state, ThemeNo theme, PersonNo person, Day day) {
  const auto& waiting = state.enrolments[theme.value].waiting;
  auto waiter = std::ranges::find(waiting, person, &Waiter::person);
  if (waiter == waiting.end()) return {};
  auto rank = static_cast<std::int32_t>(waiter - waiting.begin()) + 1;
  const auto& facts = state.facts;
  return event::WaitlistLeft{facts.theme_ids[theme], facts.area_ids[waiter->area], facts.person_ids[person], rank, waiter->since, day};
}

// The next place that a waiting person gets in the theme; none when nothing is free or nobody may have it.
std::optional<event::PlaceGranted> next_grant(const State& state, ThemeNo no, Day day) {
  const rules::Facts& facts = state.facts;
  const rules::Theme& theme = facts[no];
  if (theme.capacity && theme.enrolled >= *theme.capacity) return {};
  std::vector<event::PassedOver> passed_over;
  std::int32_t rank = 0;
  for (const Waiter& waiter : state.enrolments[no.value].waiting) {
    ++rank;
    const auto& person = facts.person_ids[waiter.person];
    const rules::Seat* seat = theme.find_seat(waiter.area);
    if (seat && seat->current.size() >= static_cast<std::size_t>(facts.policy.seats_per_area)) {
      passed_over.push_back({person, "seat_taken"});
    } else if (!rules::eligible(facts, waiter.person)) {
      passed_over.push_back({person, "not_eligible"});
    } else {
      Day from = rules::room_from(facts, no, waiter.area, std::max({day, waiter.since, rules::own_end(facts, no, waiter.person)}));
      return event::PlaceGranted{facts.theme_ids[no], facts.area_ids[waiter.area], person, rank, waiter.since, from, std::move(passed_over)};
    }
  }
  return {};
}

}  // namespace

void grant_places(Transcript& transcript, Day day, ThemeNo only) {
  for (ThemeNo theme{0}; theme.value < transcript.state.facts.themes.size(); ++theme.value) {
    if (only && theme != only) continue;
    while (auto granted = next_grant(transcript.state, theme, day)) transcript.add(std::move(*granted));
  }
}

std::expected<void, Rejection> may_come_in(const Situation& s, PersonNo no, AreaNo area) {
  const rules::Person& person = s.facts()[no];
  const auto& id = s.facts().person_ids[no].text;
  if (person.forgotten) return refuse("forgotten_person", "'", id, "' was forgotten");
  if (person.area != area) return refuse("person_of_other_area", "'", id, "' does not belong to '", s.facts().area_ids[area].text, "'");
  if (!rules::eligible(s.facts(), no)) return refuse("not_eligible", "'", id, "' has the role '", person.role.text, "'");
  return {};
}

std::optional<Leaving> leave_theme(const State& state, ThemeNo theme, PersonNo person, Day today) {
  if (auto left = waitlist_left(state, theme, person, today)) return Leaving{*left, today};
  const Tenure* tenure = rules::current_tenure(state.facts, theme, person);
  if (!tenure) return {};
  auto last = rules::last_attended(state.facts, theme, person);
  Day day = std::max({today, tenure->from, last ? *last + 1 : Day::first()});
  return Leaving{withdrawn(state.facts, theme, *tenure, day), day};
}

Verdict decide(const Situation& s, const command::RegisterPerson& c) {
  if (s.person(c.person)) return refuse("person_exists", "there is a person '", c.person.text, "' already");
  if (c.area && !s.area(*c.area)) return unknown(s, *c.area);
  return only(event::PersonRegistered{c.person, c.area, c.role, c.name, c.email, c.organisation, c.phone});
}

Verdict decide(const Situation& s, const command::ChangePerson& c) {
  auto person = s.person(c.person);
  if (!person) return unknown(s, c.person);
  if (s.facts()[person].forgotten) return refuse("forgotten_person", "'", c.person.text, "' was forgotten");
  return only(event::PersonChanged{c.person, c.role, c.name, c.email, c.organisation, c.phone});
}

Verdict decide(const Situation& s, const command::InviteArea& c) {
  auto theme = s.theme(c.theme);
  if (!theme) return unknown(s, c.theme);
  auto area = s.area(c.area);
  if (!area) return unknown(s, c.area);
  if (invitation(s.state, theme, area) == Invitation::standing)
    return refuse("already_invited", "an invitation of '", c.area.text, "' for '", c.theme.text, "' stands");
  return only(event::AreaInvited{c.theme, c.area, c.respond_by});
}

Verdict decide(const Situation& s, const command::DeclineInvitation& c) {
  auto theme = s.theme(c.theme);
  if (!theme) return unknown(s, c.theme);
  auto area = s.area(c.area);
  if (!area) return unknown(s, c.area);
  if (invitation(s.state, theme, area) != Invitation::standing)
    return refuse("not_invited", "no invitation of '", c.area.text, "' for '", c.theme.text, "' stands");
  return only(event::InvitationDeclined{c.theme, c.area});
}

Verdict decide(const Situation& s, const command::Enrol& c) {
  auto theme = s.theme(c.theme);
  if (!theme) return unknown(s, c.theme);
  auto area = s.area(c.area);
  if (!area) return unknown(s, c.area);
  auto person = s.person(c.person);
  if (!person) return unknown(s, c.person);
  if (auto may = may_come_in(s, person, area); !may) return std::unexpected(may.error());
  if (auto free = not_in_yet(s, theme, person); !free) return std::unexpected(free.error());
  const rules::Theme& facts = s.facts()[theme];
  const rules::Seat* seat = facts.find_seat(area);
  if (seat && seat->current.size() >= static_cast<std::size_t>(s.facts().policy.seats_per_area))
    return refuse("seat_taken", "the seat of '", c.area.text, "' in '", c.theme.text, "' is taken");
  Day day = s.moment.effective;
  if (facts.capacity && facts.enrolled >= *facts.capacity) {
    auto rank = static_cast<std::int32_t>(s.state.enrolments[theme.value].waiting.size()) + 1;
    return only(event::Waitlisted{c.theme, c.area, c.person, rank, day});
  }
  if (auto fits = no_overlap(s, theme, person, day); !fits) return std::unexpected(fits.error());
  if (Day room = rules::room_from(s.facts(), theme, area, day); room > day)
    return refuse("no_room_yet", "the seat has room for good from ", to_string(room), " on");
  auto outcome = only(event::Enrolled{c.theme, c.area, c.person, day});
  if (auto checked = check_coming(s, {theme, {}, person, day}, outcome); !checked) return std::unexpected(checked.error());
  return outcome;
}

Verdict decide(const Situation& s, const command::Withdraw& c) {
  auto theme = s.theme(c.theme);
  if (!theme) return unknown(s, c.theme);
  auto person = s.person(c.person);
  if (!person) return unknown(s, c.person);
  if (auto left = waitlist_left(s.state, theme, person, s.moment.effective)) return only(std::move(*left));
  const Tenure* tenure = rules::current_tenure(s.facts(), theme, person);
  if (!tenure) return refuse("not_enrolled", "'", c.person.text, "' neither holds a seat of '", c.theme.text, "' nor waits for one");
  auto day = leaving_day(s, theme, *tenure);
  if (!day) return std::unexpected(day.error());
  return only(withdrawn(s.facts(), theme, *tenure, *day));
}

Verdict decide(const Situation& s, const command::TransferSeat& c) {
  auto theme = s.theme(c.theme);
  if (!theme) return unknown(s, c.theme);
  auto from = s.person(c.from), to = s.person(c.to);
  if (!from) return unknown(s, c.from);
  if (!to) return unknown(s, c.to);
  const Tenure* tenure = rules::current_tenure(s.facts(), theme, from);
  if (!tenure) return refuse("not_enrolled", "'", c.from.text, "' holds no seat of '", c.theme.text, "'");
  auto day = leaving_day(s, theme, *tenure);
  if (!day) return std::unexpected(day.error());
  auto area = s.facts()[from].area;
  if (auto may = may_come_in(s, to, area); !may) return std::unexpected(may.error());
  if (auto free = not_in_yet(s, theme, to); !free) return std::unexpected(free.error());
  if (auto fits = no_overlap(s, theme, to, *day); !fits) return std::unexpected(fits.error());
  auto outcome = only(event::SeatTransferred{c.theme, s.facts().area_ids[area], c.from, c.to, tenure->from, *day});
  if (auto checked = check_coming(s, {theme, from, to, *day}, outcome); !checked) return std::unexpected(checked.error());
  return outcome;
}

void follow_up(Transcript& transcript, const command::Withdraw&, const Moment&) {
  const Event& left = transcript.outcome.events.front();
  const auto* withdrawal = std::get_if<event::EnrolmentWithdrawn>(&left);
  grant_places(transcript, withdrawal ? withdrawal->to : std::get<event::WaitlistLeft>(left).to);
}

void follow_up(Transcript& transcript, const command::SetPolicy&, const Moment& moment) { grant_places(transcript, moment.effective); }

void follow_up(Transcript& transcript, const command::ChangePerson&, const Moment& moment) { grant_places(transcript, moment.effective); }

}  // namespace kring::domain
