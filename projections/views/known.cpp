// What there is, for those who name something that there is not.
#include <algorithm>

#include "events/types_of.h"
#include "projections/views/views.h"

namespace kring::projections {

std::vector<std::string> known_ids(View& view, std::string_view kind) {
  std::vector<std::string> ids;
  auto add = [&]<class Row>(char table, const Row*) {
    view.each<Row>(Model::directory, view.key(table), [&](KeyParts key, const Row&) { ids.push_back(key.id()); });
  };
  if (kind == "theme") add(table::theme, static_cast<const ThemeRow*>(nullptr));
  if (kind == "area") add(table::area, static_cast<const AreaRow*>(nullptr));
  if (kind == "venue") add(table::venue, static_cast<const VenueRow*>(nullptr));
  if (kind == "person") add(table::person, static_cast<const PersonRow*>(nullptr));
  return ids;
}

Result<std::vector<Error>> unknown_in(View& view, const HistoryFilter& filter) {
  std::vector<Error> unknown;
  auto look_for = [&](std::string_view kind, const std::string& id, std::vector<std::string> known) {
    if (std::ranges::find(known, id) == known.end()) unknown.push_back(nothing_named(kind, id, std::move(known)));
  };
  if (filter.theme) look_for("theme", filter.theme->text, known_ids(view, "theme"));
  if (filter.area) look_for("area", filter.area->text, known_ids(view, "area"));
  if (filter.person) look_for("person", filter.person->text, known_ids(view, "person"));
  if (filter.venue) look_for("venue", filter.venue->text, known_ids(view, "venue"));
  if (!filter.type.empty()) {
    std::vector<std::string> types(TypesOf<Event>::all.begin(), TypesOf<Event>::all.end());
    types.emplace_back("Rejected");
    look_for("type of event", filter.type, std::move(types));
  }
  if (!view.outcome) return std::unexpected(view.outcome.error());
  return unknown;
}

}  // namespace kring::projections
