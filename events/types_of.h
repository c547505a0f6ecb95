// The names that a variant holds, for those who have to list or to find them.
#pragma once

#include <array>
#include <string_view>
#include <variant>

namespace kring {

// The names of all commands, or of all events: TypesOf<Event>::all, in the order of the variant.
template <class Variant>
struct TypesOf;
template <class... T>
struct TypesOf<std::variant<T...>> {
  static constexpr std::array<std::string_view, sizeof...(T)> all{T::type...};
};

}  // namespace kring
