// The programme itself and what belongs to it: themes, areas, venues, unavailability, policy. See docs/commands.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::command {

// Its id is the common member `programme`, which is required here.
struct DefineProgramme {
  static constexpr std::string_view type = "define_programme";
  static constexpr std::uint16_t version = 1;

  std::string title;
  Day from;
  Day to;
  std::optional<std::string> time_zone;
  bool operator==(const DefineProgramme&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("title", self.title);
    visit("from", self.from);
    visit("to", self.to);
    visit("time_zone", self.time_zone);
  }
};

struct ChangeProgramme {
  static constexpr std::string_view type = "change_programme";
  static constexpr std::uint16_t version = 1;

  std::optional<std::string> title;
  std::optional<Day> from;
  std::optional<Day> to;
  bool operator==(const ChangeProgramme&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("title", self.title);
    visit("from", self.from);
    visit("to", self.to);
  }
};

struct SetPolicy {
  static constexpr std::string_view type = "set_policy";
  static constexpr std::uint16_t version = 1;

  PolicyChange change;
  bool operator==(const SetPolicy&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    PolicyChange::members(self.change, visit);
  }
};

struct AddTheme {
  static constexpr std::string_view type = "add_theme";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::string title;
  std::optional<std::int32_t> sessions;
  std::optional<std::int32_t> capacity;
  bool operator==(const AddTheme&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("title", self.title);
    visit("sessions", self.sessions, Range{1, 1000});
    visit("capacity", self.capacity, Range{0, 1'000'000});
  }
};

struct ChangeTheme {
  static constexpr std::string_view type = "change_theme";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  std::optional<std::string> title;
  std::optional<std::int32_t> sessions;
  bool operator==(const ChangeTheme&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("title", self.title);
    visit("sessions", self.sessions, Range{1, 1000});
  }
};

struct RegisterArea {
  static constexpr std::string_view type = "register_area";
  static constexpr std::uint16_t version = 1;

  AreaId area;
  std::string name;
  std::string municipality;
  std::optional<double> lat;
  std::optional<double> lon;
  bool operator==(const RegisterArea&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("area", self.area);
    visit("name", self.name);
    visit("municipality", self.municipality);
    visit("lat", self.lat, Range{-90, 90});
    visit("lon", self.lon, Range{-180, 180});
  }
};

struct ChangeArea {
  static constexpr std::string_view type = "change_area";
  static constexpr std::uint16_t version = 1;

  AreaId area;
  std::optional<std::string> name;
  std::optional<std::string> municipality;
  std::optional<double> lat;
  std::optional<double> lon;
  bool operator==(const ChangeArea&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("area", self.area);
    visit("name", self.name);
    visit("municipality", self.municipality);
    visit("lat", self.lat, Range{-90, 90});
    visit("lon", self.lon, Range{-180, 180});
  }
};

struct RegisterVenue {
  static constexpr std::string_view type = "register_venue";
  static constexpr std::uint16_t version = 1;

  VenueId venue;
  std::string name;
  std::int32_t capacity = 0;
  std::optional<AreaId> area;
  std::optional<double> lat;
  std::optional<double> lon;
  std::optional<bool> accessible;
  bool operator==(const RegisterVenue&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("venue", self.venue);
    visit("name", self.name);
    visit("capacity", self.capacity, Range{0, 1'000'000});
    visit("area", self.area);
    visit("lat", self.lat, Range{-90, 90});
    visit("lon", self.lon, Range{-180, 180});
    visit("accessible", self.accessible);
  }
};

struct ChangeVenue {
  static constexpr std::string_view type = "change_venue";
  static constexpr std::uint16_t version = 1;

  VenueId venue;
  std::optional<std::string> name;
  std::optional<std::int32_t> capacity;
  std::optional<AreaId> area;
  std::optional<double> lat;
  std::optional<double> lon;
  std::optional<bool> accessible;
  bool operator==(const ChangeVenue&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("venue", self.venue);
    visit("name", self.name);
    visit("capacity", self.capacity, Range{0, 1'000'000});
    visit("area", self.area);
    visit("lat", self.lat, Range{-90, 90});
    visit("lon", self.lon, Range{-180, 180});
    visit("accessible", self.accessible);
  }
};

// Of a venue or of a person: exactly one of the two is named.
struct DeclareUnavailable {
  static constexpr std::string_view type = "declare_unavailable";
  static constexpr std::uint16_t version = 1;

  std::optional<VenueId> venue;
  std::optional<PersonId> person;
  Day from;
  Day to;
  bool operator==(const DeclareUnavailable&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("venue", self.venue);
    visit("person", self.person);
    visit("from", self.from);
    visit("to", self.to);
  }
};

// One declaration of exactly that period.
struct LiftUnavailability {
  static constexpr std::string_view type = "lift_unavailability";
  static constexpr std::uint16_t version = 1;

  std::optional<VenueId> venue;
  std::optional<PersonId> person;
  Day from;
  Day to;
  bool operator==(const LiftUnavailability&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("venue", self.venue);
    visit("person", self.person);
    visit("from", self.from);
    visit("to", self.to);
  }
};

}  // namespace kring::command
