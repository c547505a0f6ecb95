// Leaving: from which day it counts, what it may not undo, and coming back.
#include "tests/support/given.h"

namespace kring::test {
namespace {

const Step n1_in_alpha = "enrol theme=alpha area=noord person=n1 effective=2024-02-01";

// n1 came to alpha/1 on 2024-03-01 and is on the list of alpha/2 on 2024-04-01 with the status `last`.
std::vector<Step> attended(const std::string& last = "no_show") {
  return {n1_in_alpha,
          "schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
          "schedule_session theme=alpha session=2 date=2024-04-01 part=morning",
          "release_schedule",
          "2024-04-01 record_attendance theme=alpha session=2 person=n1 status=" + last,
          "2024-04-01 record_attendance theme=alpha session=1 person=n1 status=present"};
}

TEST(Withdraw, counts_from_the_effective_date_or_else_from_the_recording_day) {
  given({n1_in_alpha})
      .when("withdraw theme=alpha person=n1 effective=2024-06-01", "2024-05-01")
      .then_events({"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-02-01 to=2024-06-01"});
  given({n1_in_alpha})
      .when("withdraw theme=alpha person=n1", "2024-05-01")
      .then_events({"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-02-01 to=2024-05-01"});
}

TEST(Withdraw, from_a_tenure_to_come_counts_from_its_first_day) {
  given({n1_in_alpha})
      .when("withdraw theme=alpha person=n1", "2024-01-10")
      .then_events({"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-02-01 to=2024-02-01"});
}

TEST(Withdraw, on_the_first_day_leaves_an_empty_tenure) {
  given({n1_in_alpha})
      .when("withdraw theme=alpha person=n1 effective=2024-02-01")
      .then_events({"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-02-01 to=2024-02-01"});
}

TEST(Withdraw, names_a_theme_and_a_person_that_are_there) {
  given().when("withdraw theme=gamma person=n9").then_refused("unknown_theme");
  given().when("withdraw theme=alpha person=n9").then_refused("unknown_person");
}

TEST(Withdraw, needs_a_seat_now_or_a_place_on_the_list) {
  given().when("withdraw theme=alpha person=n1").then_refused("not_enrolled");
  given({n1_in_alpha}).when("withdraw theme=beta person=n1").then_refused("not_enrolled");
  given({n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-12-01"})
      .when("withdraw theme=alpha person=n1")
      .then_refused("not_enrolled");
}

TEST(Withdraw, does_not_count_from_before_the_tenure_began) {
  given({n1_in_alpha}).when("withdraw theme=alpha person=n1 effective=2024-01-31").then_refused("effective_too_early");
}

TEST(Withdraw, does_not_undo_attendance_that_is_recorded) {
  given(attended()).when("withdraw theme=alpha person=n1 effective=2024-01-31").then_refused("effective_too_early");
  given(attended()).when("withdraw theme=alpha person=n1 effective=2024-03-01").then_refused("attendance_recorded");
  given(attended()).when("withdraw theme=alpha person=n1 effective=2024-04-01").then_refused("attendance_recorded");
  given(attended()).when("withdraw theme=alpha person=n1 effective=2024-04-02").then_events({"EnrolmentWithdrawn"});
}

TEST(Withdraw, looks_at_attendance_whatever_its_status) {
  for (const char* status : {"present", "partial", "excused", "no_show"})
    given(attended(status))
        .when("withdraw theme=alpha person=n1 effective=2024-04-01")
        .then_refused("attendance_recorded");
}

TEST(Withdraw, looks_at_the_attendance_of_that_person_in_that_theme_alone) {
  given(attended())
      .and_given({"enrol theme=beta area=noord person=n1 effective=2024-02-01",
                  "enrol theme=alpha area=zuid person=z1 effective=2024-02-01"})
      .when("withdraw theme=beta person=n1 effective=2024-02-02")
      .then_events({"EnrolmentWithdrawn"})
      .when("withdraw theme=alpha person=z1 effective=2024-02-02")
      .then_events({"EnrolmentWithdrawn"});
}

TEST(Withdraw, forgets_attendance_that_was_retracted) {
  given(attended())
      .and_given({"2024-04-02 record_attendance theme=alpha session=2 person=n1 status=none"})
      .when("withdraw theme=alpha person=n1 effective=2024-03-02")
      .then_events({"EnrolmentWithdrawn"});
}

TEST(Withdraw, without_a_date_counts_from_the_day_after_the_last_attendance) {
  given(attended())
      .when("withdraw theme=alpha person=n1", "2024-03-15")
      .then_events({"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-02-01 to=2024-04-02"});
  given(attended())
      .when("withdraw theme=alpha person=n1", "2024-04-01")
      .then_events({"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-02-01 to=2024-04-02"});
  given(attended())
      .when("withdraw theme=alpha person=n1", "2024-04-03")
      .then_events({"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-02-01 to=2024-04-03"});
}

TEST(Withdraw, counts_attendance_as_a_substitute_too) {
  given({"enrol theme=alpha area=noord person=n1 effective=2024-02-01",
         "schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
         "substitute theme=alpha session=1 person=n1 by=n2", "release_schedule",
         "2024-03-01 record_attendance theme=alpha session=1 person=n2 status=present", "set_policy seats_per_area=2",
         "enrol theme=alpha area=noord person=n2 effective=2024-02-01"})
      .when("withdraw theme=alpha person=n2 effective=2024-03-01")
      .then_refused("attendance_recorded");
}

TEST(TransferSeat, does_not_undo_attendance_that_is_recorded) {
  given(attended())
      .when("transfer_seat theme=alpha from=n1 to=z1 effective=2024-04-01")
      .then_refused("attendance_recorded");
  given(attended())
      .when("transfer_seat theme=alpha from=n1 to=z1 effective=2024-04-02")
      .then_refused("person_of_other_area");
  given(attended())
      .when("transfer_seat theme=alpha from=n1 to=n2", "2024-03-15")
      .then_events({"SeatTransferred theme=alpha area=noord from=n1 to=n2 since=2024-02-01 date=2024-04-02"});
}

// ---- the waiting list ----

TEST(Withdraw, takes_a_waiter_off_the_list_on_any_date) {
  const std::vector<Step> waiting{"set_policy capacity={'alpha':0}",
                                  "2024-03-01 enrol theme=alpha area=noord person=n1",
                                  "2024-03-02 enrol theme=alpha area=zuid person=z1"};
  given(waiting)
      .when("withdraw theme=alpha person=z1", "2024-03-05")
      .then_events({"WaitlistLeft theme=alpha area=zuid person=z1 rank=2 since=2024-03-02 to=2024-03-05"});
  given(waiting)
      .when("withdraw theme=alpha person=n1 effective=2024-01-01", "2024-03-05")
      .then_events({"WaitlistLeft theme=alpha area=noord person=n1 rank=1 since=2024-03-01 to=2024-01-01"});
}

TEST(Withdraw, moves_those_behind_a_waiter_up) {
  given({"set_policy capacity={'alpha':0}", "enrol theme=alpha area=noord person=n1",
         "enrol theme=alpha area=zuid person=z1", "withdraw theme=alpha person=n1"})
      .when("withdraw theme=alpha person=z1")
      .then_events({"WaitlistLeft theme=alpha area=zuid person=z1 rank=1 since=2024-01-01 to=2024-01-01"});
}

// ---- coming back ----

TEST(Reenrolment, begins_a_second_tenure_and_the_first_stays_ended) {
  given({n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-05-01",
         "enrol theme=alpha area=noord person=n1 effective=2024-06-01"})
      .when("withdraw theme=alpha person=n1 effective=2024-05-31")
      .then_refused("effective_too_early")
      .when("withdraw theme=alpha person=n1 effective=2024-07-01")
      .then_events({"EnrolmentWithdrawn theme=alpha area=noord person=n1 from=2024-06-01 to=2024-07-01"})
      .when("enrol theme=alpha area=noord person=n1 effective=2024-06-30")
      .then_refused("tenures_overlap");
}

TEST(Reenrolment, after_an_empty_tenure_is_held_against_the_real_one_before_it) {
  given({n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-05-01",
         "enrol theme=alpha area=noord person=n1 effective=2024-06-01",
         "withdraw theme=alpha person=n1 effective=2024-06-01"})
      .when("enrol theme=alpha area=noord person=n1 effective=2024-04-30")
      .then_refused("tenures_overlap")
      .when("enrol theme=alpha area=noord person=n1 effective=2024-05-01")
      .then_events({"Enrolled"});
}

}  // namespace
}  // namespace kring::test
