#include "engine/domain/situation.h"

namespace kring::domain {
namespace {

constexpr std::int32_t default_sessions = 5;

std::unexpected<Rejection> backwards(Day from, Day to) {
  return refuse("invalid_period", "the period from ", to_string(from), " to ", to_string(to), " ends before it begins");
}

// The venue or the person that a command about unavailability names: does it exist?
template <class C>
std::expected<void, Rejection> names_known(const Situation& s, const C& c) {
  if (c.venue && !s.venue(*c.venue)) return unknown(s, *c.venue);
  if (c.person && !s.person(*c.person)) return unknown(s, *c.person);
  return {};
}

template <class C>
const std::vector<Period>& unavailable(const Situation& s, const C& c) {
  return c.venue ? s.facts()[s.venue(*c.venue)].unavailable : s.facts()[s.person(*c.person)].unavailable;
}

}  // namespace

Verdict decide(const Situation& s, const command::DefineProgramme& c) {
  if (s.state.defined) return refuse("programme_exists", "the programme '", s.command.programme.text, "' is defined already");
  if (c.from > c.to) return backwards(c.from, c.to);
  return only(event::ProgrammeDefined{c.title, c.from, c.to, c.time_zone.value_or("Europe/Amsterdam")});
}

Verdict decide(const Situation& s, const command::ChangeProgramme& c) {
  Day from = c.from.value_or(s.facts().from), to = c.to.value_or(s.facts().to);
  if (from > to) return backwards(from, to);
  return only(event::ProgrammeChanged{c.title, c.from, c.to});
}

Verdict decide(const Situation& s, const command::SetPolicy& c) {
  for (const auto& [theme, capacity] : c.change.capacity)
    if (!s.theme(theme)) return unknown(s, theme);
  return only(event::PolicySet{c.change});
}

Verdict decide(const Situation& s, const command::AddTheme& c) {
  if (s.theme(c.theme)) return refuse("theme_exists", "there is a theme '", c.theme.text, "' already");
  return only(event::ThemeAdded{c.theme, c.title, c.sessions.value_or(default_sessions), c.capacity});
}

Verdict decide(const Situation& s, const command::ChangeTheme& c) {
  auto theme = s.theme(c.theme);
  if (!theme) return unknown(s, c.theme);
  auto in_use = static_cast<std::int32_t>(s.facts()[theme].slots.size());
  if (c.sessions && *c.sessions < in_use)
    return refuse("sessions_in_use", "session ", in_use, " of '", c.theme.text, "' was once scheduled");
  return only(event::ThemeChanged{c.theme, c.title, c.sessions});
}

Verdict decide(const Situation& s, const command::RegisterArea& c) {
  if (s.area(c.area)) return refuse("area_exists", "there is an area '", c.area.text, "' already");
  return only(event::AreaRegistered{c.area, c.name, c.municipality, c.lat, c.lon});
}

Verdict decide(const Situation& s, const command::ChangeArea& c) {
  if (!s.area(c.area)) return unknown(s, c.area);
  return only(event::AreaChanged{c.area, c.name, c.municipality, c.lat, c.lon});
}

Verdict decide(const Situation& s, const command::RegisterVenue& c) {
  if (s.venue(c.venue)) return refuse("venue_exists", "there is a venue '", c.venue.text, "' already");
  if (c.area && !s.area(*c.area)) return unknown(s, *c.area);
  return only(event::VenueRegistered{c.venue, c.name, c.capacity, c.area, c.lat, c.lon, c.accessible});
}

Verdict decide(const Situation& s, const command::ChangeVenue& c) {
  if (!s.venue(c.venue)) return unknown(s, c.venue);
  if (c.area && !s.area(*c.area)) return unknown(s, *c.area);
  return only(event::VenueChanged{c.venue, c.name, c.capacity, c.area, c.lat, c.lon, c.accessible});
}

Verdict decide(const Situation& s, const command::DeclareUnavailable& c) {
  if (auto known = names_known(s, c); !known) return std::unexpected(known.error());
  if (c.from > c.to) return backwards(c.from, c.to);
  return only(event::UnavailabilityDeclared{c.venue, c.person, c.from, c.to});
}

Verdict decide(const Situation& s, const command::LiftUnavailability& c) {
  if (auto known = names_known(s, c); !known) return std::unexpected(known.error());
  if (!contains(unavailable(s, c), Period{c.from, c.to}))
    return refuse("not_declared", "nothing was declared for exactly ", to_string(c.from), " to ", to_string(c.to));
  return only(event::UnavailabilityLifted{c.venue, c.person, c.from, c.to});
}

}  // namespace kring::domain
