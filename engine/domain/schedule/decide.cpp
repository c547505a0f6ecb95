#include <algorithm>

#include "engine/domain/session_checks.h"

namespace kring::domain {
namespace {

event::VenueReleased venue_released(const Situation& s, const ThemeId& theme, std::int32_t number, const rules::Session& session) {
  return {theme, number, s.facts().venue_ids[session.venue]};
}

// All sessions that a release made now would contain, by theme id and number.
std::vector<event::ReleasedSession> releasable(const rules::Facts& facts) {
  std::vector<event::ReleasedSession> sessions;
  for (ThemeNo theme{0}; theme.value < facts.themes.size(); ++theme.value) {
    for (std::int32_t n = 1; n <= static_cast<std::int32_t>(facts[theme].slots.size()); ++n) {
      const rules::Session* session = facts[theme].find_session(n);
      if (!session || session->cancelled) continue;
      auto venue = session->venue ? std::optional(facts.venue_ids[session->venue]) : std::nullopt;
      sessions.push_back({facts.theme_ids[theme], n, session->date, session->part, venue});
    }
  }
  std::ranges::sort(sessions, {}, [](const auto& s) { return SessionRef{s.theme, s.session}; });
  return sessions;
}

// What differs from the last release.
void compare(const rules::Facts& facts, event::ScheduleReleased& release) {
  for (const auto& now : release.sessions) {
    auto theme = facts.theme_ids.find(now.theme);
    const rules::Session& session = *facts[theme].find_session(now.session);
    const rules::Released* was = facts[theme].find_released(now.session);
    if (!was) release.added.push_back({now.theme, now.session});
    else if (*was != rules::Released{session.date, session.part, session.venue}) release.changed.push_back({now.theme, now.session});
  }
  for (ThemeNo theme{0}; theme.value < facts.themes.size(); ++theme.value) {
    for (std::int32_t n = 1; n <= static_cast<std::int32_t>(facts[theme].released.size()); ++n) {
      const rules::Session* session = facts[theme].find_session(n);
      if (facts[theme].find_released(n) && (!session || session->cancelled)) release.cancelled.push_back({facts.theme_ids[theme], n});
    }
  }
  std::ranges::sort(release.cancelled);
}

}  // namespace

Verdict decide(const Situation& s, const command::ScheduleSession& c) {
  auto found = find_session(s, c);
  if (!found) return std::unexpected(found.error());
  if (found->session && !found->session->cancelled)
    return refuse("already_scheduled", c.theme.text, '/', c.session, " is scheduled on ", to_string(found->session->date));
  if (c.host && !s.area(*c.host)) return unknown(s, *c.host);
  auto outcome = only(event::SessionScheduled{c.theme, c.session, c.date, c.part, c.host});
  rules::Session planned;
  planned.scheduled = true;
  planned.date = c.date;
  planned.part = c.part;
  auto checked = check_rules(s, schedule_rules, {{{found->theme, c.session, planned}, {}}}, outcome);
  if (!checked) return std::unexpected(checked.error());
  return outcome;
}

Verdict decide(const Situation& s, const command::MoveSession& c) {
  auto found = scheduled_session(s, c);
  if (!found) return std::unexpected(found.error());
  const rules::Session& was = *found->session;
  auto outcome = only(event::SessionMoved{c.theme, c.session, c.date, c.part, was.date, was.part});
  rules::Session moved = was;
  moved.date = c.date;
  moved.part = c.part;
  if (c.release_venue.value_or(false) && was.venue) {
    outcome.events.emplace_back(venue_released(s, c.theme, c.session, was));
    moved.venue = {};
  }
  static constexpr std::initializer_list<Rule> all{Rule::outside_period,    Rule::session_order,       Rule::too_close,
                                                   Rule::blackout,          Rule::venue_unavailable,   Rule::venue_double_booked,
                                                   Rule::venue_too_small,   Rule::participant_clash,   Rule::person_unavailable};
  auto checked = check_rules(s, all, {{{found->theme, c.session, moved}, {}}}, outcome);  // those on venues hold without one
  if (!checked) return std::unexpected(checked.error());
  return outcome;
}

Verdict decide(const Situation& s, const command::CancelSession& c) {
  auto found = scheduled_session(s, c);
  if (!found) return std::unexpected(found.error());
  auto outcome = only(event::SessionCancelled{c.theme, c.session});
  if (found->session->venue) outcome.events.emplace_back(venue_released(s, c.theme, c.session, *found->session));
  return outcome;
}

Verdict decide(const Situation& s, const command::AssignVenue& c) {
  auto found = scheduled_session(s, c);
  if (!found) return std::unexpected(found.error());
  auto venue = s.venue(c.venue);
  if (!venue) return unknown(s, c.venue);
  auto replaced = found->session->venue ? std::optional(s.facts().venue_ids[found->session->venue]) : std::nullopt;
  auto outcome = only(event::VenueAssigned{c.theme, c.session, c.venue, replaced});
  rules::Session assigned = *found->session;
  assigned.venue = venue;
  auto checked = check_rules(s, venue_rules, {{{found->theme, c.session, assigned}, {}}}, outcome);
  if (!checked) return std::unexpected(checked.error());
  return outcome;
}

Verdict decide(const Situation& s, const command::ReleaseVenue& c) {
  auto found = scheduled_session(s, c, Allow::cancelled);
  if (!found) return std::unexpected(found.error());
  if (!found->session->venue) return refuse("no_venue", c.theme.text, '/', c.session, " has no venue");
  return only(venue_released(s, c.theme, c.session, *found->session));
}

Verdict decide(const Situation& s, const command::SetAgenda& c) {
  auto found = find_session(s, c);
  if (!found) return std::unexpected(found.error());
  for (const AgendaItem& item : c.items)
    if (item.speaker && !s.person(*item.speaker)) return unknown(s, *item.speaker);
  return only(event::AgendaSet{c.theme, c.session, c.items});
}

Verdict decide(const Situation& s, const command::ReleaseSchedule&) {
  for (const rules::Conflict& conflict : rules::conflicts(s.facts())) {
    bool blocks = conflict.severity == Severity::block || conflict.severity == Severity::block_release;
    if (blocks && !contains(s.command.accept, conflict.rule))
      return refuse("conflicts_block_release", name_of(conflict.rule), ": ", conflict.detail);
  }
  event::ScheduleReleased release{s.state.release + 1, {}, {}, {}, releasable(s.facts())};
  compare(s.facts(), release);
  if (release.added.empty() && release.changed.empty() && release.cancelled.empty())
    return refuse("nothing_to_release", "nothing differs from release ", s.state.release);
  return only(std::move(release));
}

}  // namespace kring::domain
