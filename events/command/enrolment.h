// Who takes part: people, invitations, seats, waiting lists. See docs/commands.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/vocabulary.h"

namespace kring::command {

// `person` is generated where it is absent.
struct RegisterPerson {
  static constexpr std::string_view type = "register_person";
  static constexpr std::uint16_t version = 1;

  PersonId person;
  std::optional<AreaId> area;
  Role role;
  Personal name;
  std::optional<Personal> email;
  std::optional<Personal> organisation;
  std::optional<Personal> phone;
  bool operator==(const RegisterPerson&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("person", self.person, Generated{});
    visit("area", self.area);
    visit("role", self.role);
    visit("name", self.name);
    visit("email", self.email);
    visit("organisation", self.organisation);
    visit("phone", self.phone);
  }
};

struct ChangePerson {
  static constexpr std::string_view type = "change_person";
  static constexpr std::uint16_t version = 1;

  PersonId person;
  std::optional<Role> role;
  std::optional<Personal> name;
  std::optional<Personal> email;
  std::optional<Personal> organisation;
  std::optional<Personal> phone;
  bool operator==(const ChangePerson&) const = default;

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

struct InviteArea {
  static constexpr std::string_view type = "invite_area";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  Day respond_by;
  bool operator==(const InviteArea&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
    visit("respond_by", self.respond_by);
  }
};

struct DeclineInvitation {
  static constexpr std::string_view type = "decline_invitation";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  bool operator==(const DeclineInvitation&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
  }
};

struct Enrol {
  static constexpr std::string_view type = "enrol";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  AreaId area;
  PersonId person;
  bool operator==(const Enrol&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("area", self.area);
    visit("person", self.person);
  }
};

struct Withdraw {
  static constexpr std::string_view type = "withdraw";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  PersonId person;
  bool operator==(const Withdraw&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("person", self.person);
  }
};

// Hands the seat of `from` over to `to`.
struct TransferSeat {
  static constexpr std::string_view type = "transfer_seat";
  static constexpr std::uint16_t version = 1;

  ThemeId theme;
  PersonId from;
  PersonId to;
  bool operator==(const TransferSeat&) const = default;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("theme", self.theme);
    visit("from", self.from);
    visit("to", self.to);
  }
};

}  // namespace kring::command
