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

struct HistoryFilter {
  std::optional<ThemeId> theme;
  std::optional<std::int32_t> session;
  std::optional<PersonId> person;
  std::optional<AreaId> area;
  std::optional<VenueId> venue;
  std::string actor, type;      // empty: any
  Position since = 1, until = UINT64_MAX;  // inclusive
};

// One line for each event or rejection, in order, until `visit` returns false.
Result<void> history(View& view, const HistoryFilter& filter, const std::function<bool(const json::Object&)>& visit);

}  // namespace kring::projections
