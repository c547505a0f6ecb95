// When and where: sessions, venues, agendas, releases. See docs/commands.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::command {

struct ScheduleSession {
  static constexpr std::string_view type = "schedule_session";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  Day date;
  Part part{};
  std::optional<AreaId> host;
  bool operator==(const ScheduleSession&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("date", self.date);
    visit("part", self.part);
    visit("host", self.host);
  }
};

struct MoveSession {
  static constexpr std::string_view type = "move_session";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  Day date;
  Part part{};
  std::optional<bool> release_venue;
  bool operator==(const MoveSession&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("date", self.date);
    visit("part", self.part);
    visit("release_venue", self.release_venue);
  }
};

struct CancelSession {
  static constexpr std::string_view type = "cancel_session";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  bool operator==(const CancelSession&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
  }
};

struct AssignVenue {
  static constexpr std::string_view type = "assign_venue";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  VenueId venue;
  bool operator==(const AssignVenue&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("venue", self.venue);
  }
};

struct ReleaseVenue {
  static constexpr std::string_view type = "release_venue";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  bool operator==(const ReleaseVenue&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
  }
};

struct SetAgenda {
  static constexpr std::string_view type = "set_agenda";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  std::vector<AgendaItem> items;
  bool operator==(const SetAgenda&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("items", self.items);
  }
};

struct ReleaseSchedule {
  static constexpr std::string_view type = "release_schedule";
  static constexpr std::uint16_t version = 1;

  std::optional<std::string> note;
  bool operator==(const ReleaseSchedule&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("note", self.note, Limit{max_reason});
  }
};

}  // namespace kring::command
