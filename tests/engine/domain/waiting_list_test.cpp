// The waiting list: who gets a free place, who is passed over, and from which day the tenure counts.
#include "tests/support/given.h"

namespace kring::test {
namespace {

// One place in alpha, which n1 has from 2024-02-01.
const std::vector<Step> full{"set_policy capacity={'alpha':1}",
                             "enrol theme=alpha area=noord person=n1 effective=2024-02-01"};
const Step z1_waits = "2024-01-02 enrol theme=alpha area=zuid person=z1";
const Step w1_waits = "2024-01-03 enrol theme=alpha area=west person=w1";

TEST(WaitingList, gives_the_place_that_comes_free_to_the_first) {
  given(full)
      .and_given({z1_waits, w1_waits})
      .when("withdraw theme=alpha person=n1 effective=2024-05-01", "2024-04-01")
      .then_events(
          {"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-02-01 to=2024-05-01",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-02 from=2024-05-01 passed_over=[]"});
}

TEST(WaitingList, keeps_the_order_of_joining_whatever_the_dates) {
  given(full)
      .and_given({"2024-03-01 enrol theme=alpha area=zuid person=z1 effective=2024-03-01",
                  "2024-03-02 enrol theme=alpha area=west person=w1 effective=2024-02-01"})
      .when("withdraw theme=alpha person=n1 effective=2024-05-01")
      .then_events(
          {"EnrolmentWithdrawn",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-03-01 from=2024-05-01 passed_over=[]"});
}

TEST(WaitingList, stays_as_it_is_when_a_waiter_leaves) {
  given(full)
      .and_given({z1_waits, w1_waits})
      .when("withdraw theme=alpha person=z1", "2024-02-01")
      .then_events({"WaitlistLeft"});
}

TEST(WaitingList, gives_nothing_while_the_theme_is_over_its_capacity) {
  given({"enrol theme=alpha area=noord person=n1", "enrol theme=alpha area=zuid person=z1",
         "set_policy capacity={'alpha':1}", "enrol theme=alpha area=west person=w1"})
      .when("withdraw theme=alpha person=n1")
      .then_events({"EnrolmentWithdrawn"})
      .when("withdraw theme=alpha person=z1")
      .then_events({"EnrolmentWithdrawn", "PlaceGranted"});
}

TEST(WaitingList, passes_over_whoever_has_no_free_seat_or_is_not_eligible) {
  // n2 waits for the seat that n1 has; z1 lost the role; w1 is next. z2 holds the other place, and leaves it.
  given({"set_policy capacity={'alpha':2} seats_per_area=2", "enrol theme=alpha area=noord person=n1",
         "enrol theme=alpha area=zuid person=z2", "enrol theme=alpha area=noord person=n2",
         "enrol theme=alpha area=zuid person=z1", "enrol theme=alpha area=west person=w1",
         "set_policy seats_per_area=1", "change_person person=z1 role=guest"})
      .when("withdraw theme=alpha person=z2", "2024-02-01")
      .then_events({"EnrolmentWithdrawn",
                    "PlaceGranted theme=alpha area=west person=w1 rank=3 since=2024-01-01 from=2024-02-01 "
                    "passed_over=[{'person':'n2','reason':'seat_taken'},{'person':'z1','reason':'not_eligible'}]"});
}

TEST(WaitingList, says_seat_taken_of_somebody_who_is_not_eligible_either) {
  given({"set_policy capacity={'alpha':2} seats_per_area=2", "enrol theme=alpha area=noord person=n1",
         "enrol theme=alpha area=zuid person=z2", "enrol theme=alpha area=noord person=n2",
         "enrol theme=alpha area=west person=w1", "set_policy seats_per_area=1", "change_person person=n2 role=guest"})
      .when("withdraw theme=alpha person=z2", "2024-02-01")
      .then_events({"EnrolmentWithdrawn",
                    "PlaceGranted theme=alpha area=west person=w1 rank=2 since=2024-01-01 from=2024-02-01 "
                    "passed_over=[{'person':'n2','reason':'seat_taken'}]"});
}

TEST(WaitingList, keeps_the_place_of_whoever_was_passed_over) {
  given({"set_policy capacity={'alpha':1}", "enrol theme=alpha area=noord person=n1",
         "enrol theme=alpha area=zuid person=z1", "enrol theme=alpha area=west person=w1",
         "change_person person=z1 role=guest", "withdraw theme=alpha person=n1",
         "change_person person=z1 role=coordinator"})
      .when("withdraw theme=alpha person=w1")
      .then_events(
          {"EnrolmentWithdrawn",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-01 from=2024-01-01 passed_over=[]"});
}

TEST(WaitingList, gives_nothing_where_nobody_may_have_it) {
  given(full)
      .and_given({z1_waits, "change_person person=z1 role=guest"})
      .when("withdraw theme=alpha person=n1", "2024-03-01")
      .then_events({"EnrolmentWithdrawn"});
}

// ---- after a change of the policy or of a person ----

TEST(WaitingList, moves_when_the_capacity_is_raised) {
  given(full)
      .and_given({z1_waits, w1_waits})
      .when("set_policy capacity={'alpha':3}", "2024-03-01")
      .then_events(
          {"PolicySet",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-02 from=2024-03-01 passed_over=[]",
           "PlaceGranted theme=alpha area=west person=w1 rank=1 since=2024-01-03 from=2024-03-01 passed_over=[]"});
}

TEST(WaitingList, grants_from_the_effective_date_of_the_decision) {
  given(full)
      .and_given({z1_waits})
      .when("set_policy capacity={'alpha':2} effective=2024-06-01", "2024-03-01")
      .then_events(
          {"PolicySet",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-02 from=2024-06-01 passed_over=[]"});
  given(full)
      .and_given({z1_waits})
      .when("set_policy capacity={'alpha':null}", "2024-03-01")
      .then_events({"PolicySet", "PlaceGranted"});
}

TEST(WaitingList, moves_when_an_area_gets_more_seats) {
  given({"set_policy capacity={'alpha':1}", "enrol theme=alpha area=noord person=n1",
         "enrol theme=alpha area=zuid person=z1", "enrol theme=alpha area=zuid person=z2",
         "set_policy capacity={'alpha':3}"})
      .when("set_policy seats_per_area=2", "2024-02-01")
      .then_events(
          {"PolicySet",
           "PlaceGranted theme=alpha area=zuid person=z2 rank=1 since=2024-01-01 from=2024-02-01 passed_over=[]"});
}

TEST(WaitingList, moves_when_roles_become_eligible) {
  given({"set_policy capacity={'alpha':0}", "enrol theme=alpha area=zuid person=z1",
         "change_person person=z1 role=guest", "set_policy capacity={'alpha':1}"})
      .when("set_policy eligible_roles=['guest']", "2024-02-01")
      .then_events({"PolicySet", "PlaceGranted"});
}

TEST(WaitingList, moves_when_a_waiter_becomes_eligible) {
  given({"set_policy capacity={'alpha':0}", "enrol theme=alpha area=zuid person=z1",
         "change_person person=z1 role=guest", "set_policy capacity={'alpha':1}"})
      .when("change_person person=z1 role=coordinator", "2024-02-01")
      .then_events(
          {"PersonChanged",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-01 from=2024-02-01 passed_over=[]"});
}

TEST(WaitingList, takes_the_effective_date_of_a_change_of_a_person) {
  given({"set_policy capacity={'alpha':0}", "enrol theme=alpha area=zuid person=z1",
         "change_person person=z1 role=guest", "set_policy capacity={'alpha':1}"})
      .when("change_person person=z1 role=coordinator effective=2024-07-01", "2024-02-01")
      .then_events(
          {"PersonChanged",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-01 from=2024-07-01 passed_over=[]"});
}

TEST(WaitingList, of_several_themes_goes_in_the_order_in_which_they_were_added) {
  // beta was added before alpha.
  given({"set_policy capacity={'alpha':0,'beta':0}", "enrol theme=alpha area=zuid person=z1",
         "enrol theme=beta area=zuid person=z1", "enrol theme=beta area=west person=w1"})
      .when("set_policy capacity={'alpha':1,'beta':2}", "2024-02-01")
      .then_events(
          {"PolicySet",
           "PlaceGranted theme=beta area=zuid person=z1 rank=1 since=2024-01-01 from=2024-02-01 passed_over=[]",
           "PlaceGranted theme=beta area=west person=w1 rank=1 since=2024-01-01 from=2024-02-01 passed_over=[]",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-01 from=2024-02-01 passed_over=[]"});
}

// ---- the day from which the tenure counts: the latest of four ----

TEST(TenureGranted, starts_not_before_the_place_is_free) {
  given(full)
      .and_given({z1_waits})
      .when("withdraw theme=alpha person=n1 effective=2024-09-01", "2024-03-01")
      .then_events(
          {"EnrolmentWithdrawn",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-02 from=2024-09-01 passed_over=[]"});
}

TEST(TenureGranted, starts_not_before_the_person_waits) {
  given(full)
      .and_given({"enrol theme=alpha area=zuid person=z1 effective=2024-10-01"})
      .when("withdraw theme=alpha person=n1 effective=2024-09-01", "2024-03-01")
      .then_events(
          {"EnrolmentWithdrawn",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-10-01 from=2024-10-01 passed_over=[]"});
}

TEST(TenureGranted, starts_not_before_the_seat_has_room_for_good) {
  // z1 leaves the seat of zuid only in November, but the theme has a place from the policy's day on.
  given({"set_policy capacity={'alpha':1} seats_per_area=2", "enrol theme=alpha area=zuid person=z1",
         "enrol theme=alpha area=zuid person=z2", "set_policy seats_per_area=1 capacity={'alpha':0}",
         "withdraw theme=alpha person=z1 effective=2024-11-01"})
      .when("set_policy capacity={'alpha':1}", "2024-03-01")
      .then_events(
          {"PolicySet",
           "PlaceGranted theme=alpha area=zuid person=z2 rank=1 since=2024-01-01 from=2024-11-01 passed_over=[]"});
}

TEST(TenureGranted, starts_not_before_the_persons_own_earlier_time_ends) {
  given({"set_policy seats_per_area=2", "enrol theme=alpha area=zuid person=z1",
         "withdraw theme=alpha person=z1 effective=2024-08-01", "set_policy capacity={'alpha':0}",
         "enrol theme=alpha area=zuid person=z1 effective=2024-02-01"})
      .when("set_policy capacity={'alpha':1}", "2024-03-01")
      .then_events(
          {"PolicySet",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-02-01 from=2024-08-01 passed_over=[]"});
}

TEST(TenureGranted, may_start_before_the_recording_day) {
  given(full)
      .and_given({z1_waits})
      .when("withdraw theme=alpha person=n1 effective=2024-02-15", "2024-06-01")
      .then_events(
          {"EnrolmentWithdrawn",
           "PlaceGranted theme=alpha area=zuid person=z1 rank=1 since=2024-01-02 from=2024-02-15 passed_over=[]"});
}

TEST(TenureGranted, is_not_checked_for_clashes) {
  given(full)
      .and_given({z1_waits, "enrol theme=beta area=zuid person=z1",
                  "schedule_session theme=alpha session=1 date=2024-08-01 part=morning",
                  "schedule_session theme=beta session=1 date=2024-08-01 part=morning",
                  "set_policy rules={'participant_clash':'block'}"})
      .when("withdraw theme=alpha person=n1", "2024-03-01")
      .then_events({"EnrolmentWithdrawn", "PlaceGranted"})
      .then_warns({});
}

}  // namespace
}  // namespace kring::test
