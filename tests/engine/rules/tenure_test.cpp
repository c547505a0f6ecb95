// Overlapping parts, tenures, and when a seat has room.
#include <gtest/gtest.h>

#include "tests/support/given.h"

namespace kring::test {
namespace {

Day day(const char* iso) { return parse_day(iso).value(); }

struct Alpha {
  const rules::Facts& facts;
  rules::ThemeNo theme = facts.theme_ids.find("alpha");
  rules::AreaNo noord = facts.area_ids.find("noord");

  bool covers(const char* person, const char* date) const {
    return rules::covers(facts, theme, facts.person_ids.find(person), day(date));
  }
  std::string room_from(const char* date) const { return to_string(rules::room_from(facts, theme, noord, day(date))); }
};

const Step n1_comes = "enrol theme=alpha area=noord person=n1 effective=2024-02-01";

TEST(Parts, overlap_in_the_day_and_not_in_the_evening) {
  using enum Part;
  for (Part part : {morning, afternoon, evening, full_day}) EXPECT_TRUE(rules::overlap(part, part));
  for (auto [a, b, overlap] : {std::tuple{morning, afternoon, false}, std::tuple{morning, evening, false},
                               std::tuple{morning, full_day, true}, std::tuple{afternoon, evening, false},
                               std::tuple{afternoon, full_day, true}, std::tuple{evening, full_day, false}}) {
    EXPECT_EQ(rules::overlap(a, b), overlap);
    EXPECT_EQ(rules::overlap(b, a), overlap);
  }
}

TEST(Parts, come_in_the_order_morning_full_day_afternoon_evening) {
  EXPECT_LT(rules::rank_of(Part::morning), rules::rank_of(Part::full_day));
  EXPECT_LT(rules::rank_of(Part::full_day), rules::rank_of(Part::afternoon));
  EXPECT_LT(rules::rank_of(Part::afternoon), rules::rank_of(Part::evening));
}

TEST(Tenure, covers_its_first_day_and_not_its_last) {
  auto programme = given({n1_comes});
  EXPECT_FALSE(Alpha{programme.facts()}.covers("n1", "2024-01-31"));
  EXPECT_TRUE(Alpha{programme.facts()}.covers("n1", "2024-02-01"));
  EXPECT_TRUE(Alpha{programme.facts()}.covers("n1", "9999-12-31"));
  programme.and_given({"withdraw theme=alpha person=n1 effective=2024-05-01"});
  EXPECT_TRUE(Alpha{programme.facts()}.covers("n1", "2024-04-30"));
  EXPECT_FALSE(Alpha{programme.facts()}.covers("n1", "2024-05-01"));
}

TEST(Tenure, that_is_empty_covers_no_day) {
  auto programme = given({n1_comes, "withdraw theme=alpha person=n1 effective=2024-02-01"});
  for (const char* date : {"2024-01-31", "2024-02-01", "2024-02-02"})
    EXPECT_FALSE(Alpha{programme.facts()}.covers("n1", date)) << date;
}

TEST(Tenure, passes_from_one_to_the_other_on_the_day_of_the_transfer) {
  auto programme = given({n1_comes, "transfer_seat theme=alpha from=n1 to=n2 effective=2024-05-01"});
  Alpha alpha{programme.facts()};
  EXPECT_TRUE(alpha.covers("n1", "2024-04-30") && !alpha.covers("n2", "2024-04-30"));
  EXPECT_TRUE(!alpha.covers("n1", "2024-05-01") && alpha.covers("n2", "2024-05-01"));
}

TEST(Tenure, has_a_hole_where_the_person_was_away) {
  auto programme = given({n1_comes, "withdraw theme=alpha person=n1 effective=2024-03-01",
                          "enrol theme=alpha area=noord person=n1 effective=2024-04-01"});
  Alpha alpha{programme.facts()};
  EXPECT_TRUE(alpha.covers("n1", "2024-02-29") && !alpha.covers("n1", "2024-03-01"));
  EXPECT_TRUE(!alpha.covers("n1", "2024-03-31") && alpha.covers("n1", "2024-04-01"));
}

TEST(Tenures, end_in_any_order_of_recording) {
  // n1 leaves in November and n2 already in June: recorded in that order.
  auto programme = given(
      {"set_policy seats_per_area=2", n1_comes, "enrol theme=alpha area=noord person=n2 effective=2024-02-01",
       "withdraw theme=alpha person=n1 effective=2024-11-01", "withdraw theme=alpha person=n2 effective=2024-06-01"});
  Alpha alpha{programme.facts()};
  EXPECT_TRUE(alpha.covers("n1", "2024-10-31") && !alpha.covers("n1", "2024-11-01"));
  EXPECT_TRUE(alpha.covers("n2", "2024-05-31") && !alpha.covers("n2", "2024-06-01"));
  EXPECT_EQ(alpha.room_from("2024-03-01"), "2024-06-01");
  programme.and_given({"set_policy seats_per_area=1"});
  EXPECT_EQ(alpha.room_from("2024-03-01"), "2024-11-01");
}

TEST(RoomOnASeat, is_there_from_the_start_where_nobody_ever_sat) {
  auto programme = given();
  EXPECT_EQ(Alpha{programme.facts()}.room_from("2024-03-01"), "2024-03-01");
}

TEST(RoomOnASeat, never_comes_while_it_is_full) {
  auto programme = given({n1_comes});
  EXPECT_EQ(Alpha{programme.facts()}.room_from("2024-03-01"), "never");
}

TEST(RoomOnASeat, is_for_good_and_not_for_a_while) {
  // Two seats. n1 sat from February to May and n2 sits from April on; n3 would be the third in April.
  auto programme =
      given({"set_policy seats_per_area=2", n1_comes, "enrol theme=alpha area=noord person=n2 effective=2024-04-01",
             "withdraw theme=alpha person=n1 effective=2024-05-01"});
  for (const char* date : {"2024-01-01", "2024-02-01", "2024-03-15", "2024-04-30"})
    EXPECT_EQ(Alpha{programme.facts()}.room_from(date), "2024-05-01") << date;
  EXPECT_EQ(Alpha{programme.facts()}.room_from("2024-05-02"), "2024-05-02");
}

TEST(Eligible, is_whoever_has_one_of_the_roles) {
  auto programme = given();
  const auto& facts = programme.facts();
  EXPECT_TRUE(rules::eligible(facts, facts.person_ids.find("n1")));
  EXPECT_TRUE(rules::eligible(facts, facts.person_ids.find("n3")));
  EXPECT_FALSE(rules::eligible(facts, facts.person_ids.find("g1")));
}

}  // namespace
}  // namespace kring::test
