// Forgetting people. See docs/commands.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::command {

struct ForgetPerson {
  static constexpr std::string_view type = "forget_person";
  static constexpr std::uint16_t version = 1;

  PersonId person;
  bool operator==(const ForgetPerson&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("person", self.person);
  }
};

// Forgets everybody once the retention period has passed.
struct ApplyRetention {
  static constexpr std::string_view type = "apply_retention";
  static constexpr std::uint16_t version = 1;

  bool operator==(const ApplyRetention&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
  }
};

}  // namespace kring::command
