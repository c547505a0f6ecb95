// What a command or an event names: what the history can be asked by. The index (fold_history.cpp) and the filter
// (views/history.cpp) both take it from here, so that what matches is what was indexed.
#pragma once

#include <optional>
#include <vector>

#include "events/vocabulary.h"

namespace kring::projections {

struct Named {
  std::optional<ThemeId> theme;  // of its own, not of a list inside it
  std::optional<std::int32_t> session;
  std::vector<PersonId> persons;  // in whatever part: who comes, leaves, stands in, speaks, is passed over
  std::vector<AreaId> areas;
  std::vector<VenueId> venues;

  template <Described T>
  explicit Named(const T& described) {
    T::members(described, [&](const char* name, const auto& member, auto...) {
      using M = std::decay_t<decltype(member)>;
      if constexpr (std::is_same_v<M, ThemeId>) theme = member;
      else if constexpr (std::is_same_v<M, std::int32_t>) {
        if (std::string_view(name) == "session") session = member;
      } else look(member);
    });
  }

 private:
  template <class M>
  void look(const M& member) {
    if constexpr (std::is_same_v<M, PersonId>) persons.push_back(member);
    else if constexpr (std::is_same_v<M, AreaId>) areas.push_back(member);
    else if constexpr (std::is_same_v<M, VenueId>) venues.push_back(member);
    else if constexpr (is_optional<M>::value) {
      if (member) look(*member);
    } else if constexpr (is_vector<M>::value) {
      for (const auto& item : member) look(item);
    } else if constexpr (Described<M>) {
      M::members(member, [&](const char*, const auto& inner, auto...) { look(inner); });
    }
  }
};

}  // namespace kring::projections
