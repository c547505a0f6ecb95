// Standing conflicts: what is broken now, whoever broke it.
#include <gtest/gtest.h>

#include "tests/support/given.h"

namespace kring::test {
namespace {

Texts conflicts(const Given& programme) {
  Texts all;
  const auto& facts = programme.facts();
  for (const auto& c : rules::conflicts(facts)) {
    EXPECT_FALSE(c.detail.empty());
    all.push_back(concat(name_of(c.rule), ' ', name_of(c.severity), ' ', facts.theme_ids[c.theme].text, '/', c.session,
                         c.person ? " " + facts.person_ids[c.person].text : "",
                         c.venue ? " " + facts.venue_ids[c.venue].text : ""));
  }
  return all;
}

const std::vector<Step> one_morning{"enrol theme=alpha area=noord person=n1", "enrol theme=beta area=noord person=n1",
                                    "schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
                                    "schedule_session theme=beta session=1 date=2024-03-01 part=full_day"};

TEST(Conflicts, are_none_where_every_rule_holds) {
  auto programme = given({"schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
                          "assign_venue theme=alpha session=1 venue=zaal"});
  EXPECT_EQ(conflicts(programme), Texts{});
}

TEST(Conflicts, show_on_both_sides_of_a_pair_in_the_order_of_sessions) {
  auto programme = given(one_morning);
  EXPECT_EQ(conflicts(programme), (Texts{"participant_clash warn alpha/1 n1", "participant_clash warn beta/1 n1"}));
}

TEST(Conflicts, of_people_are_one_each_by_their_ids) {
  // z1 was registered after n1, and a1 last of all.
  auto programme = given(one_morning);
  programme.and_given(
      {"enrol theme=alpha area=zuid person=z1", "register_area area=oost name=Oost municipality=Stad",
       "register_person person=a1 area=oost role=coordinator name=Iemand", "enrol theme=alpha area=oost person=a1",
       "declare_unavailable person=z1 from=2024-03-01 to=2024-03-01",
       "declare_unavailable person=a1 from=2024-03-01 to=2024-03-01", "cancel_session theme=beta session=1"});
  EXPECT_EQ(conflicts(programme), (Texts{"person_unavailable warn alpha/1 a1", "person_unavailable warn alpha/1 z1"}));
}

TEST(Conflicts, come_from_changes_that_are_accepted_later) {
  auto programme = given({"schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
                          "assign_venue theme=alpha session=1 venue=hok", "enrol theme=alpha area=noord person=n1"});
  EXPECT_EQ(conflicts(programme), Texts{});
  programme.and_given({"enrol theme=alpha area=zuid person=z1",
                       "declare_unavailable venue=hok from=2024-03-01 to=2024-03-01", "change_programme to=2024-02-29",
                       "set_policy blackouts=[{'from':'2024-03-01','to':'2024-03-01','label':'B'}]"});
  EXPECT_EQ(conflicts(programme), (Texts{"outside_period block alpha/1", "blackout warn alpha/1",
                                         "venue_unavailable block alpha/1 hok", "venue_too_small block alpha/1 hok"}));
}

TEST(Conflicts, follow_the_severities_of_the_policy) {
  auto programme = given(one_morning);
  programme.and_given({"set_policy rules={'participant_clash':'block_release'}"});
  EXPECT_EQ(conflicts(programme),
            (Texts{"participant_clash block_release alpha/1 n1", "participant_clash block_release beta/1 n1"}));
  programme.and_given({"set_policy rules={'participant_clash':'ignore'}"});
  EXPECT_EQ(conflicts(programme), Texts{});
}

TEST(Conflicts, do_not_count_cancelled_sessions) {
  auto programme = given(one_morning);
  programme.and_given({"cancel_session theme=alpha session=1"});
  EXPECT_EQ(conflicts(programme), Texts{});
}

TEST(Conflicts, of_a_held_session_are_none_and_the_other_side_keeps_its_row) {
  auto programme = given(one_morning);
  programme.and_given(
      {"release_schedule", "2024-03-01 record_attendance theme=alpha session=1 person=n1 status=present"});
  EXPECT_EQ(conflicts(programme), (Texts{"participant_clash warn beta/1 n1"}));
}

TEST(Conflicts, of_places_granted_from_the_waiting_list_show) {
  auto programme = given({"set_policy capacity={'alpha':0}", "enrol theme=beta area=noord person=n1",
                          "enrol theme=alpha area=noord person=n1",
                          "schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
                          "schedule_session theme=beta session=1 date=2024-03-01 part=morning"});
  EXPECT_EQ(conflicts(programme), Texts{});
  programme.and_given({"set_policy capacity={'alpha':1}"});
  EXPECT_EQ(conflicts(programme), (Texts{"participant_clash warn alpha/1 n1", "participant_clash warn beta/1 n1"}));
}

TEST(Conflicts, of_order_and_distance_show_at_each_session) {
  auto programme = given({"set_policy rules={'session_order':'ignore','too_close':'ignore'}",
                          "schedule_session theme=alpha session=1 date=2024-03-05 part=morning",
                          "schedule_session theme=alpha session=2 date=2024-03-01 part=morning",
                          "set_policy rules={'session_order':null,'too_close':null}"});
  EXPECT_EQ(conflicts(programme), (Texts{"session_order block alpha/2", "too_close block alpha/2",
                                         "session_order block alpha/1", "too_close block alpha/1"}));
}

TEST(Conflicts, of_a_venue_booked_twice_show_at_both) {
  auto programme = given({"set_policy rules={'venue_double_booked':'warn'}",
                          "schedule_session theme=alpha session=1 date=2024-03-01 part=afternoon",
                          "schedule_session theme=beta session=1 date=2024-03-01 part=full_day"});
  programme.and_given(
      {"assign_venue theme=alpha session=1 venue=zaal", "assign_venue theme=beta session=1 venue=zaal"});
  EXPECT_EQ(conflicts(programme),
            (Texts{"venue_double_booked warn beta/1 zaal", "venue_double_booked warn alpha/1 zaal"}));
}

}  // namespace
}  // namespace kring::test
