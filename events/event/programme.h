// What happened to the programme and what belongs to it. See docs/events.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::event {

struct ProgrammeDefined {
  static constexpr std::string_view type = "ProgrammeDefined";
  static constexpr std::uint16_t version = 1;

  std::string title;
  Day from;
  Day to;
  std::string time_zone;
  bool operator==(const ProgrammeDefined&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("title", self.title);
    visit("from", self.from);
    visit("to", self.to);
    visit("time_zone", self.time_zone);
  }
};

struct ProgrammeChanged {
  static constexpr std::string_view type = "ProgrammeChanged";
  static constexpr std::uint16_t version = 1;

  std::optional<std::string> title;
  std::optional<Day> from;
  std::optional<Day> to;
  bool operator==(const ProgrammeChanged&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("title", self.title);
    visit("from", self.from);
    visit("to", self.to);
  }
};

struct PolicySet {
  static constexpr std::string_view type = "PolicySet";
  static constexpr std::uint16_t version = 1;

  PolicyChange change;
  bool operator==(const PolicySet&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    PolicyChange::members(self.change, visit);
  }
};

struct ThemeAdded {
  static constexpr std::string_view type = "ThemeAdded";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::string title;
  std::int32_t sessions = 0;
  std::optional<std::int32_t> capacity;
  bool operator==(const ThemeAdded&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("title", self.title);
    visit("sessions", self.sessions);
    visit("capacity", self.capacity);
  }
};

struct ThemeChanged {
  static constexpr std::string_view type = "ThemeChanged";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::optional<std::string> title;
  std::optional<std::int32_t> sessions;
  bool operator==(const ThemeChanged&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("title", self.title);
    visit("sessions", self.sessions);
  }
};

struct AreaRegistered {
  static constexpr std::string_view type = "AreaRegistered";
  static constexpr std::uint16_t version = 1;

  AreaId area;
  std::string name;
  std::string municipality;
  std::optional<double> lat;
  std::optional<double> lon;
  bool operator==(const AreaRegistered&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("area", self.area);
    visit("name", self.name);
    visit("municipality", self.municipality);
    visit("lat", self.lat);
    visit("lon", self.lon);
  }
};

struct AreaChanged {
  static constexpr std::string_view type = "AreaChanged";
  static constexpr std::uint16_t version = 1;

  AreaId area;
  std::optional<std::string> name;
  std::optional<std::string> municipality;
  std::optional<double> lat;
  std::optional<double> lon;
  bool operator==(const AreaChanged&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("area", self.area);
    visit("name", self.name);
    visit("municipality", self.municipality);
    visit("lat", self.lat);
    visit("lon", self.lon);
  }
};

struct VenueRegistered {
  static constexpr std::string_view type = "VenueRegistered";
  static constexpr std::uint16_t version = 1;

  VenueId venue;
  std::string name;
  std::int32_t capacity = 0;
  std::optional<AreaId> area;
  std::optional<double> lat;
  std::optional<double> lon;
  std::optional<bool> accessible;
  bool operator==(const VenueRegistered&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("venue", self.venue);
    visit("name", self.name);
    visit("capacity", self.capacity);
    visit("area", self.area);
    visit("lat", self.lat);
    visit("lon", self.lon);
    visit("accessible", self.accessible);
  }
};

struct VenueChanged {
  static constexpr std::string_view type = "VenueChanged";
  static constexpr std::uint16_t version = 1;

  VenueId venue;
  std::optional<std::string> name;
  std::optional<std::int32_t> capacity;
  std::optional<AreaId> area;
  std::optional<double> lat;
  std::optional<double> lon;
  std::optional<bool> accessible;
  bool operator==(const VenueChanged&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("venue", self.venue);
    visit("name", self.name);
    visit("capacity", self.capacity);
    visit("area", self.area);
    visit("lat", self.lat);
    visit("lon", self.lon);
    visit("accessible", self.accessible);
  }
};

struct UnavailabilityDeclared {
  static constexpr std::string_view type = "UnavailabilityDeclared";
  static constexpr std::uint16_t version = 1;

  std::optional<VenueId> venue;
  std::optional<PersonId> person;
  Day from;
  Day to;
  bool operator==(const UnavailabilityDeclared&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("venue", self.venue);
    visit("person", self.person);
    visit("from", self.from);
    visit("to", self.to);
  }
};

struct UnavailabilityLifted {
  static constexpr std::string_view type = "UnavailabilityLifted";
  static constexpr std::uint16_t version = 1;

  std::optional<VenueId> venue;
  std::optional<PersonId> person;
  Day from;
  Day to;
  bool operator==(const UnavailabilityLifted&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("venue", self.venue);
    visit("person", self.person);
    visit("from", self.from);
    visit("to", self.to);
  }
};

}  // namespace kring::event
