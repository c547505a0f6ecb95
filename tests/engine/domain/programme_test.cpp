// The programme itself, its policy, themes, areas and venues.
#include "tests/support/given.h"

namespace kring::test {
namespace {

constexpr auto define = "define_programme programme=proef title=Proef from=2024-01-01 to=2024-12-31";

// ---- the programme ----

TEST(DefineProgramme, counts_days_in_amsterdam_unless_it_says_otherwise) {
  from_nothing().when(define).then_events(
      {"ProgrammeDefined title=Proef from=2024-01-01 to=2024-12-31 time_zone=Europe/Amsterdam"});
  from_nothing()
      .when("define_programme programme=p title=P from=2024-01-01 to=2024-01-01 time_zone=Asia/Tokyo")
      .then_events({"ProgrammeDefined title=P from=2024-01-01 to=2024-01-01 time_zone=Asia/Tokyo"});
}

TEST(DefineProgramme, happens_once_and_that_is_said_before_the_period_is_looked_at) {
  from_nothing({define}).when(define).then_refused("programme_exists");
  from_nothing({define})
      .when("define_programme programme=proef title=P from=2024-02-01 to=2024-01-01")
      .then_refused("programme_exists");
}

TEST(DefineProgramme, does_not_end_before_it_begins) {
  from_nothing()
      .when("define_programme programme=p title=P from=2024-01-02 to=2024-01-01")
      .then_refused("invalid_period");
}

TEST(ChangeProgramme, changes_what_it_names) {
  given().when("change_programme title=Nieuw").then_events({"ProgrammeChanged title=Nieuw"});
  given()
      .when("change_programme from=2023-01-01 to=2025-06-30")
      .then_events({"ProgrammeChanged from=2023-01-01 to=2025-06-30"});
}

TEST(ChangeProgramme, holds_a_new_end_against_the_beginning_that_stands) {
  given().when("change_programme to=2023-12-31").then_refused("invalid_period");
  given().when("change_programme from=2025-01-01").then_refused("invalid_period");
  given().when("change_programme to=2024-01-01").then_events({"ProgrammeChanged to=2024-01-01"});
}

TEST(ChangeProgramme, changes_where_sessions_may_be) {
  given({"change_programme to=2025-12-31"})
      .when("schedule_session theme=alpha session=1 date=2025-05-01 part=morning")
      .then_events({"SessionScheduled"});
}

TEST(Expect, refuses_only_when_something_was_recorded_after_it) {
  given().when("add_theme theme=gamma title=G expect=17").then_events({"ThemeAdded"});
  given().when("add_theme theme=gamma title=G expect=16").then_refused("stale");
  given().when("add_theme theme=gamma title=G expect=0").then_refused("stale");
}

TEST(Expect, does_not_count_rejections) {
  auto programme = given();
  programme.when("add_theme theme=alpha title=A").then_refused("theme_exists");
  programme.when("add_theme theme=gamma title=G expect=17").then_events({"ThemeAdded"});
}

TEST(Expect, is_looked_at_before_the_rejections_of_the_command) {
  given().when("add_theme theme=alpha title=A expect=3").then_refused("stale");
}

TEST(Invalid, is_told_with_its_member_before_anything_is_decided) {
  given().when("add_theme theme=alpha title=T sessions=0 expect=0").then_invalid("sessions");
  given().when("schedule_session theme=gamma session=1 date=2024-02-30 part=morning").then_invalid("date");
}

// ---- policy ----

TEST(SetPolicy, records_the_members_that_it_names) {
  given()
      .when(
          "set_policy seats_per_area=2 capacity={'alpha':10,'beta':null} rules={'too_close':'warn'} retention_days=365")
      .then_events({"PolicySet seats_per_area=2 capacity={'alpha':10,'beta':null} rules={'too_close':'warn'} "
                    "retention_days=365"});
  given().when("set_policy retention_days=null").then_events({"PolicySet retention_days=null"});
  given()
      .when(
          "set_policy eligible_roles=['guest'] min_gap_days=0 "
          "blackouts=[{'from':'2024-07-01','to':'2024-08-31','label':'Zomer'}] "
          "part_times={'evening':['20:00','22:00']}")
      .then_events({"PolicySet eligible_roles=['guest'] min_gap_days=0 "
                    "blackouts=[{'from':'2024-07-01','to':'2024-08-31','label':'Zomer'}] "
                    "part_times={'evening':['20:00','22:00']}"});
}

TEST(SetPolicy, refuses_the_capacity_of_a_theme_that_is_not_there) {
  given().when("set_policy capacity={'alpha':1,'gamma':2}").then_refused("unknown_theme");
  given().when("set_policy capacity={'gamma':null}").then_refused("unknown_theme");
}

TEST(SetPolicy, merges_capacities_key_by_key_and_null_takes_one_away) {
  given({"set_policy capacity={'alpha':0}", "set_policy capacity={'beta':0}"})
      .when("enrol theme=alpha area=noord person=n1")
      .then_events({"Waitlisted"})
      .when("enrol theme=beta area=noord person=n1")
      .then_events({"Waitlisted"});
  given({"set_policy capacity={'alpha':0}", "set_policy capacity={'alpha':null}"})
      .when("enrol theme=alpha area=noord person=n1")
      .then_events({"Enrolled"});
}

TEST(SetPolicy, merges_severities_key_by_key_and_null_restores_the_default) {
  const Step early = "schedule_session theme=alpha session=1 date=2024-02-01 part=morning";
  const auto close = "schedule_session theme=alpha session=2 date=2024-02-02 part=morning";
  given({early, "set_policy rules={'too_close':'ignore'}", "set_policy rules={'blackout':'block'}"})
      .when(close)
      .then_events({"SessionScheduled"});
  given({early, "set_policy rules={'too_close':'ignore'}", "set_policy rules={'too_close':null}"})
      .when(close)
      .then_refused("too_close");
}

TEST(SetPolicy, replaces_lists_as_a_whole) {
  given({"set_policy eligible_roles=['guest']"})
      .when("enrol theme=alpha area=noord person=n1")
      .then_refused("not_eligible");
  given({"set_policy eligible_roles=['guest']"})
      .when("enrol theme=alpha area=noord person=g1")
      .then_events({"Enrolled"});
  given({"set_policy eligible_roles=[]"}).when("enrol theme=alpha area=noord person=g1").then_refused("not_eligible");
}

// ---- themes ----

TEST(AddTheme, has_five_sessions_unless_it_says_otherwise) {
  given().when("add_theme theme=gamma title=Gamma").then_events({"ThemeAdded theme=gamma title=Gamma sessions=5"});
  given()
      .when("add_theme theme=gamma title=Gamma sessions=7 capacity=0")
      .then_events({"ThemeAdded theme=gamma title=Gamma sessions=7 capacity=0"});
}

TEST(AddTheme, happens_once) { given().when("add_theme theme=alpha title=Alpha").then_refused("theme_exists"); }

TEST(AddTheme, sets_the_same_capacity_as_the_policy_does) {
  given({"add_theme theme=gamma title=G capacity=0"})
      .when("enrol theme=gamma area=noord person=n1")
      .then_events({"Waitlisted"});
  given({"add_theme theme=gamma title=G capacity=0", "set_policy capacity={'gamma':null}"})
      .when("enrol theme=gamma area=noord person=n1")
      .then_events({"Enrolled"});
}

TEST(ChangeTheme, changes_what_it_names) {
  given().when("change_theme theme=alpha title=Nieuw").then_events({"ThemeChanged theme=alpha title=Nieuw"});
  given().when("change_theme theme=alpha sessions=1").then_events({"ThemeChanged theme=alpha sessions=1"});
  given().when("change_theme theme=gamma sessions=1").then_refused("unknown_theme");
}

TEST(ChangeTheme, keeps_every_session_that_was_once_scheduled) {
  const std::vector<Step> second{"schedule_session theme=alpha session=2 date=2024-02-01 part=morning"};
  given(second).when("change_theme theme=alpha sessions=1").then_refused("sessions_in_use");
  given(second).when("change_theme theme=alpha sessions=2").then_events({"ThemeChanged"});
  given(second)
      .and_given({"cancel_session theme=alpha session=2"})
      .when("change_theme theme=alpha sessions=1")
      .then_refused("sessions_in_use");
}

TEST(ChangeTheme, decides_which_sessions_there_are) {
  given({"change_theme theme=alpha sessions=4"})
      .when("schedule_session theme=alpha session=4 date=2024-02-01 part=morning")
      .then_events({"SessionScheduled"});
  given({"change_theme theme=alpha sessions=2"})
      .when("schedule_session theme=alpha session=3 date=2024-02-01 part=morning")
      .then_refused("unknown_session");
}

}  // namespace
}  // namespace kring::test
