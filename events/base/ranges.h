// What GCC 12's <algorithm> does not have yet.
#pragma once

#include <algorithm>
#include <functional>
#include <ranges>

namespace kring {

template <std::ranges::input_range Range, class Value, class Projection = std::identity>
constexpr bool contains(Range&& range, const Value& value, Projection projection = {}) {
  return std::ranges::find(range, value, projection) != std::ranges::end(range);
}

}  // namespace kring
