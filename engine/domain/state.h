// The state of one programme: all that deciding the next command needs, and no more. Built by evolve alone.
#pragma once

#include <string>
#include <vector>

#include "engine/rules/facts.h"
#include "events/vocabulary.h"

namespace kring::domain {

using rules::AreaNo;
using rules::PersonNo;
using rules::ThemeNo;
using rules::VenueNo;

struct Waiter {
  PersonNo person;
  AreaNo area;
  Day since;  // the day from which the person waits

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("person", self.person);
    visit("area", self.area);
    visit("since", self.since);
  }
};

enum class Invitation : std::uint8_t { none, standing, declined };

// What enrolling in a theme needs beside the facts; the same numbers as Facts::themes.
struct Enrolment {
  std::vector<Waiter> waiting;           // in the order of joining
  std::vector<Invitation> invitations;  // by area; shorter where the last were never invited

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("waiting", self.waiting);
    visit("invitations", self.invitations);
  }
};

struct State {
  bool defined = false;
  rules::Facts facts;
  std::vector<Enrolment> enrolments;
  std::int32_t release = 0;  // the number of the last release
  Position changed_at = 0;   // of the last record with events: what `expect` is compared with

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("defined", self.defined);
    visit("facts", self.facts);
    visit("enrolments", self.enrolments);
    visit("release", self.release);
    visit("changed_at", self.changed_at);
  }
};

}  // namespace kring::domain

namespace kring {
template <>
struct Names<domain::Invitation> {
  static constexpr std::array<std::string_view, 3> names{"none", "standing", "declined"};
};
}  // namespace kring
