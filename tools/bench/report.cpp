#include "tools/bench/report.h"

#include <cmath>

#include "events/base/text.h"

namespace kring::bench {
namespace {

// Three significant digits are what a noisy machine can tell.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  double step = std::pow(10, std::floor(std::log10(std::abs(value))) - 2);
  double out = std::round(value / step) * step;
  return step >= 1 ? std::round(out) : std::round(out * 1e9) / 1e9;
}

json::Value number_or_null(const std::optional<double>& value) {
  if (!value) return nullptr;
  double number = rounded(*value);
  return number >= 1000 ? json::Value(static_cast<std::int64_t>(number)) : json::Value(number);
}

json::Value target_text(const Row& row) {
  if (!row.target) return nullptr;
  bool ratio = row.target->of == Target::Of::ratio;
  std::string bound = json::to_text(json::Value(row.target->bound));
  return json::Value(concat(row.target->at_least ? ">= " : "<= ", bound, ratio ? " of raw" : concat(" ", row.unit)));
}

}  // namespace

std::optional<bool> Row::reached() const {
  if (!target) return std::nullopt;
  auto value = target->of == Target::Of::ratio ? ratio() : std::optional(measured);
  if (!value) return std::nullopt;
  return target->at_least ? *value >= target->bound : *value <= target->bound;
}

json::Object to_json(const Report& report) {
  json::Array rows;
  for (const Row& row : report.rows) {
    auto reached = row.reached();
    rows.push_back(json::Object{{"suite", row.suite},
                                {"what", row.what},
                                {"measured", number_or_null(row.measured)},
                                {"unit", row.unit},
                                {"raw", number_or_null(row.raw)},
                                {"limit", row.limit.empty() ? json::Value(nullptr) : json::Value(row.limit)},
                                {"ratio", number_or_null(row.ratio())},
                                {"target", target_text(row)},
                                {"reached", reached ? json::Value(*reached) : json::Value(nullptr)}});
  }
  return {{"scale", report.scale}, {"seed", report.seed}, {"mix", report.mix}, {"rows", std::move(rows)}};
}

}  // namespace kring::bench
