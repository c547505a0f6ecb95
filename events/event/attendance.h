// Who stood in for whom, and who came. See docs/events.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::event {

// A second substitution for the same person and session replaces the first.
struct SessionSubstituted {
  static constexpr std::string_view type = "SessionSubstituted";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  PersonId person;
  PersonId by;
  bool operator==(const SessionSubstituted&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("person", self.person);
    visit("by", self.by);
  }
};

struct SubstitutionEnded {
  static constexpr std::string_view type = "SubstitutionEnded";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  PersonId person;
  PersonId by;
  bool operator==(const SubstitutionEnded&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("person", self.person);
    visit("by", self.by);
  }
};

struct AttendanceRecorded {
  static constexpr std::string_view type = "AttendanceRecorded";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  PersonId person;
  Attendance status{};
  bool operator==(const AttendanceRecorded&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("person", self.person);
    visit("status", self.status);
  }
};

struct AttendanceCorrected {
  static constexpr std::string_view type = "AttendanceCorrected";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  PersonId person;
  Attendance status{};
  Attendance was{};
  bool operator==(const AttendanceCorrected&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("person", self.person);
    visit("status", self.status);
    visit("was", self.was);
  }
};

struct AttendanceRetracted {
  static constexpr std::string_view type = "AttendanceRetracted";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  PersonId person;
  Attendance was{};
  bool operator==(const AttendanceRetracted&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("person", self.person);
    visit("was", self.was);
  }
};

}  // namespace kring::event
