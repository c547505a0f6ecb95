// When and where: venues, sessions, the session sheet, conflicts.
#include <algorithm>

#include "events/base/text.h"
#include "events/json/to_json.h"
#include "projections/views/views.h"

namespace kring::projections {
namespace {

using rules::Place;

template <class Tag>
json::Value id_or_null(const rules::Interner<Tag>& ids, rules::No<Tag> no) {
  return no ? json::Value(ids[no].text) : json::Value(nullptr);
}

json::Value agenda_of(View& view, const std::string& theme, std::int32_t number) {
  auto row = view.find<AgendaRow>(Model::venue_assignments, view.key(table::agenda).id(theme).number(static_cast<std::uint64_t>(number)));
  json::Array items;
  if (row)
    for (const AgendaItem& item : row->items) items.push_back(json::to_json(item, json::Absent::omit));
  return items;
}

// What every list of sessions tells of one.
json::Object session_line(View& view, const rules::Facts& facts, const Place& at) {
  const auto& theme = facts.theme_ids[at.theme].text;
  json::Object line{{"theme", theme}, {"session", at.number}};
  const rules::Session* session = facts[at.theme].find_session(at.number);
  line.emplace("date", session ? json::Value(to_string(session->date)) : json::Value(nullptr));
  line.emplace("part", session ? json::Value(name_of(session->part)) : json::Value(nullptr));
  line.emplace("venue", session ? id_or_null(facts.venue_ids, session->venue) : json::Value(nullptr));
  line.emplace("host", session ? id_or_null(facts.area_ids, session->host) : json::Value(nullptr));
  line.emplace("status", rules::status_of(facts, at.theme, at.number));
  line.emplace("expected", session && !session->cancelled ? json::Value(rules::expected(facts, at.theme, *session).size()) : json::Value(nullptr));
  line.emplace("agenda", agenda_of(view, theme, at.number));
  return line;
}

Result<json::Object> finish(View& view, json::Object document) {
  return view.outcome ? Result<json::Object>(std::move(document)) : std::unexpected(view.outcome.error());
}

std::int32_t last_release(View& view) {
  auto row = view.find<ProgrammeRow>(Model::directory, view.key(table::programmes));
  return row ? row->release : 0;
}

std::vector<std::string> ids_of(const rules::Interner<ThemeTag>& ids) {
  std::vector<std::string> out;
  for (rules::ThemeNo no{0}; no.value < ids.size(); ++no.value) out.push_back(ids[no].text);
  return out;
}

}  // namespace

Result<json::Object> venues(View& view) {
  LoadedFacts loaded(view);
  loaded.load_seats();
  loaded.load_schedule();
  const rules::Facts& facts = loaded.facts;
  json::Array assignments, unassigned;
  for (const Place& at : rules::in_order(facts)) {
    const rules::Session& session = *facts[at.theme].find_session(at.number);
    if (session.cancelled) continue;
    json::Object line{{"theme", facts.theme_ids[at.theme].text}, {"session", at.number}, {"date", to_string(session.date)}, {"part", name_of(session.part)}};
    if (session.venue) {
      const auto& venue = facts.venue_ids[session.venue].text;
      auto row = view.find<VenueRow>(Model::directory, view.key(table::venue).id(venue)).value_or(VenueRow{});
      line.emplace("venue", venue);
      line.emplace("venue_name", row.name);
      line.emplace("capacity", row.capacity);
    }
    line.emplace("expected", rules::expected(facts, at.theme, session).size());
    line.emplace("status", rules::status_of(facts, at.theme, at.number));
    (session.venue ? assignments : unassigned).push_back(std::move(line));
  }
  auto document = view.document();
  document.emplace("assignments", std::move(assignments));
  document.emplace("unassigned", std::move(unassigned));
  return finish(view, std::move(document));
}

Result<json::Object> sessions(View& view) {
  LoadedFacts loaded(view);
  loaded.load_seats();
  loaded.load_schedule();
  const rules::Facts& facts = loaded.facts;
  auto order = rules::in_order(facts);
  std::vector<Place> unscheduled;
  for (rules::ThemeNo theme{0}; theme.value < facts.themes.size(); ++theme.value)
    for (std::int32_t n = 1; n <= facts[theme].sessions; ++n)
      if (!facts[theme].find_session(n)) unscheduled.push_back({theme, n});
  std::ranges::sort(unscheduled, {}, [&](const Place& p) { return std::pair(std::string_view(facts.theme_ids[p.theme].text), p.number); });
  order.insert(order.end(), unscheduled.begin(), unscheduled.end());
  json::Array list;
  for (const Place& at : order) list.push_back(session_line(view, facts, at));
  auto document = view.document();
  document.emplace("release", last_release(view));
  document.emplace("sessions", std::move(list));
  return finish(view, std::move(document));
}

Result<json::Object> released_sessions(View& view, std::int32_t release) {
  std::int32_t last = last_release(view);
  if (release == 0) release = last;
  auto row = view.find<ReleaseRow>(Model::venue_assignments, view.key(table::release).number(static_cast<std::uint64_t>(release)));
  if (!row)
    return fail(ErrorKind::not_found, "unknown_release",
                last == 0 ? std::string("nothing was released yet") : concat("there is no release ", release, "; the last one is ", last), "release");
  struct Line {
    ReleasedRow row;
    std::string theme;
    std::int32_t number;
  };
  std::vector<Line> lines;
  auto scanned = view.database().scan(Model::venue_assignments, view.key(table::released), {}, row->position, [&](BytesView key, BytesView bytes) {
    KeyParts parts(key);
    auto theme = parts.id();
    auto released = codec::unpack<ReleasedRow>(bytes);
    if (released) lines.push_back({std::move(*released), theme, static_cast<std::int32_t>(parts.number())});
    return true;
  });
  if (!scanned) return std::unexpected(std::move(scanned.error()));
  std::ranges::sort(lines, {}, [](const Line& l) { return std::tuple(l.row.date, rules::rank_of(l.row.part), std::string_view(l.theme), l.number); });
  json::Array list;
  for (const Line& l : lines)
    list.push_back(json::Object{{"theme", l.theme}, {"session", l.number}, {"date", to_string(l.row.date)}, {"part", name_of(l.row.part)},
                                {"venue", l.row.venue ? json::Value(l.row.venue->text) : json::Value(nullptr)}});
  auto document = view.document();
  document.emplace("release", release);
  document.emplace("sessions", std::move(list));
  return finish(view, std::move(document));
}

Result<json::Object> session_sheet(View& view, const ThemeId& theme_id, std::int32_t number) {
  LoadedFacts loaded(view);
  const rules::Facts& facts = loaded.facts;
  auto theme = facts.theme_ids.find(theme_id);
  if (!theme) return std::unexpected(nothing_named("theme", theme_id.text, ids_of(facts.theme_ids)));
  if (number < 1 || number > facts[theme].sessions)
    return fail(ErrorKind::not_found, "unknown_session", concat("'", theme_id.text, "' has sessions 1 to ", facts[theme].sessions, ", no ", number), "session");
  loaded.load_seats();
  loaded.load_schedule();
  auto document = view.document();
  for (auto& member : session_line(view, facts, {theme, number}))
    if (member.key() != "expected") document.emplace(member.key(), std::move(member.value()));
  struct Line {
    std::string area, person;
    rules::PersonNo no;
  };
  std::vector<Line> lines;
  std::vector<rules::PersonNo> coming, covering;
  const rules::Session* session = facts[theme].find_session(number);
  if (session) {
    if (!session->cancelled) {
      coming = rules::expected(facts, theme, *session);
      covering = rules::covering(facts, theme, *session);
    }
    auto everybody = coming;
    everybody.insert(everybody.end(), covering.begin(), covering.end());
    for (const rules::Attended& a : session->attendance) everybody.push_back(a.person);
    std::ranges::sort(everybody);
    auto doubles = std::ranges::unique(everybody);
    everybody.erase(doubles.begin(), doubles.end());
    for (auto no : everybody) lines.push_back({facts[no].area ? facts.area_ids[facts[no].area].text : "", loaded.id(no).text, no});
  }
  std::ranges::sort(lines, {}, [](const Line& l) { return std::pair(std::string_view(l.area), std::string_view(l.person)); });
  json::Array people;
  for (const Line& l : lines) {
    bool covered = std::ranges::binary_search(covering, l.no);
    auto by = covered ? rules::substitute_of(*session, l.no) : rules::PersonNo{};
    std::optional<PersonId> replaces;  // of two the first by id
    for (const rules::Substitution& s : session->substitutions)
      if (s.by == l.no && std::ranges::binary_search(covering, s.person) && (!replaces || loaded.id(s.person) < *replaces)) replaces = loaded.id(s.person);
    auto attended = std::ranges::find(session->attendance, l.no, &rules::Attended::person);
    people.push_back(json::Object{{"person", l.person}, {"name", view.name({l.person})}, {"area", l.area.empty() ? json::Value(nullptr) : json::Value(l.area)},
                                  {"role", facts[l.no].role.text}, {"expected", std::ranges::binary_search(coming, l.no)},
                                  {"replaces", replaces ? json::Value(replaces->text) : json::Value(nullptr)}, {"replaced_by", id_or_null(facts.person_ids, by)},
                                  {"attendance", attended == session->attendance.end() ? json::Value(nullptr) : json::Value(name_of(attended->status))}});
  }
  document.emplace("people", std::move(people));
  return finish(view, std::move(document));
}

Result<json::Object> conflicts(View& view) {
  LoadedFacts loaded(view);
  loaded.load_seats();
  loaded.load_schedule();
  const rules::Facts& facts = loaded.facts;
  json::Array list;
  for (const rules::Conflict& c : rules::conflicts(facts))
    list.push_back(json::Object{{"rule", name_of(c.rule)}, {"severity", name_of(c.severity)}, {"theme", facts.theme_ids[c.theme].text},
                                {"session", c.session}, {"person", id_or_null(facts.person_ids, c.person)},
                                {"venue", id_or_null(facts.venue_ids, c.venue)}, {"detail", c.detail}});
  auto document = view.document();
  document.emplace("conflicts", std::move(list));
  return finish(view, std::move(document));
}

}  // namespace kring::projections
