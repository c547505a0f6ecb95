// Days and instants. A Day has no time zone: it is a date in the programme's own. An Instant is a
// point in time. Conversion between the two needs a TimeZone and happens at the edge, never in the
// domain: time-zone data differ between machines, and the log must mean the same on all of them.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kring {

// Days since 1970-01-01, proleptic Gregorian, 0001-01-01 to 9999-12-31.
struct Day {
  std::int32_t number = 0;

  auto operator<=>(const Day&) const = default;
  Day operator+(std::int32_t days) const { return {number + days}; }
  std::int32_t operator-(Day other) const { return number - other.number; }

  static constexpr Day first();  // 0001-01-01
  static constexpr Day last();   // 9999-12-31
  static constexpr Day never();  // after every day: the open end of a tenure
};

constexpr Day Day::first() { return {-719162}; }
constexpr Day Day::last() { return {2932896}; }
constexpr Day Day::never() { return {INT32_MAX}; }

std::optional<Day> parse_day(std::string_view iso);  // exactly YYYY-MM-DD, of a day that exists
std::string to_string(Day day);

// Microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t micros = 0;

  auto operator<=>(const Instant&) const = default;
};

// RFC 3339 with offset ("2024-05-01T09:00:00+02:00"), in UTC of a year from 1 to 9999; fractions beyond microseconds are
// cut off.
std::optional<Instant> parse_instant(std::string_view rfc3339);
std::string to_string(Instant instant);  // in UTC: "2024-05-01T07:00:00Z", with a fraction where there is one

// A zone of the IANA database on this machine. Immutable, so safe to share between threads.
class TimeZone {
 public:
  static std::optional<TimeZone> find(std::string_view name);

  Day day_of(Instant instant) const;
  Instant end_of(Day day) const;  // the last microsecond of that day there

 private:
  explicit TimeZone(const void* zone) : zone_(zone) {}
  const void* zone_;  // owned by the database, which lives as long as the process
};

}  // namespace kring
