// Days, instants and the zones between them.
#include "events/base/time.h"

#include <gtest/gtest.h>

namespace kring {
namespace {

Day day(const char* iso) { return parse_day(iso).value(); }
Instant at(const char* text) { return parse_instant(text).value(); }

TEST(ParseDay, counts_from_the_first_of_january_1970) {
  EXPECT_EQ(day("1970-01-01").number, 0);
  EXPECT_EQ(day("1969-12-31").number, -1);
  EXPECT_EQ(day("2000-03-01") - day("2000-02-28"), 2);
  EXPECT_EQ(day("0001-01-01"), Day::first());
  EXPECT_EQ(day("9999-12-31"), Day::last());
  EXPECT_LT(Day::last(), Day::never());
}

TEST(ParseDay, knows_leap_days) {
  for (const char* iso : {"2024-02-29", "2000-02-29", "0004-02-29"}) EXPECT_TRUE(parse_day(iso)) << iso;
  for (const char* iso : {"2023-02-29", "1900-02-29", "2100-02-29"}) EXPECT_FALSE(parse_day(iso)) << iso;
}

TEST(ParseDay, takes_nothing_but_days_that_exist_in_full) {
  for (const char* iso : {"", "2024", "2024-1-01", "2024-01-1", "24-01-01", "2024-13-01", "2024-00-01", "2024-01-00",
                          "2024-01-32", "2024-04-31", "0000-01-01", "2024/01/01", "2024-01-01 ", " 2024-01-01",
                          "2024-01-01T", "+024-01-01", "-024-01-01", "2024-0a-01", "20240101"})
    EXPECT_FALSE(parse_day(iso)) << iso;
}

TEST(DayText, comes_back_as_it_was_for_every_day) {
  for (Day d = Day::first(); d <= Day::last(); d = d + 173) ASSERT_EQ(parse_day(to_string(d)), d) << d.number;
  EXPECT_EQ(to_string(Day::first()), "0001-01-01");
  EXPECT_EQ(to_string(Day::last()), "9999-12-31");
}

TEST(DayText, of_a_number_that_is_no_day_is_the_number) {
  EXPECT_EQ(to_string(Day{INT32_MAX - 1}), "day 2147483646");
  EXPECT_EQ(to_string(Day{INT32_MIN}), "day -2147483648");
  EXPECT_EQ(to_string(Day::last() + 1), "10000-01-01");
}

TEST(ParseInstant, takes_the_offset_off) {
  EXPECT_EQ(at("1970-01-01T00:00:00Z").micros, 0);
  EXPECT_EQ(at("2024-05-01T09:00:00+02:00"), at("2024-05-01T07:00:00Z"));
  EXPECT_EQ(at("2024-05-01T00:30:00+05:45"), at("2024-04-30T18:45:00Z"));
  EXPECT_EQ(at("2024-12-31T23:00:00-05:00"), at("2025-01-01T04:00:00Z"));
  EXPECT_EQ(at("2024-05-01t07:00:00z"), at("2024-05-01T07:00:00Z"));
}

TEST(ParseInstant, cuts_fractions_off_beyond_microseconds) {
  EXPECT_EQ(at("1970-01-01T00:00:00.5Z").micros, 500'000);
  EXPECT_EQ(at("1970-01-01T00:00:00.000001Z").micros, 1);
  EXPECT_EQ(at("1970-01-01T00:00:00.0000019Z").micros, 1);
  EXPECT_EQ(at("1970-01-01T00:00:01.123456789012345678901234567890+00:00").micros, 1'123'456);
  EXPECT_EQ(at("1969-12-31T23:59:59.75Z").micros, -250'000);
}

TEST(ParseInstant, takes_nothing_but_times_with_an_offset) {
  for (const char* text : {"",
                           "2024-05-01",
                           "2024-05-01T09:00:00",
                           "2024-05-01 09:00:00Z",
                           "2024-05-01T9:00:00Z",
                           "2024-05-01T09:00Z",
                           "2024-05-01T24:00:00Z",
                           "2024-05-01T09:60:00Z",
                           "2024-05-01T09:00:60Z",
                           "2024-02-30T09:00:00Z",
                           "2024-05-01T09:00:00.Z",
                           "2024-05-01T09:00:00.5",
                           "2024-05-01T09:00:00+0200",
                           "2024-05-01T09:00:00+2:00",
                           "2024-05-01T09:00:00+24:00",
                           "2024-05-01T09:00:00+02:60",
                           "2024-05-01T09:00:00+02:00 ",
                           "2024-05-01T09:00:00ZZ",
                           "2024-05-01T09-00-00Z",
                           "2024-05-01T09:00:00 02:00"})
    EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(InstantText, is_utc_with_the_shortest_fraction) {
  EXPECT_EQ(to_string(at("2024-05-01T09:00:00+02:00")), "2024-05-01T07:00:00Z");
  EXPECT_EQ(to_string(at("2024-05-01T09:00:00.120000Z")), "2024-05-01T09:00:00.12Z");
  EXPECT_EQ(to_string(Instant{1}), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(to_string(Instant{-1}), "1969-12-31T23:59:59.999999Z");
}

TEST(ParseInstant, takes_nothing_that_lies_outside_the_years_1_to_9999_in_utc) {
  EXPECT_TRUE(parse_instant("0001-01-01T00:00:00Z"));
  EXPECT_TRUE(parse_instant("0001-01-01T02:00:00+02:00"));
  EXPECT_TRUE(parse_instant("9999-12-31T23:59:59.999999Z"));
  EXPECT_FALSE(parse_instant("0001-01-01T00:00:00+00:01"));
  EXPECT_FALSE(parse_instant("9999-12-31T23:59:59-00:01"));
}

TEST(InstantText, comes_back_as_it_was) {
  for (std::int64_t micros = -62'135'596'800'000'000; micros < 253'402'300'799'999'999; micros += 97'777'777'777'777)
    ASSERT_EQ(parse_instant(to_string(Instant{micros})), Instant{micros});
}

// ---- zones ----

TEST(TimeZone, is_found_by_its_name) {
  for (const char* name : {"Europe/Amsterdam", "America/New_York", "Asia/Tokyo", "UTC"})
    EXPECT_TRUE(TimeZone::find(name)) << name;
  for (const char* name : {"", "Amsterdam", "Europe/amsterdam", "Mars/Phobos", "../etc/passwd", "+02:00"})
    EXPECT_FALSE(TimeZone::find(name)) << name;
}

TEST(TimeZone, knows_which_day_it_is_there) {
  auto amsterdam = *TimeZone::find("Europe/Amsterdam"), tokyo = *TimeZone::find("Asia/Tokyo"),
       new_york = *TimeZone::find("America/New_York");
  EXPECT_EQ(amsterdam.day_of(at("2024-01-01T22:59:59Z")), day("2024-01-01"));
  EXPECT_EQ(amsterdam.day_of(at("2024-01-01T23:00:00Z")), day("2024-01-02"));
  EXPECT_EQ(amsterdam.day_of(at("2024-07-01T21:59:59.999999Z")), day("2024-07-01"));
  EXPECT_EQ(amsterdam.day_of(at("2024-07-01T22:00:00Z")), day("2024-07-02"));
  EXPECT_EQ(tokyo.day_of(at("2024-07-01T15:00:00Z")), day("2024-07-02"));
  EXPECT_EQ(new_york.day_of(at("2024-01-01T04:59:59Z")), day("2023-12-31"));
}

TEST(EndOfDay, is_the_last_microsecond_there_across_changes_of_the_clock) {
  struct Case {
    const char *zone, *day, *end;
  };
  for (auto [zone, date, end] :
       {Case{"Europe/Amsterdam", "2024-01-15", "2024-01-15T22:59:59.999999Z"},  // winter
        Case{"Europe/Amsterdam", "2024-03-30", "2024-03-30T22:59:59.999999Z"},  // the night before the clock jumps
        Case{"Europe/Amsterdam", "2024-03-31", "2024-03-31T21:59:59.999999Z"},  // a day of 23 hours
        Case{"Europe/Amsterdam", "2024-10-26", "2024-10-26T21:59:59.999999Z"},
        Case{"Europe/Amsterdam", "2024-10-27", "2024-10-27T22:59:59.999999Z"},  // a day of 25 hours
        Case{"America/New_York", "2024-03-10", "2024-03-11T03:59:59.999999Z"},
        Case{"America/New_York", "2024-11-03", "2024-11-04T04:59:59.999999Z"},
        Case{"Asia/Tokyo", "2024-03-31", "2024-03-31T14:59:59.999999Z"},
        Case{"UTC", "2024-12-31", "2024-12-31T23:59:59.999999Z"}})
    EXPECT_EQ(to_string(TimeZone::find(zone)->end_of(day(date))), end) << zone << ' ' << date;
}

TEST(EndOfDay, belongs_to_that_day_and_the_next_microsecond_does_not) {
  for (const char* name : {"Europe/Amsterdam", "America/New_York", "Asia/Tokyo"}) {
    auto zone = *TimeZone::find(name);
    for (Day d = day("2023-12-25"); d < day("2025-01-10"); d = d + 1) {
      ASSERT_EQ(zone.day_of(zone.end_of(d)), d) << name;
      ASSERT_EQ(zone.day_of(Instant{zone.end_of(d).micros + 1}), d + 1) << name;
    }
  }
}

TEST(EndOfDay, is_right_where_midnight_itself_happens_twice_or_never) {
  auto beirut = *TimeZone::find("Asia/Beirut");  // 2022-03-27 began at 01:00
  EXPECT_EQ(to_string(beirut.end_of(day("2022-03-26"))), "2022-03-26T21:59:59.999999Z");
  auto havana = *TimeZone::find("America/Havana");  // on 2024-11-03 the clock went from 01:00 back to 00:00
  EXPECT_EQ(to_string(havana.end_of(day("2024-11-02"))), "2024-11-03T03:59:59.999999Z");
}

}  // namespace
}  // namespace kring
