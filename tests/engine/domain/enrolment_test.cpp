// Who gets a seat: enrolling, and handing a seat over.
#include "tests/support/given.h"

namespace kring::test {
namespace {

const Step n1_in_alpha = "enrol theme=alpha area=noord person=n1 effective=2024-02-01";

// ---- enrol ----

TEST(Enrol, counts_from_the_effective_date_or_else_from_the_recording_day) {
  given()
      .when("enrol theme=alpha area=noord person=n1", "2024-03-05")
      .then_events({"Enrolled theme=alpha area=noord person=n1 from=2024-03-05"});
  given()
      .when("enrol theme=alpha area=noord person=n1 effective=2023-12-31", "2024-03-05")
      .then_events({"Enrolled theme=alpha area=noord person=n1 from=2023-12-31"});
}

TEST(Enrol, names_a_theme_an_area_and_a_person_that_are_there) {
  given().when("enrol theme=gamma area=oost person=n9").then_refused("unknown_theme");
  given().when("enrol theme=alpha area=oost person=n9").then_refused("unknown_area");
  given().when("enrol theme=alpha area=noord person=n9").then_refused("unknown_person");
}

TEST(Enrol, takes_only_eligible_people_of_the_area_who_are_not_forgotten) {
  given({"forget_person person=n1"}).when("enrol theme=alpha area=zuid person=n1").then_refused("forgotten_person");
  given().when("enrol theme=alpha area=zuid person=g1").then_refused("person_of_other_area");
  given().when("enrol theme=alpha area=noord person=s1").then_refused("person_of_other_area");
  given().when("enrol theme=alpha area=noord person=g1").then_refused("not_eligible");
}

TEST(Enrol, gives_a_person_one_seat_in_a_theme) {
  given({"set_policy seats_per_area=2", n1_in_alpha})
      .when("enrol theme=alpha area=noord person=n1")
      .then_refused("already_enrolled");
  given({n1_in_alpha}).when("enrol theme=alpha area=noord person=n1").then_refused("already_enrolled");
  given({n1_in_alpha}).when("enrol theme=beta area=noord person=n1").then_events({"Enrolled"});
}

TEST(Enrol, checks_the_role_before_the_seat_that_the_person_has) {
  given({n1_in_alpha, "change_person person=n1 role=guest"})
      .when("enrol theme=alpha area=noord person=n1")
      .then_refused("not_eligible");
}

TEST(Enrol, gives_nobody_a_second_place_on_the_waiting_list) {
  given({"set_policy capacity={'alpha':0}", n1_in_alpha})
      .when("enrol theme=alpha area=noord person=n1")
      .then_refused("already_waitlisted");
}

TEST(Enrol, refuses_a_full_seat) {
  given({n1_in_alpha}).when("enrol theme=alpha area=noord person=n2").then_refused("seat_taken");
  given({"set_policy seats_per_area=2", n1_in_alpha})
      .when("enrol theme=alpha area=noord person=n2")
      .then_events({"Enrolled"});
  given({"set_policy seats_per_area=2", n1_in_alpha, "enrol theme=alpha area=noord person=n2"})
      .when("enrol theme=alpha area=noord person=n3")
      .then_refused("seat_taken");
}

TEST(Enrol, refuses_a_full_seat_in_a_full_theme_too) {
  given({"set_policy capacity={'alpha':1}", n1_in_alpha})
      .when("enrol theme=alpha area=noord person=n2")
      .then_refused("seat_taken");
}

TEST(Enrol, waits_for_a_free_seat_in_a_full_theme) {
  given({"set_policy capacity={'alpha':1}", n1_in_alpha})
      .when("enrol theme=alpha area=zuid person=z1", "2024-03-01")
      .then_events({"Waitlisted theme=alpha area=zuid person=z1 rank=1 since=2024-03-01"})
      .when("enrol theme=alpha area=west person=w1 effective=2024-02-02", "2024-03-02")
      .then_events({"Waitlisted theme=alpha area=west person=w1 rank=2 since=2024-02-02"});
}

TEST(Enrol, lets_two_of_an_area_wait_for_one_seat) {
  given({"set_policy capacity={'alpha':0}", "enrol theme=alpha area=noord person=n1"})
      .when("enrol theme=alpha area=noord person=n2")
      .then_events({"Waitlisted theme=alpha area=noord person=n2 rank=2 since=2024-01-01"});
}

TEST(Enrol, takes_whoever_comes_before_a_lowered_capacity_is_reached) {
  given({n1_in_alpha, "enrol theme=alpha area=zuid person=z1", "set_policy capacity={'alpha':1}"})
      .when("enrol theme=alpha area=west person=w1")
      .then_events({"Waitlisted"});
}

TEST(Enrol, goes_by_the_newest_record_whatever_the_dates) {
  given({"set_policy capacity={'alpha':1}", "enrol theme=alpha area=noord person=n1 effective=2024-12-01"})
      .when("enrol theme=alpha area=zuid person=z1 effective=2024-02-01")
      .then_events({"Waitlisted"});
  given({"enrol theme=alpha area=noord person=n1 effective=2024-12-01"})
      .when("enrol theme=alpha area=noord person=n2 effective=2024-02-01")
      .then_refused("seat_taken");
}

TEST(Enrol, does_not_overlap_the_persons_own_earlier_time) {
  const std::vector<Step> was{n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-05-01"};
  given(was).when("enrol theme=alpha area=noord person=n1 effective=2024-04-30").then_refused("tenures_overlap");
  given(was).when("enrol theme=alpha area=noord person=n1 effective=2024-01-01").then_refused("tenures_overlap");
  given(was)
      .when("enrol theme=alpha area=noord person=n1 effective=2024-05-01")
      .then_events({"Enrolled theme=alpha area=noord person=n1 from=2024-05-01"});
  given(was).when("enrol theme=beta area=noord person=n1 effective=2024-04-30").then_events({"Enrolled"});
}

TEST(Enrol, says_overlap_before_no_room) {
  given({"set_policy seats_per_area=2", n1_in_alpha, "enrol theme=alpha area=noord person=n2 effective=2024-02-01",
         "withdraw theme=alpha person=n1 effective=2024-05-01", "set_policy seats_per_area=2",
         "withdraw theme=alpha person=n2 effective=2024-06-01", "set_policy seats_per_area=1"})
      .when("enrol theme=alpha area=noord person=n1 effective=2024-04-01")
      .then_refused("tenures_overlap");
}

TEST(Enrol, waits_until_the_seat_has_room_for_good) {
  const std::vector<Step> was{n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-05-01"};
  given(was).when("enrol theme=alpha area=noord person=n2 effective=2024-04-30").then_refused("no_room_yet");
  given(was).when("enrol theme=alpha area=noord person=n2 effective=2024-01-15").then_refused("no_room_yet");
  given(was).when("enrol theme=alpha area=noord person=n2 effective=2024-05-01").then_events({"Enrolled"});
}

TEST(Enrol, has_room_beside_one_other_where_an_area_has_two_seats) {
  given({"set_policy seats_per_area=2", n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-05-01"})
      .when("enrol theme=alpha area=noord person=n2 effective=2024-03-01")
      .then_events({"Enrolled"});
  given({"set_policy seats_per_area=2", n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-05-01",
         "enrol theme=alpha area=noord person=n2 effective=2024-03-01"})
      .when("enrol theme=alpha area=noord person=n3 effective=2024-04-30")
      .then_refused("no_room_yet");
}

TEST(Enrol, looks_at_neither_overlap_nor_room_where_it_waits) {
  const std::vector<Step> was{n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-05-01",
                              "set_policy capacity={'alpha':0}"};
  given(was).when("enrol theme=alpha area=noord person=n1 effective=2024-03-01").then_events({"Waitlisted"});
  given(was).when("enrol theme=alpha area=noord person=n2 effective=2024-03-01").then_events({"Waitlisted"});
}

TEST(Enrol, finds_no_hindrance_in_an_empty_tenure) {
  const std::vector<Step> never_came{n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-02-01"};
  given(never_came).when("enrol theme=alpha area=noord person=n1 effective=2024-01-15").then_events({"Enrolled"});
  given(never_came).when("enrol theme=alpha area=noord person=n2 effective=2024-01-15").then_events({"Enrolled"});
}

// ---- rules, for the person coming in ----

const std::vector<Step> same_morning{"schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
                                     "schedule_session theme=beta session=1 date=2024-03-01 part=full_day",
                                     "enrol theme=beta area=noord person=n1"};

TEST(Enrol, warns_of_a_clash_with_a_session_where_the_person_is_expected) {
  given(same_morning)
      .when("enrol theme=alpha area=noord person=n1")
      .then_events({"Enrolled"})
      .then_warns({"participant_clash"});
  given(same_morning)
      .when("enrol theme=alpha area=noord person=n1 effective=2024-03-01")
      .then_events({"Enrolled"})
      .then_warns({"participant_clash"});
}

TEST(Enrol, stays_quiet_where_there_is_no_clash) {
  given(same_morning).when("enrol theme=alpha area=zuid person=z1").then_events({"Enrolled"});
  given(same_morning).when("enrol theme=alpha area=noord person=n1 effective=2024-03-02").then_events({"Enrolled"});
  given(same_morning)
      .and_given({"cancel_session theme=beta session=1"})
      .when("enrol theme=alpha area=noord person=n1")
      .then_events({"Enrolled"});
  given(same_morning)
      .and_given({"cancel_session theme=alpha session=1"})
      .when("enrol theme=alpha area=noord person=n1")
      .then_events({"Enrolled"});
}

TEST(Enrol, counts_a_substitute_as_expected) {
  given(same_morning)
      .and_given({"substitute theme=beta session=1 person=n1 by=n2"})
      .when("enrol theme=alpha area=noord person=n2")
      .then_events({"Enrolled"})
      .then_warns({"participant_clash"});
  given(same_morning)
      .and_given({"substitute theme=beta session=1 person=n1 by=n2"})
      .when("enrol theme=alpha area=noord person=n1")
      .then_events({"Enrolled"});
}

TEST(Enrol, warns_once_for_each_rule_in_the_order_of_the_table) {
  given(same_morning)
      .and_given({"schedule_session theme=alpha session=2 date=2024-04-01 part=morning",
                  "schedule_session theme=beta session=2 date=2024-04-01 part=morning",
                  "declare_unavailable person=n1 from=2024-03-01 to=2024-04-01"})
      .when("enrol theme=alpha area=noord person=n1")
      .then_events({"Enrolled"})
      .then_warns({"participant_clash", "person_unavailable"});
}

TEST(Enrol, obeys_the_severity_of_the_rules) {
  auto with = [](const char* severity) {
    return given(same_morning).and_given({concat("set_policy rules={'participant_clash':'", severity, "'}")});
  };
  const auto enrol = "enrol theme=alpha area=noord person=n1";
  with("block").when(enrol).then_refused("participant_clash");
  with("block_release").when(enrol).then_events({"Enrolled"}).then_warns({"participant_clash"});
  with("warn").when(enrol).then_events({"Enrolled"}).then_warns({"participant_clash"});
  with("ignore").when(enrol).then_events({"Enrolled"});
  with("block")
      .when("enrol theme=alpha area=noord person=n1 accept=['participant_clash'] reason=Afgesproken")
      .then_events({"Enrolled"})
      .then_warns({"participant_clash"});
}

TEST(Enrol, does_not_check_the_rules_for_somebody_who_waits) {
  given(same_morning)
      .and_given({"set_policy capacity={'alpha':0} rules={'participant_clash':'block'}"})
      .when("enrol theme=alpha area=noord person=n1")
      .then_events({"Waitlisted"});
}

TEST(Enrol, does_not_mind_that_a_venue_becomes_too_small) {
  given({"schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
         "assign_venue theme=alpha session=1 venue=hok", "enrol theme=alpha area=noord person=n1"})
      .when("enrol theme=alpha area=zuid person=z1")
      .then_events({"Enrolled"});
}

// ---- transfer ----

TEST(TransferSeat, hands_the_seat_over_from_the_effective_date_on) {
  given({n1_in_alpha})
      .when("transfer_seat theme=alpha from=n1 to=n2 effective=2024-05-01")
      .then_events({"SeatTransferred theme=alpha area=noord from=n1 to=n2 since=2024-02-01 date=2024-05-01"});
  given({n1_in_alpha})
      .when("transfer_seat theme=alpha from=n1 to=n2", "2024-05-02")
      .then_events({"SeatTransferred theme=alpha area=noord from=n1 to=n2 since=2024-02-01 date=2024-05-02"});
}

TEST(TransferSeat, of_a_tenure_to_come_happens_when_that_begins) {
  given({n1_in_alpha})
      .when("transfer_seat theme=alpha from=n1 to=n2", "2024-01-10")
      .then_events({"SeatTransferred theme=alpha area=noord from=n1 to=n2 since=2024-02-01 date=2024-02-01"});
}

TEST(TransferSeat, names_a_theme_and_people_that_are_there) {
  given().when("transfer_seat theme=gamma from=n9 to=n1").then_refused("unknown_theme");
  given().when("transfer_seat theme=alpha from=n9 to=n1").then_refused("unknown_person");
  given().when("transfer_seat theme=alpha from=n1 to=n9").then_refused("unknown_person");
}

TEST(TransferSeat, needs_a_seat_to_hand_over) {
  given().when("transfer_seat theme=alpha from=n1 to=z1").then_refused("not_enrolled");
  given({"set_policy capacity={'alpha':0}", n1_in_alpha})
      .when("transfer_seat theme=alpha from=n1 to=n2")
      .then_refused("not_enrolled");
  given({n1_in_alpha, "withdraw theme=alpha person=n1 effective=2024-12-01"})
      .when("transfer_seat theme=alpha from=n1 to=n2", "2024-03-01")
      .then_refused("not_enrolled");
}

TEST(TransferSeat, does_not_count_from_before_the_tenure_began) {
  given({n1_in_alpha})
      .when("transfer_seat theme=alpha from=n1 to=z1 effective=2024-01-31")
      .then_refused("effective_too_early");
  given({n1_in_alpha})
      .when("transfer_seat theme=alpha from=n1 to=n2 effective=2024-02-01")
      .then_events({"SeatTransferred theme=alpha area=noord from=n1 to=n2 since=2024-02-01 date=2024-02-01"});
}

TEST(TransferSeat, takes_only_eligible_people_of_the_area_who_are_not_forgotten) {
  given({n1_in_alpha, "forget_person person=z1"})
      .when("transfer_seat theme=alpha from=n1 to=z1")
      .then_refused("forgotten_person");
  given({n1_in_alpha}).when("transfer_seat theme=alpha from=n1 to=z1").then_refused("person_of_other_area");
  given({n1_in_alpha}).when("transfer_seat theme=alpha from=n1 to=s1").then_refused("person_of_other_area");
  given({n1_in_alpha}).when("transfer_seat theme=alpha from=n1 to=g1").then_refused("not_eligible");
}

TEST(TransferSeat, goes_to_somebody_who_is_not_in_the_theme) {
  given({n1_in_alpha}).when("transfer_seat theme=alpha from=n1 to=n1").then_refused("already_enrolled");
  given({"set_policy seats_per_area=2", n1_in_alpha, "enrol theme=alpha area=noord person=n2"})
      .when("transfer_seat theme=alpha from=n1 to=n2")
      .then_refused("already_enrolled");
  given({"set_policy seats_per_area=2 capacity={'alpha':1}", n1_in_alpha, "enrol theme=alpha area=noord person=n2"})
      .when("transfer_seat theme=alpha from=n1 to=n2")
      .then_refused("already_waitlisted");
}

TEST(TransferSeat, does_not_overlap_the_own_earlier_time_of_the_one_who_comes_in) {
  const std::vector<Step> back_and_forth{n1_in_alpha, "transfer_seat theme=alpha from=n1 to=n2 effective=2024-05-01"};
  given(back_and_forth)
      .when("transfer_seat theme=alpha from=n2 to=n1 effective=2024-05-01")
      .then_events({"SeatTransferred"});
  given({"set_policy seats_per_area=2", n1_in_alpha, "enrol theme=alpha area=noord person=n2 effective=2024-02-01",
         "withdraw theme=alpha person=n2 effective=2024-05-01"})
      .when("transfer_seat theme=alpha from=n1 to=n2 effective=2024-04-01")
      .then_refused("tenures_overlap");
}

TEST(TransferSeat, leaves_no_place_free_for_those_who_wait) {
  given({"set_policy capacity={'alpha':1}", n1_in_alpha, "enrol theme=alpha area=zuid person=z1"})
      .when("transfer_seat theme=alpha from=n1 to=n2")
      .then_events({"SeatTransferred"});
}

TEST(TransferSeat, warns_of_a_clash_for_the_one_who_comes_in) {
  const std::vector<Step> steps{"schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
                                "schedule_session theme=beta session=1 date=2024-03-01 part=morning",
                                "enrol theme=beta area=noord person=n2", n1_in_alpha};
  given(steps)
      .when("transfer_seat theme=alpha from=n1 to=n2")
      .then_events({"SeatTransferred"})
      .then_warns({"participant_clash"});
  given(steps).when("transfer_seat theme=alpha from=n1 to=n2 effective=2024-03-02").then_events({"SeatTransferred"});
  given(steps)
      .and_given({"set_policy rules={'person_unavailable':'block'}",
                  "declare_unavailable person=n2 from=2024-03-01 to=2024-03-01"})
      .when("transfer_seat theme=alpha from=n1 to=n2")
      .then_refused("person_unavailable");
}

TEST(TransferSeat, warns_of_a_clash_with_a_session_where_the_one_who_comes_in_stands_in) {
  // n2 stands in for n1 in beta, where n1 holds a seat; the hand-over in alpha does not change that.
  given({"schedule_session theme=alpha session=1 date=2024-03-01 part=morning",
         "schedule_session theme=beta session=1 date=2024-03-01 part=morning", n1_in_alpha})
      .and_given({"set_policy rules={'participant_clash':'ignore'}", "enrol theme=beta area=noord person=n1",
                  "substitute theme=beta session=1 person=n1 by=n2", "set_policy rules={'participant_clash':null}"})
      .when("transfer_seat theme=alpha from=n1 to=n2")
      .then_events({"SeatTransferred"})
      .then_warns({"participant_clash"});
}

}  // namespace
}  // namespace kring::test
