// Made-up histories: commands as people of real programmes would send them, the same for the same seed. What is asked
// for is chosen by looking at the state, so that most of it is granted; a share is careless and is refused.
// docs/benchmarks.md publishes the mix.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/domain/decide.h"
#include "events/base/dice.h"
#include "events/base/time.h"
#include "events/json/json.h"

namespace kring::bench {

struct Mix {
  std::uint64_t seed = 1;
  std::uint32_t programmes = 1;
  std::uint32_t commands = 5000;  // of each programme, its setting up included
  std::uint64_t hot = 0;          // enrolments and withdrawals of one theme of one more programme, "hot"
};

// About `events` commands over at most `programmes` programmes, a fifth of them those of the hot theme.
Mix mix_of(std::uint64_t events, std::uint64_t seed, std::uint32_t programmes = 2000);

// A command, when it came, and what the domain made of it. Nothing is sealed.
struct Made {
  Instant at;
  Decision decision;
};

// The same on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : dice_(seed) {}
  std::uint64_t bits() { return dice_.next(); }
  std::uint32_t below(std::uint64_t n) { return static_cast<std::uint32_t>((bits() >> 32) * n >> 32); }
  template <class List>
  const auto& any(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  Dice dice_;
};

// One programme on its way through its two years.
struct Course {
  ProgrammeId id;
  domain::State state;
  std::vector<std::vector<rules::PersonNo>> people;  // by area
  Instant now;
  std::int64_t pace = 0;  // microseconds between two commands, on average
  std::uint32_t made = 0, all = 0;
  bool hot = false;
};

class History {
 public:
  explicit History(const Mix& mix);

  std::uint64_t size() const { return size_; }
  const std::vector<Course>& courses() const { return courses_; }

  // False at the end.
  bool next(Made& made);

  // {"commands": {TYPE: share}, "rejected": share}, of what was made so far.
  json::Object shares() const;

 private:
  Course* pick();

  Chance chance_;
  std::vector<Course> courses_;
  std::vector<std::uint32_t> open_;  // ordinary courses that are not at their end
  TimeZone zone_;
  std::uint64_t size_ = 0, made_ = 0, rejected_ = 0;
  Course* current_ = nullptr;
  std::uint32_t burst_ = 0;  // commands left that the current one sends in a row
  std::array<std::uint64_t, std::variant_size_v<CommandBody>> by_type_{};
};

// Chooses the body of the next command of a programme.
CommandBody choose(Course& course, Day today, Chance& chance);

}  // namespace kring::bench
