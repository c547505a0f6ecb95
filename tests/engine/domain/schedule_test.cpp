// Sessions: when, where and about what. The rules that a date or a venue can break are in schedule_rules_test.cpp.
#include "tests/support/given.h"

namespace kring::test {
namespace {

const Step first = "schedule_session theme=alpha session=1 date=2024-03-01 part=morning";
const Step in_hall = "assign_venue theme=alpha session=1 venue=zaal";
const Step cancelled = "cancel_session theme=alpha session=1";
const std::vector<Step> held{"enrol theme=alpha area=noord person=n1", first, in_hall, "release_schedule",
                             "2024-03-01 record_attendance theme=alpha session=1 person=n1 status=excused"};

// ---- schedule_session ----

TEST(ScheduleSession, records_date_part_and_host) {
  given()
      .when("schedule_session theme=alpha session=3 date=2024-03-01 part=full_day host=west")
      .then_events({"SessionScheduled theme=alpha session=3 date=2024-03-01 part=full_day host=west"});
  given()
      .when("schedule_session theme=alpha session=1 date=2024-12-31 part=evening")
      .then_events({"SessionScheduled theme=alpha session=1 date=2024-12-31 part=evening"});
}

TEST(ScheduleSession, names_a_theme_and_a_session_that_are_there) {
  given().when("schedule_session theme=gamma session=9 date=2024-03-01 part=morning").then_refused("unknown_theme");
  for (const char* number : {"0", "-1", "4", "2147483647"})
    given()
        .when(concat("schedule_session theme=alpha session=", number, " date=2024-03-01 part=morning"))
        .then_refused("unknown_session");
}

TEST(ScheduleSession, happens_once_and_then_names_a_host_that_is_there) {
  given({first})
      .when("schedule_session theme=alpha session=1 date=2024-03-08 part=evening host=oost")
      .then_refused("already_scheduled");
  given()
      .when("schedule_session theme=alpha session=1 date=2024-03-08 part=evening host=oost")
      .then_refused("unknown_area");
}

TEST(ScheduleSession, again_after_it_was_cancelled_starts_without_venue_and_substitutes) {
  given({first, in_hall, "enrol theme=alpha area=noord person=n1", "substitute theme=alpha session=1 person=n1 by=n2",
         cancelled})
      .when("schedule_session theme=alpha session=1 date=2024-04-01 part=evening")
      .then_events({"SessionScheduled theme=alpha session=1 date=2024-04-01 part=evening"})
      .when("release_venue theme=alpha session=1")
      .then_refused("no_venue")
      .when("substitute theme=alpha session=1 person=n1 by=n1")
      .then_refused("not_substituted");
}

// ---- move_session ----

TEST(MoveSession, tells_where_it_goes_and_where_it_was) {
  given({first})
      .when("move_session theme=alpha session=1 date=2024-04-01 part=evening")
      .then_events(
          {"SessionMoved theme=alpha session=1 date=2024-04-01 part=evening was_date=2024-03-01 was_part=morning"});
}

TEST(MoveSession, takes_its_venue_along_unless_that_is_released) {
  given({first, in_hall})
      .when("move_session theme=alpha session=1 date=2024-04-01 part=evening")
      .then_events({"SessionMoved"});
  given({first, in_hall})
      .when("move_session theme=alpha session=1 date=2024-04-01 part=evening release_venue=false")
      .then_events({"SessionMoved"});
  given({first, in_hall})
      .when("move_session theme=alpha session=1 date=2024-04-01 part=evening release_venue=true")
      .then_events({"SessionMoved", "VenueReleased theme=alpha session=1 venue=zaal"});
  given({first})
      .when("move_session theme=alpha session=1 date=2024-04-01 part=evening release_venue=true")
      .then_events({"SessionMoved"});
}

TEST(MoveSession, needs_a_session_that_is_scheduled_not_cancelled_and_not_held) {
  const auto move = "move_session theme=alpha session=1 date=2024-04-01 part=evening";
  given().when("move_session theme=gamma session=9 date=2024-04-01 part=evening").then_refused("unknown_theme");
  given().when("move_session theme=alpha session=4 date=2024-04-01 part=evening").then_refused("unknown_session");
  given().when(move).then_refused("not_scheduled");
  given({first, cancelled}).when(move).then_refused("session_cancelled");
  given(held).when(move).then_refused("session_held");
}

TEST(MoveSession, may_leave_a_session_where_it_is) {
  given({first})
      .when("move_session theme=alpha session=1 date=2024-03-01 part=morning")
      .then_events(
          {"SessionMoved theme=alpha session=1 date=2024-03-01 part=morning was_date=2024-03-01 was_part=morning"});
}

TEST(MoveSession, keeps_substitutes) {
  given({first, "enrol theme=alpha area=noord person=n1", "substitute theme=alpha session=1 person=n1 by=n2",
         "move_session theme=alpha session=1 date=2024-04-01 part=evening"})
      .when("substitute theme=alpha session=1 person=n1 by=n1")
      .then_events({"SubstitutionEnded theme=alpha session=1 person=n1 by=n2"});
}

// ---- cancel_session ----

TEST(CancelSession, gives_the_venue_back) {
  given({first}).when("cancel_session theme=alpha session=1").then_events({"SessionCancelled theme=alpha session=1"});
  given({first, in_hall})
      .when("cancel_session theme=alpha session=1")
      .then_events({"SessionCancelled theme=alpha session=1", "VenueReleased theme=alpha session=1 venue=zaal"});
}

TEST(CancelSession, needs_a_session_that_is_scheduled_not_cancelled_and_not_held) {
  given().when("cancel_session theme=gamma session=1").then_refused("unknown_theme");
  given().when("cancel_session theme=alpha session=0").then_refused("unknown_session");
  given().when("cancel_session theme=alpha session=1").then_refused("not_scheduled");
  given({"schedule_session theme=alpha session=2 date=2024-03-01 part=morning"})
      .when("cancel_session theme=alpha session=1")
      .then_refused("not_scheduled");
  given({first, cancelled}).when("cancel_session theme=alpha session=1").then_refused("session_cancelled");
  given(held).when("cancel_session theme=alpha session=1").then_refused("session_held");
}

TEST(CancelSession, may_happen_once_attendance_is_retracted) {
  given(held)
      .and_given({"2024-03-02 record_attendance theme=alpha session=1 person=n1 status=none"})
      .when("cancel_session theme=alpha session=1", "2024-03-03")
      .then_events({"SessionCancelled", "VenueReleased"});
}

// ---- assign_venue, release_venue ----

TEST(AssignVenue, replaces_an_earlier_one) {
  given({first})
      .when("assign_venue theme=alpha session=1 venue=zaal")
      .then_events({"VenueAssigned theme=alpha session=1 venue=zaal"})
      .when("assign_venue theme=alpha session=1 venue=hok")
      .then_events({"VenueAssigned theme=alpha session=1 venue=hok replaced=zaal"});
}

TEST(AssignVenue, may_assign_the_venue_that_it_has) {
  given({first, in_hall}).when("assign_venue theme=alpha session=1 venue=zaal").then_events({"VenueAssigned"});
}

TEST(AssignVenue, looks_at_the_session_before_the_venue) {
  given().when("assign_venue theme=gamma session=1 venue=kom").then_refused("unknown_theme");
  given().when("assign_venue theme=alpha session=4 venue=kom").then_refused("unknown_session");
  given().when("assign_venue theme=alpha session=1 venue=kom").then_refused("not_scheduled");
  given({first, cancelled}).when("assign_venue theme=alpha session=1 venue=kom").then_refused("session_cancelled");
  given(held).when("assign_venue theme=alpha session=1 venue=kom").then_refused("session_held");
  given({first}).when("assign_venue theme=alpha session=1 venue=kom").then_refused("unknown_venue");
}

TEST(ReleaseVenue, gives_the_venue_back) {
  given({first, in_hall})
      .when("release_venue theme=alpha session=1")
      .then_events({"VenueReleased theme=alpha session=1 venue=zaal"})
      .when("release_venue theme=alpha session=1")
      .then_refused("no_venue");
}

TEST(ReleaseVenue, needs_a_session_that_is_scheduled_and_not_held) {
  given().when("release_venue theme=gamma session=1").then_refused("unknown_theme");
  given().when("release_venue theme=alpha session=4").then_refused("unknown_session");
  given().when("release_venue theme=alpha session=1").then_refused("not_scheduled");
  given(held).when("release_venue theme=alpha session=1").then_refused("session_held");
}

TEST(ReleaseVenue, of_a_cancelled_session_finds_no_venue) {
  given({first, in_hall, cancelled}).when("release_venue theme=alpha session=1").then_refused("no_venue");
}

// ---- set_agenda ----

TEST(SetAgenda, records_the_items_in_order) {
  given()
      .when(
          "set_agenda theme=alpha session=2 items=[{'kind':'site_visit','title':'Op pad'},"
          "{'kind':'workshop','title':'W','speaker':'s1','speaker_kind':'experience_expert'}]")
      .then_events({"AgendaSet theme=alpha session=2 items=[{'kind':'site_visit','title':'Op pad'},"
                    "{'kind':'workshop','title':'W','speaker':'s1','speaker_kind':'experience_expert'}]"});
  given().when("set_agenda theme=alpha session=2 items=[]").then_events({"AgendaSet theme=alpha session=2 items=[]"});
}

TEST(SetAgenda, names_a_session_and_speakers_that_are_there) {
  const std::string stranger =
      " items=[{'kind':'workshop','title':'W','speaker':'s1'},{'kind':'workshop','title':'W','speaker':'s9'}]";
  given().when("set_agenda theme=gamma session=1" + stranger).then_refused("unknown_theme");
  given().when("set_agenda theme=alpha session=4" + stranger).then_refused("unknown_session");
  given().when("set_agenda theme=alpha session=1" + stranger).then_refused("unknown_person");
}

TEST(SetAgenda, is_for_sessions_in_whatever_state) {
  const auto agenda = "set_agenda theme=alpha session=1 items=[]";
  given().when(agenda).then_events({"AgendaSet"});
  given({first, cancelled}).when(agenda).then_events({"AgendaSet"});
  given(held).when(agenda).then_events({"AgendaSet"});
}

}  // namespace
}  // namespace kring::test
