// Who should come to a session, the order of sessions, and what their status is called.
#include <gtest/gtest.h>

#include "tests/support/given.h"

namespace kring::test {
namespace {

Texts expected(const Given& programme, const char* theme_id, int number) {
  const auto& facts = programme.facts();
  auto theme = facts.theme_ids.find(theme_id);
  Texts ids;
  for (auto person : rules::expected(facts, theme, *facts[theme].find_session(number)))
    ids.push_back(facts.person_ids[person].text);
  std::ranges::sort(ids);
  return ids;
}

std::string status(const Given& programme, int number) {
  return std::string(rules::status_of(programme.facts(), programme.facts().theme_ids.find("alpha"), number));
}

const std::vector<Step> three{"set_policy seats_per_area=2",
                              "enrol theme=alpha area=noord person=n1 effective=2024-02-01",
                              "enrol theme=alpha area=noord person=n2 effective=2024-03-02",
                              "enrol theme=alpha area=zuid person=z1 effective=2024-03-01",
                              "schedule_session theme=alpha session=1 date=2024-03-01 part=morning"};

TEST(Expected, are_those_whose_tenure_covers_the_date) {
  auto programme = given(three);
  EXPECT_EQ(expected(programme, "alpha", 1), (Texts{"n1", "z1"}));
  programme.and_given({"move_session theme=alpha session=1 date=2024-03-02 part=morning"});
  EXPECT_EQ(expected(programme, "alpha", 1), (Texts{"n1", "n2", "z1"}));
  programme.and_given({"withdraw theme=alpha person=n1 effective=2024-03-02"});
  EXPECT_EQ(expected(programme, "alpha", 1), (Texts{"n2", "z1"}));
}

TEST(Expected, are_replaced_by_their_substitutes_while_their_tenure_covers_the_date) {
  auto programme = given(three);
  programme.and_given({"substitute theme=alpha session=1 person=n1 by=n3"});
  EXPECT_EQ(expected(programme, "alpha", 1), (Texts{"n3", "z1"}));
  programme.and_given({"withdraw theme=alpha person=n1 effective=2024-03-01"});
  EXPECT_EQ(expected(programme, "alpha", 1), (Texts{"z1"}));
}

TEST(Expected, come_once_whoever_they_stand_in_for) {
  // n2, who stands in for n1, has a seat that covers the new date: the same person twice.
  auto programme = given(three);
  programme.and_given({"substitute theme=alpha session=1 person=n1 by=n2",
                       "move_session theme=alpha session=1 date=2024-03-02 part=morning"});
  EXPECT_EQ(expected(programme, "alpha", 1), (Texts{"n2", "z1"}));
}

TEST(Status, goes_from_unscheduled_to_draft_to_released_and_back) {
  auto programme = given();
  EXPECT_EQ(status(programme, 1), "unscheduled");
  programme.and_given({"schedule_session theme=alpha session=1 date=2024-03-01 part=morning"});
  EXPECT_EQ(status(programme, 1), "draft");
  programme.and_given({"release_schedule"});
  EXPECT_EQ(status(programme, 1), "released");
  programme.and_given({"assign_venue theme=alpha session=1 venue=zaal"});
  EXPECT_EQ(status(programme, 1), "draft");
  programme.and_given({"release_venue theme=alpha session=1"});
  EXPECT_EQ(status(programme, 1), "released");
  programme.and_given({"cancel_session theme=alpha session=1"});
  EXPECT_EQ(status(programme, 1), "cancelled");
  programme.and_given({"schedule_session theme=alpha session=1 date=2024-03-01 part=morning"});
  EXPECT_EQ(status(programme, 1), "released");
}

TEST(Status, is_held_while_attendance_is_recorded) {
  auto programme = given(three);
  programme.and_given(
      {"release_schedule", "2024-03-01 record_attendance theme=alpha session=1 person=n1 status=no_show"});
  EXPECT_EQ(status(programme, 1), "held");
  programme.and_given({"2024-03-01 record_attendance theme=alpha session=1 person=n1 status=none"});
  EXPECT_EQ(status(programme, 1), "released");
}

TEST(Status, of_sessions_between_those_scheduled_is_unscheduled) {
  auto programme = given({"schedule_session theme=alpha session=3 date=2024-03-01 part=morning"});
  for (int number : {-1, 0, 1, 2, 4}) EXPECT_EQ(status(programme, number), "unscheduled") << number;
}

TEST(Sessions, are_in_order_of_date_part_theme_and_number) {
  auto programme = given({"set_policy rules={'session_order':'ignore','too_close':'ignore'}",
                          "schedule_session theme=beta session=1 date=2024-03-01 part=evening",
                          "schedule_session theme=beta session=2 date=2024-03-01 part=afternoon",
                          "schedule_session theme=beta session=3 date=2024-03-01 part=full_day",
                          "schedule_session theme=beta session=5 date=2024-03-01 part=morning",
                          "schedule_session theme=beta session=4 date=2024-03-01 part=morning",
                          "schedule_session theme=alpha session=2 date=2024-03-01 part=morning",
                          "schedule_session theme=alpha session=1 date=2024-02-01 part=evening",
                          "cancel_session theme=alpha session=2"});
  Texts order;
  for (auto [theme, number] : rules::in_order(programme.facts()))
    order.push_back(concat(programme.facts().theme_ids[theme].text, '/', number));
  EXPECT_EQ(order, (Texts{"alpha/1", "alpha/2", "beta/4", "beta/5", "beta/3", "beta/2", "beta/1"}));
}

}  // namespace
}  // namespace kring::test
