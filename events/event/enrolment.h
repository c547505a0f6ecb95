// What happened to people, invitations, seats and waiting lists. See docs/events.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::event {

struct PersonRegistered {
  static constexpr std::string_view type = "PersonRegistered";
  static constexpr std::uint16_t version = 1;

  PersonId person;
  std::optional<AreaId> area;
  Role role;
  Personal name;
  std::optional<Personal> email;
  std::optional<Personal> organisation;
  std::optional<Personal> phone;
  bool operator==(const PersonRegistered&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("person", self.person);
    visit("area", self.area);
    visit("role", self.role);
    visit("name", self.name);
    visit("email", self.email);
    visit("organisation", self.organisation);
    visit("phone", self.phone);
  }
};

struct PersonChanged {
  static constexpr std::string_view type = "PersonChanged";
  static constexpr std::uint16_t version = 1;

  PersonId person;
  std::optional<Role> role;
  std::optional<Personal> name;
  std::optional<Personal> email;
  std::optional<Personal> organisation;
  std::optional<Personal> phone;
  bool operator==(const PersonChanged&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("person", self.person);
    visit("role", self.role);
    visit("name", self.name);
    visit("email", self.email);
    visit("organisation", self.organisation);
    visit("phone", self.phone);
  }
};

struct AreaInvited {
  static constexpr std::string_view type = "AreaInvited";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  Day respond_by;
  bool operator==(const AreaInvited&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
    visit("respond_by", self.respond_by);
  }
};

struct InvitationDeclined {
  static constexpr std::string_view type = "InvitationDeclined";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  bool operator==(const InvitationDeclined&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
  }
};

// `from`: the day on which the tenure starts.
struct Enrolled {
  static constexpr std::string_view type = "Enrolled";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  PersonId person;
  Day from;
  bool operator==(const Enrolled&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
    visit("person", self.person);
    visit("from", self.from);
  }
};

// `rank` counts from 1; `since`: the day from which the person waits.
struct Waitlisted {
  static constexpr std::string_view type = "Waitlisted";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  PersonId person;
  std::int32_t rank = 0;
  Day since;
  bool operator==(const Waitlisted&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
    visit("person", self.person);
    visit("rank", self.rank);
    visit("since", self.since);
  }
};

// Why somebody ahead in the list did not get the place: "seat_taken" or "not_eligible".
struct PassedOver {
  PersonId person;
  std::string reason;
  bool operator==(const PassedOver&) const = default;

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("person", self.person);
    visit("reason", self.reason);
  }
};

// A place came free and went to the first eligible waiter. `rank`: in the list, before; `from`: the start of the tenure.
struct PlaceGranted {
  static constexpr std::string_view type = "PlaceGranted";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  PersonId person;
  std::int32_t rank = 0;
  Day since;
  Day from;
  std::vector<PassedOver> passed_over;
  bool operator==(const PlaceGranted&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
    visit("person", self.person);
    visit("rank", self.rank);
    visit("since", self.since);
    visit("from", self.from);
    visit("passed_over", self.passed_over);
  }
};

// The tenure that began on `from` ends; `to` is the first day that it does not cover.
struct EnrolmentWithdrawn {
  static constexpr std::string_view type = "EnrolmentWithdrawn";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  PersonId person;
  Day from;
  Day to;
  bool operator==(const EnrolmentWithdrawn&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
    visit("person", self.person);
    visit("from", self.from);
    visit("to", self.to);
  }
};

struct WaitlistLeft {
  static constexpr std::string_view type = "WaitlistLeft";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  PersonId person;
  std::int32_t rank = 0;
  Day since;
  Day to;
  bool operator==(const WaitlistLeft&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
    visit("person", self.person);
    visit("rank", self.rank);
    visit("since", self.since);
    visit("to", self.to);
  }
};

// `since`: the start of the tenure of `from`; `date`: its end, and the start of that of `to`.
struct SeatTransferred {
  static constexpr std::string_view type = "SeatTransferred";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  PersonId from;
  PersonId to;
  Day since;
  Day date;
  bool operator==(const SeatTransferred&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
    visit("from", self.from);
    visit("to", self.to);
    visit("since", self.since);
    visit("date", self.date);
  }
};

}  // namespace kring::event
