// Who was forgotten. See docs/events.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::event {

// From here on the personal data of `person` count as destroyed, whatever keys are still about.
struct PersonForgotten {
  static constexpr std::string_view type = "PersonForgotten";
  static constexpr std::uint16_t version = 1;

  PersonId person;
  bool operator==(const PersonForgotten&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("person", self.person);
  }
};

}  // namespace kring::event
