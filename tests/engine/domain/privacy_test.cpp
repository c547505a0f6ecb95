// Forgetting people, one by one and when their time is over.
#include "tests/support/given.h"

namespace kring::test {
namespace {

const Step alpha_1 = "schedule_session theme=alpha session=1 date=2024-03-01 part=morning";
const Step beta_1 = "schedule_session theme=beta session=1 date=2024-03-02 part=morning";

TEST(ForgetPerson, of_somebody_who_takes_no_part_is_a_single_event) {
  given().when("forget_person person=s1").then_events({"PersonForgotten person=s1"});
}

TEST(ForgetPerson, happens_once_to_somebody_who_is_known) {
  given().when("forget_person person=n9").then_refused("unknown_person");
  given({"forget_person person=n1"}).when("forget_person person=n1").then_refused("forgotten_person");
}

TEST(ForgetPerson, leaves_each_theme_in_the_order_in_which_they_were_added) {
  given({"set_policy capacity={'alpha':0}", "enrol theme=alpha area=noord person=n1",
         "enrol theme=beta area=noord person=n1"})
      .when("forget_person person=n1", "2024-04-01")
      .then_events({"EnrolmentWithdrawn theme=beta area=noord person=n1 from=2024-01-01 to=2024-04-01",
                    "WaitlistLeft theme=alpha area=noord person=n1 rank=1 since=2024-01-01 to=2024-04-01",
                    "PersonForgotten person=n1"});
}

TEST(ForgetPerson, gives_each_place_away_before_it_leaves_the_next_theme) {
  given({"set_policy capacity={'alpha':1,'beta':1}", "enrol theme=alpha area=noord person=n1",
         "enrol theme=beta area=noord person=n1", "enrol theme=alpha area=zuid person=z1",
         "enrol theme=beta area=west person=w1"})
      .when("forget_person person=n1", "2024-04-01")
      .then_events(
          {"EnrolmentWithdrawn theme=beta area=noord person=n1 from=2024-01-01 to=2024-04-01",
           "PlaceGranted theme=beta area=west person=w1 rank=1 since=2024-01-01 from=2024-04-01 passed_over=[]",
           "EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-01-01 to=2024-04-01",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-01 from=2024-04-01 passed_over=[]",
           "PersonForgotten person=n1"});
}

TEST(ForgetPerson, leaves_from_the_latest_of_today_the_start_and_the_day_after_the_last_attendance) {
  given({"enrol theme=alpha area=noord person=n1 effective=2024-09-01"})
      .when("forget_person person=n1", "2024-04-01")
      .then_events(
          {"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-09-01 to=2024-09-01", "PersonForgotten"});
  given({"enrol theme=alpha area=noord person=n1", alpha_1, "release_schedule",
         "2024-03-01 record_attendance theme=alpha session=1 person=n1 status=present"})
      .when("forget_person person=n1", "2024-03-01")
      .then_events(
          {"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-01-01 to=2024-03-02", "PersonForgotten"});
}

TEST(ForgetPerson, takes_no_notice_of_an_effective_date) {
  given({"enrol theme=alpha area=noord person=n1 effective=2024-02-01"})
      .when("forget_person person=n1 effective=2024-01-01", "2024-04-01")
      .then_events(
          {"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-02-01 to=2024-04-01", "PersonForgotten"});
}

TEST(ForgetPerson, grants_the_place_from_the_day_on_which_it_is_free) {
  given({"set_policy capacity={'alpha':1}", "enrol theme=alpha area=noord person=n1 effective=2024-09-01",
         "enrol theme=alpha area=zuid person=z1"})
      .when("forget_person person=n1", "2024-04-01")
      .then_events(
          {"EnrolmentWithdrawn",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-01 from=2024-09-01 passed_over=[]",
           "PersonForgotten"});
}

// ---- where the person stands in ----

// n2 stands in for n1 in beta/1, alpha/1 and alpha/2: recorded in that order.
const std::vector<Step> stands_in{"enrol theme=alpha area=noord person=n1",
                                  "enrol theme=beta area=noord person=n1",
                                  alpha_1,
                                  "schedule_session theme=alpha session=2 date=2024-05-01 part=morning",
                                  beta_1,
                                  "substitute theme=beta session=1 person=n1 by=n2",
                                  "substitute theme=alpha session=2 person=n1 by=n2",
                                  "substitute theme=alpha session=1 person=n1 by=n2"};

TEST(ForgetPerson, ends_substitutions_by_theme_id_and_session) {
  given(stands_in)
      .when("forget_person person=n2", "2024-02-01")
      .then_events({"SubstitutionEnded theme=alpha session=1 person=n1 by=n2",
                    "SubstitutionEnded theme=alpha session=2 person=n1 by=n2",
                    "SubstitutionEnded theme=beta session=1 person=n1 by=n2", "PersonForgotten person=n2"});
}

TEST(ForgetPerson, keeps_substitutions_of_cancelled_sessions_and_where_attendance_is_recorded) {
  given(stands_in)
      .and_given({"release_schedule", "2024-05-01 record_attendance theme=alpha session=1 person=n2 status=no_show",
                  "2024-05-01 cancel_session theme=beta session=1"})
      .when("forget_person person=n2", "2024-05-02")
      .then_events({"SubstitutionEnded theme=alpha session=2 person=n1 by=n2", "PersonForgotten person=n2"});
}

TEST(ForgetPerson, ends_a_substitution_where_only_the_one_replaced_is_recorded) {
  given({"enrol theme=alpha area=noord person=n1", alpha_1, "substitute theme=alpha session=1 person=n1 by=n2",
         "release_schedule", "2024-03-01 record_attendance theme=alpha session=1 person=n1 status=excused"})
      .when("forget_person person=n2", "2024-03-02")
      .then_events({"SubstitutionEnded theme=alpha session=1 person=n1 by=n2", "PersonForgotten"});
}

TEST(ForgetPerson, ends_a_substitution_whose_tenure_no_longer_covers_the_date) {
  given({"enrol theme=alpha area=noord person=n1", alpha_1, "substitute theme=alpha session=1 person=n1 by=n2",
         "withdraw theme=alpha person=n1 effective=2024-02-01"})
      .when("forget_person person=n2", "2024-02-02")
      .then_events({"SubstitutionEnded theme=alpha session=1 person=n1 by=n2", "PersonForgotten"});
}

TEST(ForgetPerson, leaves_substitutions_for_that_person_alone) {
  given(stands_in)
      .when("forget_person person=n1", "2024-02-01")
      .then_events({"EnrolmentWithdrawn theme=beta area=noord person=n1 from=2024-01-01 to=2024-02-01",
                    "EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-01-01 to=2024-02-01",
                    "PersonForgotten person=n1"});
}

TEST(ForgetPerson, leaves_first_and_ends_substitutions_then) {
  given(stands_in)
      .and_given({"set_policy seats_per_area=2", "enrol theme=alpha area=noord person=n2 effective=2024-06-01"})
      .when("forget_person person=n2", "2024-02-01")
      .then_events({"EnrolmentWithdrawn theme=alpha area=noord person=n2 from=2024-06-01 to=2024-06-01",
                    "SubstitutionEnded theme=alpha session=1 person=n1 by=n2",
                    "SubstitutionEnded theme=alpha session=2 person=n1 by=n2",
                    "SubstitutionEnded theme=beta session=1 person=n1 by=n2", "PersonForgotten person=n2"});
}

TEST(ForgetPerson, makes_room_at_once) {
  given({"enrol theme=alpha area=noord person=n1", "2024-02-01 forget_person person=n1"})
      .when("enrol theme=alpha area=noord person=n2", "2024-02-01")
      .then_events({"Enrolled theme=alpha area=noord person=n2 from=2024-02-01"});
}

// ---- retention ----

// A programme to 2024-12-31 with two people, who are kept for 30 days after it: to 2025-01-30.
const std::vector<Step> small{"define_programme programme=p title=P from=2024-01-01 to=2024-12-31",
                              "add_theme theme=alpha title=A capacity=1",
                              "register_area area=noord name=N municipality=S",
                              "register_area area=zuid name=Z municipality=S",
                              "register_person person=z1 area=zuid role=coordinator name=Iemand",
                              "register_person person=n1 area=noord role=coordinator name=Iemand",
                              "enrol theme=alpha area=zuid person=z1 effective=2024-02-01",
                              "enrol theme=alpha area=noord person=n1 effective=2024-02-01",
                              "set_policy retention_days=30"};

TEST(ApplyRetention, is_due_on_the_day_after_the_period) {
  given().when("apply_retention", "2030-01-01").then_refused("not_due");
  from_nothing(small).when("apply_retention", "2025-01-30").then_refused("not_due");
  from_nothing(small)
      .and_given({"set_policy retention_days=null"})
      .when("apply_retention", "2030-01-01")
      .then_refused("not_due");
  from_nothing(small)
      .and_given({"set_policy retention_days=0"})
      .when("apply_retention", "2024-12-31")
      .then_refused("not_due");
  from_nothing(small)
      .and_given({"change_programme to=2025-12-31"})
      .when("apply_retention", "2025-01-31")
      .then_refused("not_due");
}

TEST(ApplyRetention, looks_at_the_recording_day_and_not_at_an_effective_date) {
  from_nothing(small).when("apply_retention effective=2030-01-01", "2025-01-30").then_refused("not_due");
}

TEST(ApplyRetention, forgets_everybody_by_id_as_forget_person_does) {
  from_nothing(small)
      .when("apply_retention", "2025-01-31")
      .then_events({"WaitlistLeft theme=alpha area=noord person=n1 rank=1 since=2024-02-01 to=2025-01-31",
                    "PersonForgotten person=n1",
                    "EnrolmentWithdrawn theme=alpha area=zuid person=z1 from=2024-02-01 to=2025-01-31",
                    "PersonForgotten person=z1"});
}

TEST(ApplyRetention, gives_a_place_to_somebody_who_is_forgotten_next) {
  from_nothing(small)
      .and_given({"register_person person=a1 area=noord role=coordinator name=Iemand",
                  "withdraw theme=alpha person=z1 effective=2024-03-01",
                  "enrol theme=alpha area=zuid person=z1 effective=2024-03-01"})
      .when("apply_retention", "2025-01-31")
      .then_events(
          {"PersonForgotten person=a1",
           "EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-03-01 to=2025-01-31",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-03-01 from=2025-01-31 passed_over=[]",
           "PersonForgotten person=n1",
           "EnrolmentWithdrawn theme=alpha area=zuid person=z1 from=2025-01-31 to=2025-01-31",
           "PersonForgotten person=z1"});
}

TEST(ApplyRetention, of_nobody_left_changes_nothing) {
  from_nothing(small).and_given({"2025-01-31 apply_retention"}).when("apply_retention", "2025-02-01").then_events({});
}

TEST(ApplyRetention, leaves_those_forgotten_alone) {
  from_nothing(small)
      .and_given({"2024-05-01 forget_person person=n1"})
      .when("apply_retention", "2025-01-31")
      .then_events({"EnrolmentWithdrawn", "PersonForgotten person=z1"});
}

}  // namespace
}  // namespace kring::test
