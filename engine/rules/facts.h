// The facts of one programme that the rules look at. The engine keeps them up to date event by event; the
// read models load them from their rows. Both then ask the same functions, so that a conflict shown is
// the conflict refused. Plain data, no invariants beyond the comments; copying is deep. The members are listed for
// the engine's snapshots: who changes them, or what they mean, raises snapshot_version (engine/runtime/snapshot.h).
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "engine/rules/interner.h"
#include "events/vocabulary.h"

namespace kring::rules {

using ThemeNo = No<ThemeTag>;
using AreaNo = No<AreaTag>;
using VenueNo = No<VenueTag>;
using PersonNo = No<PersonTag>;

// A person's time on a seat: from `from` up to, not including, `to`.
struct Tenure {
  PersonNo person;
  Day from;
  Day to = Day::never();

  bool covers(Day day) const { return from <= day && day < to; }
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("person", self.person);
    visit("from", self.from);
    visit("to", self.to);
  }
};

// The place of one area in one theme.
struct Seat {
  std::vector<Tenure> current;  // no end yet
  std::vector<Tenure> ended;    // by end, latest last; empty tenures are left out, since they cover no day
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("current", self.current);
    visit("ended", self.ended);
  }
};

struct Substitution {
  PersonNo person, by;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("person", self.person);
    visit("by", self.by);
  }
};

struct Attended {
  PersonNo person;
  Attendance status{};
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("person", self.person);
    visit("status", self.status);
  }
};

struct Session {
  bool scheduled = false, cancelled = false;
  Day date;
  Part part{};
  VenueNo venue;
  AreaNo host;
  std::vector<Substitution> substitutions;  // one for a person; counts only while that person's tenure covers the date
  std::vector<Attended> attendance;         // one for a person

  bool active() const { return scheduled && !cancelled; }
  bool held() const { return !attendance.empty(); }
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("scheduled", self.scheduled);
    visit("cancelled", self.cancelled);
    visit("date", self.date);
    visit("part", self.part);
    visit("venue", self.venue);
    visit("host", self.host);
    visit("substitutions", self.substitutions);
    visit("attendance", self.attendance);
  }
};

// A session as the last release has it.
struct Released {
  Day date;
  Part part{};
  VenueNo venue;
  bool operator==(const Released&) const = default;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("date", self.date);
    visit("part", self.part);
    visit("venue", self.venue);
  }
};

struct Theme {
  std::int32_t sessions = 0;
  std::optional<std::int32_t> capacity;
  std::int32_t enrolled = 0;                     // over all seats, now
  std::vector<Seat> seats;                       // by area; shorter where the last areas have none yet
  std::vector<Session> slots;                    // slots[n - 1] is session n; shorter where the last were never scheduled
  std::vector<std::optional<Released>> released;  // the same

  Seat& seat(AreaNo area) {
    if (area.value >= seats.size()) seats.resize(area.value + 1);
    return seats[area.value];
  }
  const Seat* find_seat(AreaNo area) const { return area.value < seats.size() ? &seats[area.value] : nullptr; }

  Session& slot(std::int32_t number) {
    auto n = static_cast<std::size_t>(number);
    if (n > slots.size()) slots.resize(n);
    return slots[n - 1];
  }
  // Null where that session was never scheduled.
  const Session* find_session(std::int32_t number) const {
    auto n = static_cast<std::size_t>(number);
    return number >= 1 && n <= slots.size() && slots[n - 1].scheduled ? &slots[n - 1] : nullptr;
  }
  const Released* find_released(std::int32_t number) const {
    auto n = static_cast<std::size_t>(number);
    return number >= 1 && n <= released.size() && released[n - 1] ? &*released[n - 1] : nullptr;
  }
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("sessions", self.sessions);
    visit("capacity", self.capacity);
    visit("enrolled", self.enrolled);
    visit("seats", self.seats);
    visit("slots", self.slots);
    visit("released", self.released);
  }
};

struct Venue {
  std::int32_t capacity = 0;
  std::vector<Period> unavailable;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("capacity", self.capacity);
    visit("unavailable", self.unavailable);
  }
};

struct Person {
  AreaNo area;  // none: a speaker of no area
  Role role;
  bool forgotten = false;
  std::vector<Period> unavailable;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("area", self.area);
    visit("role", self.role);
    visit("forgotten", self.forgotten);
    visit("unavailable", self.unavailable);
  }
};

inline constexpr std::array<Severity, rule_count> default_severity{
    Severity::block, Severity::block, Severity::block, Severity::warn, Severity::block,
    Severity::block, Severity::block, Severity::warn,  Severity::warn};

struct Policy {
  std::int32_t seats_per_area = 1;
  std::vector<Role> eligible_roles{{"coordinator"}, {"responsible"}};
  std::int32_t min_gap_days = 7;
  std::vector<Blackout> blackouts;
  std::array<Severity, rule_count> severity = default_severity;
  std::optional<std::int32_t> retention_days;

  Severity of(Rule rule) const { return severity[static_cast<std::size_t>(rule)]; }
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("seats_per_area", self.seats_per_area);
    visit("eligible_roles", self.eligible_roles);
    visit("min_gap_days", self.min_gap_days);
    visit("blackouts", self.blackouts);
    visit("severity", self.severity);
    visit("retention_days", self.retention_days);
  }
};

struct Facts {
  Day from, to;  // of the programme, both inclusive
  Policy policy;

  Interner<ThemeTag> theme_ids;  // theme_ids, themes: the same numbers; so for the other kinds
  Interner<AreaTag> area_ids;
  Interner<VenueTag> venue_ids;
  Interner<PersonTag> person_ids;
  std::vector<Theme> themes;  // in the order in which they were added
  std::vector<Venue> venues;
  std::vector<Person> people;

  const Theme& operator[](ThemeNo no) const { return themes[no.value]; }
  Theme& operator[](ThemeNo no) { return themes[no.value]; }
  const Venue& operator[](VenueNo no) const { return venues[no.value]; }
  Venue& operator[](VenueNo no) { return venues[no.value]; }
  const Person& operator[](PersonNo no) const { return people[no.value]; }
  Person& operator[](PersonNo no) { return people[no.value]; }
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("from", self.from);
    visit("to", self.to);
    visit("policy", self.policy);
    visit("theme_ids", self.theme_ids);
    visit("area_ids", self.area_ids);
    visit("venue_ids", self.venue_ids);
    visit("person_ids", self.person_ids);
    visit("themes", self.themes);
    visit("venues", self.venues);
    visit("people", self.people);
  }
};

// Merges what set_policy names; the capacities of themes lie with the themes (Theme::capacity).
void merge(Policy& policy, const PolicyChange& change);

}  // namespace kring::rules
