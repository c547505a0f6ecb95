// A decision: what the engine made of one command. One decision is one record in the log, all or nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "events/base/bytes.h"
#include "events/command/command.h"
#include "events/event/event.h"

namespace kring {

struct Warning {
  Rule rule{};
  std::string detail;  // for people
  bool operator==(const Warning&) const = default;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("rule", self.rule);
    visit("detail", self.detail);
  }
};

struct Rejection {
  std::string code;     // stable: "seat_taken", or the name of a rule
  std::string message;  // for people
  bool operator==(const Rejection&) const = default;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("code", self.code);
    visit("message", self.message);
  }
};

// The version of the rules that decided: raised when engine/ starts to decide something otherwise.
inline constexpr std::uint16_t rules_version = 1;

struct Decision {
  Command command;
  Day recording_day;  // the day of recording in the programme's time zone, as it was then
  Day effective;      // the command's own, else the recording day
  std::uint16_t rules = rules_version;
  std::vector<Event> events;           // empty where there is a rejection, or nothing was left to do
  std::vector<Warning> warnings;       // in the order of the rules' table
  std::optional<Rejection> rejection;
  bool operator==(const Decision&) const = default;

  bool accepted() const { return !rejection; }
};

// A decision with its place in the log.
struct Record {
  Position position = 0;
  Instant recorded_at;
  Hash previous{};
  Hash hash{};
  Decision decision;
};

}  // namespace kring
