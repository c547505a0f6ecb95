// The reads, as the JSON documents that docs/command-line.md describes. Each begins with programme and position.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "projections/views/view.h"

namespace kring::projections {

// What is unknown at that moment is an error of kind not_found that tells what there is instead.
Result<json::Object> roster(View& view, const ThemeId& theme);
Result<json::Object> venues(View& view);
Result<json::Object> sessions(View& view);
Result<json::Object> released_sessions(View& view, std::int32_t release);  // 0: the last one
Result<json::Object> session_sheet(View& view, const ThemeId& theme, std::int32_t number);
Result<json::Object> conflicts(View& view);
Result<json::Object> areas(View& view, Day today);  // `today` decides what is overdue
Result<json::Object> person(View& view, const PersonId& person);
Result<json::Object> programme(View& view);

// How many programmes there are, and over all of them how many themes, areas, venues, persons and refusals.
Result<json::Object> counts(Database& database);

struct HistoryFilter {
  std::optional<ThemeId> theme;
  std::optional<std::int32_t> session;
  std::optional<PersonId> person;
  std::optional<AreaId> area;
  std::optional<VenueId> venue;
  std::string actor, type;      // empty: any
  Position since = 1, until = UINT64_MAX;  // inclusive
};

// What the filter names and the programme does not have, each with what there is instead: an empty history of a mistyped
// theme is not one of a theme in which nothing happened.
Result<std::vector<Error>> unknown_in(View& view, const HistoryFilter& filter);

// The ids of a kind ("theme", "area", "venue", "person", "actor"), sorted; none of another kind.
std::vector<std::string> known_ids(View& view, std::string_view kind);

// One line for each event or rejection, in order, until `visit` returns false. `report`, where there is one, is told of each record
// that was looked at.
Result<void> history(View& view, const HistoryFilter& filter, const std::function<bool(const json::Object&)>& visit,
                     const std::function<void(Position)>& report = {});

}  // namespace kring::projections
