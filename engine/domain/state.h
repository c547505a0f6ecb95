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
};

enum class Invitation : std::uint8_t { none, standing, declined };

// What enrolling in a theme needs beside the facts; the same numbers as Facts::themes.
struct Enrolment {
  std::vector<Waiter> waiting;           // in the order of joining
  std::vector<Invitation> invitations;  // by area; shorter where the last were never invited
};

struct State {
  bool defined = false;
  rules::Facts facts;
  std::vector<Enrolment> enrolments;
  std::int32_t release = 0;  // the number of the last release
  Position changed_at = 0;   // of the last record with events: what `expect` is compared with
};

}  // namespace kring::domain
