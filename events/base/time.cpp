#include "events/base/time.h"

#include <date/date.h>
#include <date/tz.h>

#include <array>
#include <charconv>
#include <chrono>

#include "events/base/text.h"

namespace kring {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using LocalMicros = date::local_time<microseconds>;
using SysMicros = date::sys_time<microseconds>;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int value = 0;
  for (char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

void pad(std::string& out, int value, int width) {
  std::array<char, 12> buffer;
  auto [end, _] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  for (auto n = end - buffer.data(); n < width; ++n) out += '0';
  out.append(buffer.data(), end);
}

const date::time_zone& zone_of(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

// "Z", "+02:00", "-05:00": minutes east of UTC.
std::optional<int> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  auto hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
}

}  // namespace

std::optional<Day> parse_day(std::string_view iso) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
  auto y = digits(iso, 0, 4), m = digits(iso, 5, 2), d = digits(iso, 8, 2);
  if (!y || !m || !d || *y == 0) return std::nullopt;
  date::year_month_day ymd{date::year(*y), date::month(static_cast<unsigned>(*m)), date::day(static_cast<unsigned>(*d))};
  if (!ymd.ok()) return std::nullopt;
  return Day{static_cast<std::int32_t>(date::sys_days(ymd).time_since_epoch().count())};
}

std::string to_string(Day day) {
  if (day == Day::never()) return "never";
  // No command names such a day, but bytes of a record may; `date` counts years in 16 bits.
  if (day.number > 11'000'000 || day.number < -11'000'000) return concat("day ", day.number);
  date::year_month_day ymd{date::sys_days(days(day.number))};
  std::string out;
  pad(out, static_cast<int>(ymd.year()), 4);
  out += '-';
  pad(out, static_cast<int>(static_cast<unsigned>(ymd.month())), 2);
  out += '-';
  pad(out, static_cast<int>(static_cast<unsigned>(ymd.day())), 2);
  return out;
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') return std::nullopt;
  auto day = parse_day(text.substr(0, 10));
  auto h = digits(text, 11, 2), m = digits(text, 14, 2), s = digits(text, 17, 2);
  if (!day || !h || !m || !s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (text[at] == '.') {
    std::size_t first = ++at;
    for (std::int64_t unit = 100'000; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      fraction += unit * (text[at] - '0');
    if (at == first) return std::nullopt;
  }
  auto offset = parse_offset(text.substr(at));
  if (!offset) return std::nullopt;
  std::int64_t seconds = std::int64_t{day->number} * 86400 + *h * 3600 + *m * 60 + *s - std::int64_t{*offset} * 60;
  // The offset may lead out of the years that can be written.
  if (seconds < std::int64_t{Day::first().number} * 86400 || seconds >= (std::int64_t{Day::last().number} + 1) * 86400) return std::nullopt;
  return Instant{seconds * 1'000'000 + fraction};
}

std::string to_string(Instant instant) {
  SysMicros time{microseconds(instant.micros)};
  auto day = date::floor<days>(time);
  date::hh_mm_ss<microseconds> clock{time - day};
  std::string out = to_string(Day{static_cast<std::int32_t>(day.time_since_epoch().count())});
  out += 'T';
  pad(out, static_cast<int>(clock.hours().count()), 2);
  out += ':';
  pad(out, static_cast<int>(clock.minutes().count()), 2);
  out += ':';
  pad(out, static_cast<int>(clock.seconds().count()), 2);
  if (auto fraction = clock.subseconds().count(); fraction != 0) {
    out += '.';
    pad(out, static_cast<int>(fraction), 6);
    while (out.back() == '0') out.pop_back();
  }
  return out + 'Z';
}

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  try {
    return TimeZone(date::locate_zone(name));
  } catch (const std::exception&) {  // the library's way of saying that there is no such zone
    return std::nullopt;
  }
}

Day TimeZone::day_of(Instant instant) const {
  auto local = zone_of(zone_).to_local(SysMicros(microseconds(instant.micros)));
  return {static_cast<std::int32_t>(date::floor<days>(local).time_since_epoch().count())};
}

Instant TimeZone::end_of(Day day) const {
  LocalMicros midnight{days(day.number + 1)};
  return {zone_of(zone_).to_sys(midnight, date::choose::earliest).time_since_epoch().count() - 1};
}

}  // namespace kring
