// Who came: recording, correcting and retracting attendance.
#include "tests/support/given.h"

namespace kring::test {
namespace {

const std::vector<Step> released{"enrol theme=alpha area=noord person=n1 effective=2024-02-01",
                                 "schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
                                 "release_schedule"};
constexpr auto n1_present = "record_attendance theme=alpha session=1 person=n1 status=present";

TEST(RecordAttendance, records_then_corrects_then_retracts) {
  given(released)
      .when(n1_present, "2024-03-01")
      .then_events({"AttendanceRecorded theme=alpha session=1 person=n1 status=present"})
      .when("record_attendance theme=alpha session=1 person=n1 status=no_show", "2024-03-02")
      .then_events({"AttendanceCorrected theme=alpha session=1 person=n1 status=no_show was=present"})
      .when("record_attendance theme=alpha session=1 person=n1 status=none", "2024-03-03")
      .then_events({"AttendanceRetracted theme=alpha session=1 person=n1 was=no_show"})
      .when("record_attendance theme=alpha session=1 person=n1 status=none", "2024-03-04")
      .then_refused("not_recorded")
      .when("record_attendance theme=alpha session=1 person=n1 status=partial", "2024-03-05")
      .then_events({"AttendanceRecorded theme=alpha session=1 person=n1 status=partial"});
}

TEST(RecordAttendance, with_the_status_that_stands_is_a_correction_too) {
  given(released)
      .and_given({concat("2024-03-01 ", n1_present)})
      .when(n1_present, "2024-03-01")
      .then_events({"AttendanceCorrected theme=alpha session=1 person=n1 status=present was=present"});
}

TEST(RecordAttendance, names_a_session_and_a_person_that_are_there) {
  given().when("record_attendance theme=gamma session=9 person=n9 status=present").then_refused("unknown_theme");
  given().when("record_attendance theme=alpha session=9 person=n9 status=present").then_refused("unknown_session");
  given().when("record_attendance theme=alpha session=1 person=n9 status=present").then_refused("unknown_person");
}

TEST(RecordAttendance, needs_a_session_of_the_last_release) {
  given().when(n1_present).then_refused("not_released");
  given({"schedule_session theme=alpha session=1 date=2024-03-01 part=morning"})
      .when(n1_present, "2024-03-01")
      .then_refused("not_released");
  given(released)
      .and_given({"cancel_session theme=alpha session=1"})
      .when(n1_present, "2024-03-01")
      .then_refused("not_released");
  given(released)
      .and_given({"cancel_session theme=alpha session=1",
                  "schedule_session theme=beta session=1 date=2024-03-01 part=morning", "release_schedule",
                  "schedule_session theme=alpha session=1 date=2024-03-01 part=morning"})
      .when(n1_present, "2024-03-01")
      .then_refused("not_released");
}

TEST(RecordAttendance, does_not_mind_later_drafts) {
  given(released)
      .and_given({"move_session theme=alpha session=1 date=2024-02-15 part=evening"})
      .when(n1_present, "2024-02-15")
      .then_events({"AttendanceRecorded"});
  given(released)
      .and_given({"move_session theme=alpha session=1 date=2024-03-15 part=evening"})
      .when(n1_present, "2024-03-14")
      .then_refused("not_yet_held");
}

TEST(RecordAttendance, waits_for_the_day_itself) {
  given(released).when(n1_present, "2024-02-29").then_refused("not_yet_held");
  given(released)
      .when("record_attendance theme=alpha session=1 person=z1 status=present", "2024-02-29")
      .then_refused("not_yet_held");
  given(released)
      .when("record_attendance theme=alpha session=1 person=n1 status=present effective=2024-03-01", "2024-02-29")
      .then_refused("not_yet_held");
}

TEST(RecordAttendance, is_of_those_expected_replaced_or_recorded_there) {
  given(released)
      .when("record_attendance theme=alpha session=1 person=z1 status=present", "2024-03-01")
      .then_refused("not_expected");
  given(released)
      .when("record_attendance theme=alpha session=1 person=z1 status=none", "2024-03-01")
      .then_refused("not_expected");
  given(released)
      .and_given({"substitute theme=alpha session=1 person=n1 by=n2"})
      .when("record_attendance theme=alpha session=1 person=n2 status=present", "2024-03-01")
      .then_events({"AttendanceRecorded"})
      .when("record_attendance theme=alpha session=1 person=n1 status=excused", "2024-03-01")
      .then_events({"AttendanceRecorded"});
}

TEST(RecordAttendance, is_not_of_a_substitute_whose_person_has_left) {
  given(released)
      .and_given(
          {"substitute theme=alpha session=1 person=n1 by=n2", "withdraw theme=alpha person=n1 effective=2024-03-01"})
      .when("record_attendance theme=alpha session=1 person=n2 status=present", "2024-03-01")
      .then_refused("not_expected");
}

TEST(RecordAttendance, may_be_corrected_for_somebody_who_is_no_longer_expected) {
  given(released)
      .and_given({"substitute theme=alpha session=1 person=n1 by=n2",
                  "2024-03-01 record_attendance theme=alpha session=1 person=n2 status=no_show",
                  "2024-03-01 substitute theme=alpha session=1 person=n1 by=n1"})
      .when("record_attendance theme=alpha session=1 person=n2 status=excused", "2024-03-02")
      .then_events({"AttendanceCorrected theme=alpha session=1 person=n2 status=excused was=no_show"})
      .when("record_attendance theme=alpha session=1 person=n2 status=none", "2024-03-02")
      .then_events({"AttendanceRetracted theme=alpha session=1 person=n2 was=excused"})
      .when("record_attendance theme=alpha session=1 person=n2 status=excused", "2024-03-02")
      .then_refused("not_expected");
}

TEST(RecordAttendance, of_somebody_forgotten_who_was_there_may_be_corrected) {
  given(released)
      .and_given({concat("2024-03-01 ", n1_present), "2024-03-02 forget_person person=n1"})
      .when("record_attendance theme=alpha session=1 person=n1 status=partial", "2024-03-03")
      .then_events({"AttendanceCorrected"});
}

}  // namespace
}  // namespace kring::test
