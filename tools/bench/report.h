// What was measured, as rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "events/json/json.h"

namespace kring::bench {

// What the figure, or its ratio to the raw limit, should come to.
struct Target {
  enum class Of : std::uint8_t { measured, ratio } of = Of::measured;
  bool at_least = true;  // else at most
  double bound = 0;
};

inline Target ratio_at_least(double bound) { return {Target::Of::ratio, true, bound}; }
inline Target ratio_at_most(double bound) { return {Target::Of::ratio, false, bound}; }
inline Target at_least(double bound) { return {Target::Of::measured, true, bound}; }
inline Target at_most(double bound) { return {Target::Of::measured, false, bound}; }

struct Row {
  std::string suite;
  std::string what;
  double measured = 0;
  std::string unit;            // "commands/s", "ms", "bytes/event", ...
  std::optional<double> raw;   // the raw limit, in the same unit
  std::string limit;           // what the raw limit is
  std::optional<Target> target;

  std::optional<double> ratio() const { return raw && *raw > 0 ? std::optional(measured / *raw) : std::nullopt; }
  std::optional<bool> reached() const;  // none where there is no target
};

struct Report {
  double scale = 1;
  std::uint64_t seed = 1;
  json::Object mix;  // shares of the made-up history: commands by type, rejections
  std::vector<Row> rows;
};

// {"scale", "seed", "mix", "rows": [{"suite","what","measured","unit","raw","limit","ratio","target","reached"}]}
json::Object to_json(const Report& report);

}  // namespace kring::bench
