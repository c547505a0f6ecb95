// Who comes, and who came. See docs/commands.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::command {

// `by` stands in for `person` at one session; `by` equal to `person` ends that.
struct Substitute {
  static constexpr std::string_view type = "substitute";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  PersonId person;
  PersonId by;
  bool operator==(const Substitute&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("person", self.person);
    visit("by", self.by);
  }
};

struct RecordAttendance {
  static constexpr std::string_view type = "record_attendance";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  PersonId person;
  Attendance status{};
  bool operator==(const RecordAttendance&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("person", self.person);
    visit("status", self.status);
  }
};

}  // namespace kring::command
