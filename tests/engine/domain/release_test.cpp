// Releasing the schedule: what a release contains, how it compares with the one before, and what stands in its way.
#include "tests/support/given.h"

namespace kring::test {
namespace {

const Step alpha_1 = "schedule_session theme=alpha session=1 date=2024-03-01 part=morning";
const Step alpha_2 = "schedule_session theme=alpha session=2 date=2024-04-01 part=morning";
const Step beta_1 = "schedule_session theme=beta session=1 date=2024-03-01 part=evening";
const Step release = "release_schedule";

constexpr auto alpha_1_out = "{'theme':'alpha','session':1,'date':'2024-03-01','part':'morning'}";

std::string released(int version, const std::string& fresh, const std::string& changed, const std::string& cancelled,
                     const std::string& sessions) {
  return concat("ScheduleReleased version=", version, " new=[", fresh, "] changed=[", changed, "] cancelled=[",
                cancelled, "] sessions=[", sessions, "]");
}
std::string at(const char* theme, int session) { return concat("{'theme':'", theme, "','session':", session, "}"); }

TEST(ReleaseSchedule, first_holds_all_that_is_scheduled_by_theme_and_session) {
  given({beta_1, alpha_2, alpha_1, "assign_venue theme=beta session=1 venue=zaal"})
      .when("release_schedule note=Eerste")
      .then_events(
          {released(1, at("alpha", 1) + "," + at("alpha", 2) + "," + at("beta", 1), "", "",
                    std::string(alpha_1_out) + ",{'theme':'alpha','session':2,'date':'2024-04-01','part':'morning'}," +
                        "{'theme':'beta','session':1,'date':'2024-03-01','part':'evening','venue':'zaal'}")});
}

TEST(ReleaseSchedule, needs_something_that_differs) {
  given().when("release_schedule").then_refused("nothing_to_release");
  given({alpha_1, release}).when("release_schedule").then_refused("nothing_to_release");
  given({alpha_1, "cancel_session theme=alpha session=1"}).when("release_schedule").then_refused("nothing_to_release");
}

TEST(ReleaseSchedule, does_not_count_what_is_put_back) {
  given({alpha_1, release, "move_session theme=alpha session=1 date=2024-03-02 part=evening",
         "move_session theme=alpha session=1 date=2024-03-01 part=morning"})
      .when("release_schedule")
      .then_refused("nothing_to_release");
}

TEST(ReleaseSchedule, does_not_count_agendas_hosts_and_people) {
  given({alpha_1, release, "set_agenda theme=alpha session=1 items=[]", "enrol theme=alpha area=noord person=n1"})
      .when("release_schedule")
      .then_refused("nothing_to_release");
}

TEST(ReleaseSchedule, tells_what_is_new_against_the_last_one) {
  given({alpha_1, release, alpha_2})
      .when("release_schedule")
      .then_events(
          {released(2, at("alpha", 2), "", "",
                    std::string(alpha_1_out) + ",{'theme':'alpha','session':2,'date':'2024-04-01','part':'morning'}")});
}

TEST(ReleaseSchedule, tells_what_changed_in_date_part_or_venue) {
  given({alpha_1, release, "move_session theme=alpha session=1 date=2024-03-02 part=morning"})
      .when("release_schedule")
      .then_events(
          {released(2, "", at("alpha", 1), "", "{'theme':'alpha','session':1,'date':'2024-03-02','part':'morning'}")});
  given({alpha_1, release, "move_session theme=alpha session=1 date=2024-03-01 part=evening"})
      .when("release_schedule")
      .then_events(
          {released(2, "", at("alpha", 1), "", "{'theme':'alpha','session':1,'date':'2024-03-01','part':'evening'}")});
  given({alpha_1, release, "assign_venue theme=alpha session=1 venue=zaal"})
      .when("release_schedule")
      .then_events({released(2, "", at("alpha", 1), "",
                             "{'theme':'alpha','session':1,'date':'2024-03-01','part':'morning','venue':'zaal'}")});
}

TEST(ReleaseSchedule, tells_what_was_cancelled_and_tells_it_once) {
  given({beta_1, alpha_1, release, "cancel_session theme=beta session=1", "cancel_session theme=alpha session=1"})
      .when("release_schedule")
      .then_events({released(2, "", "", at("alpha", 1) + "," + at("beta", 1), "")})
      .when("release_schedule")
      .then_refused("nothing_to_release");
}

TEST(ReleaseSchedule, calls_a_session_new_that_was_cancelled_in_the_last_one_and_is_scheduled_again) {
  given({alpha_1, release, "cancel_session theme=alpha session=1", release, alpha_1})
      .when("release_schedule")
      .then_events({released(3, at("alpha", 1), "", "", alpha_1_out)});
}

TEST(ReleaseSchedule, calls_a_session_changed_that_was_cancelled_and_scheduled_again_between_releases) {
  given({alpha_1, release, "cancel_session theme=alpha session=1", alpha_1})
      .when("release_schedule")
      .then_refused("nothing_to_release");
  given({alpha_1, release, "cancel_session theme=alpha session=1",
         "schedule_session theme=alpha session=1 date=2024-03-05 part=morning"})
      .when("release_schedule")
      .then_events(
          {released(2, "", at("alpha", 1), "", "{'theme':'alpha','session':1,'date':'2024-03-05','part':'morning'}")});
}

// ---- conflicts in the way ----

const std::vector<Step> too_small{alpha_1, "assign_venue theme=alpha session=1 venue=hok",
                                  "enrol theme=alpha area=noord person=n1", "enrol theme=alpha area=zuid person=z1"};

TEST(ReleaseSchedule, is_refused_while_a_blocking_conflict_stands) {
  given(too_small).when("release_schedule").then_refused("conflicts_block_release");
  given(too_small)
      .and_given({"set_policy rules={'venue_too_small':'block_release'}"})
      .when("release_schedule")
      .then_refused("conflicts_block_release");
  given(too_small)
      .and_given({"change_venue venue=hok capacity=2"})
      .when("release_schedule")
      .then_events({"ScheduleReleased"});
}

TEST(ReleaseSchedule, does_not_mind_conflicts_that_only_warn) {
  for (const char* severity : {"warn", "ignore"})
    given(too_small)
        .and_given({concat("set_policy rules={'venue_too_small':'", severity, "'}")})
        .when("release_schedule")
        .then_events({"ScheduleReleased"})
        .then_warns({});
}

TEST(ReleaseSchedule, says_conflict_before_nothing_to_release) {
  given({alpha_1, "assign_venue theme=alpha session=1 venue=hok", release, "enrol theme=alpha area=noord person=n1",
         "enrol theme=alpha area=zuid person=z1"})
      .when("release_schedule")
      .then_refused("conflicts_block_release");
}

TEST(ReleaseSchedule, with_accept_passes_the_rules_named) {
  given(too_small).when("release_schedule accept=['venue_too_small'] reason=R").then_events({"ScheduleReleased"});
  given(too_small).when("release_schedule accept=['too_close'] reason=R").then_refused("conflicts_block_release");
}

TEST(ReleaseSchedule, minds_no_conflict_of_a_cancelled_or_held_session) {
  given(too_small)
      .and_given({"cancel_session theme=alpha session=1", beta_1})
      .when("release_schedule")
      .then_events({"ScheduleReleased"});
  given({alpha_1, "assign_venue theme=alpha session=1 venue=hok", "enrol theme=alpha area=noord person=n1", release,
         "2024-03-02 record_attendance theme=alpha session=1 person=n1 status=present",
         "enrol theme=alpha area=zuid person=z1", beta_1})
      .when("release_schedule", "2024-03-02")
      .then_events({"ScheduleReleased"});
}

TEST(ReleaseSchedule, minds_the_conflict_of_the_other_side_of_a_held_session) {
  given({alpha_1, "schedule_session theme=beta session=1 date=2024-03-01 part=afternoon",
         "assign_venue theme=alpha session=1 venue=zaal", "assign_venue theme=beta session=1 venue=zaal",
         "enrol theme=alpha area=noord person=n1", release,
         "2024-03-02 record_attendance theme=alpha session=1 person=n1 status=present",
         "set_policy rules={'venue_double_booked':'warn'}"})
      .and_given({Event(event::SessionMoved{{"beta"}, 1, *parse_day("2024-03-01"), Part::morning, {}, {}}),
                  "set_policy rules={'venue_double_booked':'block'}"})
      .when("release_schedule", "2024-03-02")
      .then_refused("conflicts_block_release");
}

}  // namespace
}  // namespace kring::test
