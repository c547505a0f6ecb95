// Who takes part: roster, areas, person.
#include <algorithm>

#include "projections/views/views.h"

namespace kring::projections {
namespace {

struct InLine {
  WaitingRow row;
  std::int64_t rank = 0;
};

// The waiting list of a theme in the order of joining.
std::vector<InLine> waiting_list(View& view, const ThemeId& theme) {
  std::vector<InLine> list;
  view.each<WaitingRow>(Model::theme_roster, view.key(table::waiting).id(theme.text),
                        [&](KeyParts, WaitingRow row) { list.push_back({std::move(row), 0}); });
  std::ranges::sort(list, {}, [](const InLine& w) { return std::pair(w.row.joined, w.row.index); });
  for (std::size_t i = 0; i < list.size(); ++i) list[i].rank = static_cast<std::int64_t>(i) + 1;
  return list;
}

std::vector<std::string> theme_ids(View& view) {
  std::vector<std::string> ids;
  view.each<ThemeRow>(Model::directory, view.key(table::theme), [&](KeyParts key, const ThemeRow&) { ids.push_back(key.id()); });
  return ids;
}

json::Value text_or_null(const std::optional<SealedText>& text, View& view, const PersonId& person, const char* member) {
  return text ? view.open(person, member, *text) : json::Value(nullptr);
}

json::Array tenures_of(View& view, const PersonId& person, const std::optional<AreaId>& area) {
  struct Line {
    std::string theme;
    Day from, to;
  };
  std::vector<Line> lines;
  view.each<TenureRow>(Model::theme_roster, view.key(table::tenure_of).id(person.text), [&](KeyParts key, const TenureRow& row) {
    key.id();
    lines.push_back({key.id(), row.from, row.to});
  });
  if (area)
    for (const auto& theme : theme_ids(view))
      view.each<SeatRow>(Model::theme_roster, view.key(table::seat).id(theme).id(area->text), [&](KeyParts, const SeatRow& row) {
        if (row.person == person) lines.push_back({theme, row.from, Day::never()});
      });
  std::ranges::stable_sort(lines, {}, [](const Line& l) { return std::pair(std::string_view(l.theme), l.from); });
  json::Array seats;
  for (const Line& l : lines)
    seats.push_back(json::Object{{"theme", l.theme}, {"from", to_string(l.from)}, {"to", l.to == Day::never() ? json::Value(nullptr) : json::Value(to_string(l.to))}});
  return seats;
}

}  // namespace

Result<json::Object> roster(View& view, const ThemeId& theme) {
  auto row = view.find<ThemeRow>(Model::directory, view.key(table::theme).id(theme.text));
  if (!row) return std::unexpected(nothing_named("theme", theme.text, theme_ids(view)));
  auto document = view.document();
  document.emplace("theme", theme.text);
  document.emplace("title", row->title);
  document.emplace("capacity", nullptr);
  if (auto policy = view.find<PolicyRow>(Model::directory, view.key(table::policy)))
    for (const auto& [key, capacity] : policy->policy.capacity)
      if (key == theme && capacity) document["capacity"] = *capacity;
  struct Line {
    std::string area;
    SeatRow seat;
  };
  std::vector<Line> lines;
  view.each<SeatRow>(Model::theme_roster, view.key(table::seat).id(theme.text), [&](KeyParts key, SeatRow seat) {
    key.id();
    lines.push_back({key.id(), std::move(seat)});
  });
  std::ranges::sort(lines, {}, [](const Line& l) { return std::pair(std::string_view(l.area), std::string_view(l.seat.person.text)); });
  json::Array seats, waitlist, open;
  for (const Line& l : lines) {
    auto person = view.find<PersonRow>(Model::directory, view.key(table::person).id(l.seat.person.text)).value_or(PersonRow{});
    seats.push_back(json::Object{{"area", l.area}, {"person", l.seat.person.text}, {"name", view.name(l.seat.person)},
                                 {"role", person.role.text}, {"since", to_string(l.seat.from)}});
  }
  for (const InLine& w : waiting_list(view, theme))
    waitlist.push_back(json::Object{{"rank", w.rank}, {"area", w.row.area.text}, {"person", w.row.person.text}, {"name", view.name(w.row.person)},
                                    {"since", to_string(w.row.since)}});
  view.each<AreaRow>(Model::directory, view.key(table::area), [&](KeyParts key, const AreaRow&) {
    auto area = key.id();
    if (std::ranges::find(lines, area, &Line::area) == lines.end()) open.emplace_back(area);
  });
  document.emplace("seats", std::move(seats));
  document.emplace("waitlist", std::move(waitlist));
  document.emplace("open_areas", std::move(open));
  return view.outcome ? Result<json::Object>(std::move(document)) : std::unexpected(view.outcome.error());
}

Result<json::Object> areas(View& view, Day today) {
  struct Theme {
    std::string id;
    std::vector<std::string> waiting_areas;
  };
  std::vector<Theme> themes;
  for (const auto& id : theme_ids(view)) {
    themes.push_back({id, {}});
    for (const InLine& w : waiting_list(view, {id})) themes.back().waiting_areas.push_back(w.row.area.text);
  }
  json::Array list;
  std::vector<std::pair<std::string, std::string>> found;
  view.each<AreaRow>(Model::directory, view.key(table::area), [&](KeyParts key, const AreaRow& row) { found.emplace_back(key.id(), row.name); });
  for (const auto& [area, name] : found) {
    json::Object seats, invitations;
    for (const Theme& theme : themes) {
      std::vector<std::string> persons;
      view.each<SeatRow>(Model::theme_roster, view.key(table::seat).id(theme.id).id(area), [&](KeyParts, const SeatRow& row) { persons.push_back(row.person.text); });
      std::ranges::sort(persons);
      if (!persons.empty()) seats.emplace(theme.id, json::Array(persons.begin(), persons.end()));
      auto invitation = view.find<InvitationRow>(Model::theme_roster, view.key(table::invitation).id(area).id(theme.id));
      if (!invitation) continue;
      bool there = !persons.empty() || std::ranges::find(theme.waiting_areas, area) != theme.waiting_areas.end();
      std::string_view status = invitation->declined ? "declined" : there ? "answered" : "open";
      invitations.emplace(theme.id, json::Object{{"respond_by", to_string(invitation->respond_by)}, {"status", status},
                                                 {"overdue", status == "open" && invitation->respond_by < today}});
    }
    list.push_back(json::Object{{"area", area}, {"name", name}, {"seats", std::move(seats)}, {"invitations", std::move(invitations)}});
  }
  auto document = view.document();
  document.emplace("areas", std::move(list));
  return view.outcome ? Result<json::Object>(std::move(document)) : std::unexpected(view.outcome.error());
}

Result<json::Object> person(View& view, const PersonId& id) {
  auto row = view.find<PersonRow>(Model::directory, view.key(table::person).id(id.text));
  if (!row) {
    std::vector<std::string> ids;
    view.each<PersonRow>(Model::directory, view.key(table::person), [&](KeyParts key, const PersonRow&) { ids.push_back(key.id()); });
    return std::unexpected(nothing_named("person", id.text, std::move(ids)));
  }
  auto document = view.document();
  document.emplace("person", id.text);
  document.emplace("area", row->area ? json::Value(row->area->text) : json::Value(nullptr));
  document.emplace("role", row->role.text);
  document.emplace("name", view.open(id, "name", row->name));
  document.emplace("email", text_or_null(row->email, view, id, "email"));
  document.emplace("organisation", text_or_null(row->organisation, view, id, "organisation"));
  document.emplace("phone", text_or_null(row->phone, view, id, "phone"));
  document.emplace("forgotten", row->forgotten || view.is_only_erased(id));
  document.emplace("seats", tenures_of(view, id, row->area));
  json::Array waiting, substitutions, attendance;
  for (const auto& theme : theme_ids(view))
    for (const InLine& w : waiting_list(view, {theme}))
      if (w.row.person == id) waiting.push_back(json::Object{{"theme", theme}, {"rank", w.rank}, {"since", to_string(w.row.since)}});
  LoadedFacts loaded(view);
  loaded.load_seats();
  loaded.load_schedule();
  const rules::Facts& facts = loaded.facts;
  auto no = loaded.person(id);
  auto order = rules::in_order(facts);
  std::ranges::sort(order, {}, [&](const rules::Place& p) { return std::pair(std::string_view(facts.theme_ids[p.theme].text), p.number); });
  for (auto [theme, number] : order) {
    const rules::Session& session = *facts[theme].find_session(number);
    const auto& name = facts.theme_ids[theme].text;
    std::vector<std::string> stands_in_for;
    for (const rules::Substitution& s : session.substitutions)
      if (session.active() && s.by == no && rules::covers(facts, theme, s.person, session.date)) stands_in_for.push_back(loaded.id(s.person).text);
    std::ranges::sort(stands_in_for);
    for (const auto& other : stands_in_for) substitutions.push_back(json::Object{{"theme", name}, {"session", number}, {"for", other}});
    for (const rules::Attended& a : session.attendance)
      if (a.person == no) attendance.push_back(json::Object{{"theme", name}, {"session", number}, {"status", name_of(a.status)}});
  }
  document.emplace("waiting", std::move(waiting));
  document.emplace("substitutions", std::move(substitutions));
  document.emplace("attendance", std::move(attendance));
  return view.outcome ? Result<json::Object>(std::move(document)) : std::unexpected(view.outcome.error());
}

}  // namespace kring::projections
