// What there is, for those who name something that there is not.
#include <algorithm>

#include "events/base/text.h"
#include "events/types_of.h"
#include "projections/views/views.h"

namespace kring::projections {
namespace {

// Those who decided something by then. One leap for each, however many records there are of them.
std::vector<std::string> actors(View& view) {
  std::vector<std::string> found;
  const Bytes prefix = view.key(table::actor_index);
  auto cursor = view.database().cursor(Model::history, prefix);
  for (Bytes next = prefix;;) {
    auto there = cursor->seek(next);
    if (!there) view.outcome = std::unexpected(std::move(there.error()));
    if (!there || !*there) return found;
    std::string actor = KeyParts(cursor->key()).id();
    next = view.key(table::actor_index).id(actor).number(UINT64_MAX);
    if (last_number(cursor->key()) <= view.as_of()) found.push_back(std::move(actor));
  }
}

Error no_session(std::string_view where, std::int32_t sessions, std::int32_t number) {
  return {ErrorKind::not_found, "unknown_session", "session", concat(where, " has sessions 1 to ", sessions, ", no ", number)};
}

// A session of the theme, or, where none is named, of any.
std::optional<Error> unknown_session(View& view, const HistoryFilter& filter) {
  if (filter.theme) {
    const auto theme = view.find<ThemeRow>(Model::directory, view.key(table::theme).id(filter.theme->text));
    if (!theme || (*filter.session >= 1 && *filter.session <= theme->sessions)) return std::nullopt;  // an unknown theme is told by itself
    return no_session(concat("'", filter.theme->text, "'"), theme->sessions, *filter.session);
  }
  std::int32_t most = 0;
  view.each<ThemeRow>(Model::directory, view.key(table::theme), [&](KeyParts, const ThemeRow& row) { most = std::max(most, row.sessions); });
  if (*filter.session >= 1 && *filter.session <= most) return std::nullopt;
  return no_session("the theme with the most of them", most, *filter.session);
}

}  // namespace

std::vector<std::string> known_ids(View& view, std::string_view kind) {
  std::vector<std::string> ids;
  auto add = [&]<class Row>(char table, const Row*) {
    view.each<Row>(Model::directory, view.key(table), [&](KeyParts key, const Row&) { ids.push_back(key.id()); });
  };
  if (kind == "theme") add(table::theme, static_cast<const ThemeRow*>(nullptr));
  if (kind == "area") add(table::area, static_cast<const AreaRow*>(nullptr));
  if (kind == "venue") add(table::venue, static_cast<const VenueRow*>(nullptr));
  if (kind == "person") add(table::person, static_cast<const PersonRow*>(nullptr));
  if (kind == "actor") return actors(view);
  return ids;
}

Result<std::vector<Error>> unknown_in(View& view, const HistoryFilter& filter) {
  std::vector<Error> unknown;
  auto look_for = [&](std::string_view kind, const std::string& id, std::vector<std::string> known) {
    if (std::ranges::find(known, id) == known.end()) unknown.push_back(nothing_named(kind, id, std::move(known)));
  };
  if (filter.theme) look_for("theme", filter.theme->text, known_ids(view, "theme"));
  if (filter.session)
    if (auto error = unknown_session(view, filter)) unknown.push_back(std::move(*error));
  if (filter.area) look_for("area", filter.area->text, known_ids(view, "area"));
  if (filter.person) look_for("person", filter.person->text, known_ids(view, "person"));
  if (filter.venue) look_for("venue", filter.venue->text, known_ids(view, "venue"));
  if (!filter.actor.empty()) look_for("actor", filter.actor, known_ids(view, "actor"));
  if (!filter.type.empty()) {
    std::vector<std::string> types(TypesOf<Event>::all.begin(), TypesOf<Event>::all.end());
    types.emplace_back("Rejected");
    look_for("type of event", filter.type, std::move(types));
  }
  if (!view.outcome) return std::unexpected(view.outcome.error());
  return unknown;
}

}  // namespace kring::projections
