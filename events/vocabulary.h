// The words that commands, events, rules and reads share. The index of an enumerator is what lies in the log: append only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/id.h"
#include "events/base/time.h"
#include "events/members.h"

namespace kring {

using HistoryId = Token;  // random; fixed by the first claim that counts in a log, the same on every copy
using Position = std::uint64_t;  // the number of a record in its log: 1, 2, 3 ...; 0 is the empty log

enum class Part : std::uint8_t { morning, afternoon, evening, full_day };
template <>
struct Names<Part> {
  static constexpr std::array<std::string_view, 4> names{"morning", "afternoon", "evening", "full_day"};
};

enum class Rule : std::uint8_t {  // in the order in which they are checked
  outside_period, session_order, too_close, blackout, venue_unavailable, venue_double_booked, venue_too_small,
  participant_clash, person_unavailable,
};
template <>
struct Names<Rule> {
  static constexpr std::array<std::string_view, 9> names{
      "outside_period", "session_order", "too_close", "blackout", "venue_unavailable", "venue_double_booked",
      "venue_too_small", "participant_clash", "person_unavailable"};
};
inline constexpr std::size_t rule_count = Names<Rule>::names.size();

enum class Severity : std::uint8_t { block, block_release, warn, ignore };
template <>
struct Names<Severity> {
  static constexpr std::array<std::string_view, 4> names{"block", "block_release", "warn", "ignore"};
};

enum class Attendance : std::uint8_t { present, partial, excused, no_show, none };
template <>
struct Names<Attendance> {
  static constexpr std::array<std::string_view, 5> names{"present", "partial", "excused", "no_show", "none"};
};

enum class AgendaKind : std::uint8_t { workshop, site_visit, presentation };
template <>
struct Names<AgendaKind> {
  static constexpr std::array<std::string_view, 3> names{"workshop", "site_visit", "presentation"};
};

enum class SpeakerKind : std::uint8_t { expert, experience_expert, area };
template <>
struct Names<SpeakerKind> {
  static constexpr std::array<std::string_view, 3> names{"expert", "experience_expert", "area"};
};

// A text about a person. In a command as it came in it is `clear`; before anything is recorded the
// sealing port (events/privacy) turns it into `sealed` bytes and wipes `clear`. Only `sealed` is ever encoded.
struct Personal {
  std::string clear;
  Bytes sealed;
  bool operator==(const Personal&) const = default;
};

struct Period {
  Day from, to;  // both inclusive
  bool operator==(const Period&) const = default;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("from", self.from);
    visit("to", self.to);
  }
};

struct Blackout {
  Day from, to;  // both inclusive
  std::string label;
  bool operator==(const Blackout&) const = default;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("from", self.from);
    visit("to", self.to);
    visit("label", self.label);
  }
};

struct AgendaItem {
  AgendaKind kind{};
  std::string title;
  std::optional<PersonId> speaker;
  std::optional<SpeakerKind> speaker_kind;
  bool operator==(const AgendaItem&) const = default;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("kind", self.kind);
    visit("title", self.title);
    visit("speaker", self.speaker);
    visit("speaker_kind", self.speaker_kind);
  }
};

struct SessionRef {
  ThemeId theme;
  std::int32_t session = 0;
  auto operator<=>(const SessionRef&) const = default;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
  }
};

// Clock times "09:30" of the beginning and the end of a part of a day.
struct PartTimes {
  std::string begin, end;
  bool operator==(const PartTimes&) const = default;
};

// What set_policy may change: the members named; maps merge key by key, null removes a key.
struct PolicyChange {
  std::optional<std::int32_t> seats_per_area;
  std::vector<Entry<ThemeId, std::int32_t>> capacity;
  std::optional<std::vector<Role>> eligible_roles;
  std::optional<std::int32_t> min_gap_days;
  std::optional<std::vector<Blackout>> blackouts;
  std::vector<Entry<Rule, Severity>> rules;
  Setting<std::int32_t> retention_days;
  std::vector<Entry<Part, PartTimes>> part_times;
  bool operator==(const PolicyChange&) const = default;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("seats_per_area", self.seats_per_area, Range{1, 1000});
    visit("capacity", self.capacity, Range{0, 1'000'000});
    visit("eligible_roles", self.eligible_roles);
    visit("min_gap_days", self.min_gap_days, Range{0, 3660});
    visit("blackouts", self.blackouts);
    visit("rules", self.rules);
    visit("retention_days", self.retention_days, Range{0, 36600});
    visit("part_times", self.part_times);
  }
};

}  // namespace kring
