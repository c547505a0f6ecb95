// What happened to sessions, venues, agendas and the published schedule. See docs/events.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::event {

struct SessionScheduled {
  static constexpr std::string_view type = "SessionScheduled";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  Day date;
  Part part{};
  std::optional<AreaId> host;
  bool operator==(const SessionScheduled&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("date", self.date);
    visit("part", self.part);
    visit("host", self.host);
  }
};

// Version 2 tells where the session was before; a record of version 1 does not know (events/codec/upcast.cpp).
struct SessionMoved {
  static constexpr std::string_view type = "SessionMoved";
  static constexpr std::uint16_t version = 2;

  ThemeId theme;
  std::int32_t session = 0;
  Day date;
  Part part{};
  std::optional<Day> was_date;
  std::optional<Part> was_part;
  bool operator==(const SessionMoved&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("date", self.date);
    visit("part", self.part);
    visit("was_date", self.was_date);
    visit("was_part", self.was_part);
  }
};

struct SessionCancelled {
  static constexpr std::string_view type = "SessionCancelled";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  bool operator==(const SessionCancelled&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
  }
};

struct VenueAssigned {
  static constexpr std::string_view type = "VenueAssigned";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  VenueId venue;
  std::optional<VenueId> replaced;
  bool operator==(const VenueAssigned&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("venue", self.venue);
    visit("replaced", self.replaced);
  }
};

struct VenueReleased {
  static constexpr std::string_view type = "VenueReleased";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  VenueId venue;
  bool operator==(const VenueReleased&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("venue", self.venue);
  }
};

struct AgendaSet {
  static constexpr std::string_view type = "AgendaSet";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::int32_t session = 0;
  std::vector<AgendaItem> items;
  bool operator==(const AgendaSet&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("items", self.items);
  }
};

// A session as a release publishes it.
struct ReleasedSession {
  ThemeId theme;
  std::int32_t session = 0;
  Day date;
  Part part{};
  std::optional<VenueId> venue;
  bool operator==(const ReleasedSession&) const = default;

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("date", self.date);
    visit("part", self.part);
    visit("venue", self.venue);
  }
};

// `added` (JSON: "new"), `changed`, `cancelled`: against the release before; `sessions`: all that this one contains.
struct ScheduleReleased {
  static constexpr std::string_view type = "ScheduleReleased";
  static constexpr std::uint16_t version = 1;

  std::int32_t release = 0;
  std::vector<SessionRef> added;
  std::vector<SessionRef> changed;
  std::vector<SessionRef> cancelled;
  std::vector<ReleasedSession> sessions;
  bool operator==(const ScheduleReleased&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("version", self.release);
    visit("new", self.added);
    visit("changed", self.changed);
    visit("cancelled", self.cancelled);
    visit("sessions", self.sessions);
  }
};

}  // namespace kring::event
