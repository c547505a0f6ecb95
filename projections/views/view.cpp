#include "projections/views/view.h"

#include <algorithm>

#include "events/base/similar.h"
#include "events/base/text.h"

namespace kring::projections {

json::Value View::open(const PersonId& person, const char* member, const SealedText& text) const {
  auto clear = opener_.open({{person}, member, programme_, text.command_id}, text.sealed);
  return clear ? json::Value(*clear) : json::Value(nullptr);
}

json::Value View::open_reason(const Command& command) const {
  auto clear = opener_.open({persons_named(command), "reason", command.programme, command.id}, command.reason->sealed);
  return clear ? json::Value(*clear) : json::Value(nullptr);
}

json::Value View::name(const PersonId& person) {
  auto row = find<PersonRow>(Model::directory, key(table::person).id(person.text));
  return row ? open(person, "name", row->name) : json::Value(nullptr);
}

Error nothing_named(std::string_view kind, const std::string& id, std::vector<std::string> instead) {
  constexpr std::size_t most = 12;
  std::string list;
  for (std::size_t i = 0; i < std::min(most, instead.size()); ++i) list += (i > 0 ? ", " : "") + instead[i];
  if (instead.size() > most) list += concat(", and ", instead.size() - most, " more");
  std::string hint = did_you_mean(id, instead);
  return {ErrorKind::not_found, concat("unknown_", kind), std::string(kind),
          concat("there is no ", kind, " '", id, "'", hint, list.empty() ? "" : hint.empty() ? "; there are: " : " There are: ", list)};
}

LoadedFacts::LoadedFacts(View& view) : view_(view) {
  auto programme = view.find<ProgrammeRow>(Model::directory, view.key(table::programmes));
  if (programme) {
    facts.from = programme->from;
    facts.to = programme->to;
  }
  PolicyChange policy;
  if (auto row = view.find<PolicyRow>(Model::directory, view.key(table::policy))) policy = std::move(row->policy);
  rules::merge(facts.policy, policy);
  std::vector<std::tuple<Position, ThemeId, std::int32_t>> themes;
  view.each<ThemeRow>(Model::directory, view.key(table::theme),
                      [&](KeyParts key, const ThemeRow& row) { themes.emplace_back(row.added_at, ThemeId{key.id()}, row.sessions); });
  std::ranges::sort(themes);
  for (const auto& [added_at, id, sessions] : themes) {
    facts.theme_ids.add(id);
    facts.themes.emplace_back().sessions = sessions;
  }
  for (const auto& [theme, capacity] : policy.capacity) facts[facts.theme_ids.find(theme)].capacity = capacity;
  view.each<AreaRow>(Model::directory, view.key(table::area), [&](KeyParts key, const AreaRow&) { facts.area_ids.add({key.id()}); });
  view.each<VenueRow>(Model::directory, view.key(table::venue), [&](KeyParts key, const VenueRow& row) {
    facts.venue_ids.add({key.id()});
    facts.venues.push_back({row.capacity, {}});
  });
  for (rules::VenueNo venue{0}; venue.value < facts.venues.size(); ++venue.value)
    facts[venue].unavailable = unavailable("venue", facts.venue_ids[venue].text);
}

std::vector<Period> LoadedFacts::unavailable(const char* kind, const std::string& id) {
  auto row = view_.find<UnavailableRow>(Model::directory, view_.key(table::unavailable).id(kind).id(id));
  return row ? std::move(row->periods) : std::vector<Period>{};
}

rules::PersonNo LoadedFacts::person(const PersonId& id) {
  if (auto known = facts.person_ids.find(id)) return known;
  auto row = view_.find<PersonRow>(Model::directory, view_.key(table::person).id(id.text)).value_or(PersonRow{});
  auto no = facts.person_ids.add(id);
  auto area = row.area ? facts.area_ids.find(*row.area) : rules::AreaNo{};
  facts.people.push_back({area, row.role, row.forgotten, unavailable("person", id.text)});
  return no;
}

void LoadedFacts::load_seats() {
  view_.each<SeatRow>(Model::theme_roster, view_.key(table::seat), [&](KeyParts key, const SeatRow& row) {
    auto& theme = facts[facts.theme_ids.find(key.id())];
    theme.seat(facts.area_ids.find(key.id())).current.push_back({person(row.person), row.from});
    ++theme.enrolled;
  });
  view_.each<TenureRow>(Model::theme_roster, view_.key(table::ended), [&](KeyParts key, const TenureRow& row) {
    auto& theme = facts[facts.theme_ids.find(key.id())];
    theme.seat(facts.area_ids.find(key.id())).ended.push_back({person(row.person), row.from, row.to});
  });
  for (auto& theme : facts.themes)
    for (auto& seat : theme.seats) std::ranges::stable_sort(seat.ended, {}, &rules::Tenure::to);
}

void LoadedFacts::load_schedule() {
  view_.each<SessionRow>(Model::venue_assignments, view_.key(table::session), [&](KeyParts key, const SessionRow& row) {
    auto& theme = facts[facts.theme_ids.find(key.id())];
    auto& session = theme.slot(static_cast<std::int32_t>(key.number()));
    session.scheduled = true;
    session.cancelled = row.cancelled;
    session.date = row.date;
    session.part = row.part;
    if (row.venue) session.venue = facts.venue_ids.find(*row.venue);
    if (row.host) session.host = facts.area_ids.find(*row.host);
    for (const StandIn& s : row.substitutions) session.substitutions.push_back({person(s.person), person(s.by)});
  });
  view_.each<AttendanceRow>(Model::venue_assignments, view_.key(table::attendance), [&](KeyParts key, const AttendanceRow& row) {
    auto& theme = facts[facts.theme_ids.find(key.id())];
    auto& session = theme.slot(static_cast<std::int32_t>(key.number()));
    session.attendance.push_back({person({key.id()}), row.status});
  });
  view_.each<ReleasedRow>(Model::venue_assignments, view_.key(table::released), [&](KeyParts key, const ReleasedRow& row) {
    auto& released = facts[facts.theme_ids.find(key.id())].released;
    auto n = key.number();
    if (n > released.size()) released.resize(n);
    auto venue = row.venue ? facts.venue_ids.find(*row.venue) : rules::VenueNo{};
    released[n - 1] = rules::Released{row.date, row.part, venue};
  });
}

}  // namespace kring::projections
