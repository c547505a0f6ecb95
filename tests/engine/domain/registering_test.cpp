// What belongs to a programme: areas, venues, people, invitations, and when somebody or something is unavailable.
#include "tests/support/given.h"

namespace kring::test {
namespace {

// ---- areas ----

TEST(RegisterArea, records_all_that_is_told) {
  given()
      .when("register_area area=oost name=Oost municipality=Stad lat=52.5 lon=-4.25")
      .then_events({"AreaRegistered area=oost name=Oost municipality=Stad lat=52.5 lon=-4.25"});
  given()
      .when("register_area area=oost name=O municipality=S")
      .then_events({"AreaRegistered area=oost name=O municipality=S"});
}

TEST(RegisterArea, happens_once) {
  given().when("register_area area=noord name=N municipality=S").then_refused("area_exists");
}

TEST(ChangeArea, changes_what_it_names) {
  given().when("change_area area=noord name=Nieuw").then_events({"AreaChanged area=noord name=Nieuw"});
  given()
      .when("change_area area=noord municipality=M lat=1.5 lon=2.5")
      .then_events({"AreaChanged area=noord municipality=M lat=1.5 lon=2.5"});
  given().when("change_area area=oost name=Nieuw").then_refused("unknown_area");
}

// ---- venues ----

TEST(RegisterVenue, records_all_that_is_told) {
  given()
      .when("register_venue venue=kom name=Kom capacity=0 area=noord lat=52.5 lon=4.5 accessible=false")
      .then_events({"VenueRegistered venue=kom name=Kom capacity=0 area=noord lat=52.5 lon=4.5 accessible=false"});
  given()
      .when("register_venue venue=kom name=Kom capacity=8")
      .then_events({"VenueRegistered venue=kom name=Kom capacity=8"});
}

TEST(RegisterVenue, happens_once_and_then_names_an_area_that_is_there) {
  given().when("register_venue venue=zaal name=Z capacity=1 area=oost").then_refused("venue_exists");
  given().when("register_venue venue=kom name=Kom capacity=1 area=oost").then_refused("unknown_area");
}

TEST(ChangeVenue, changes_what_it_names) {
  given().when("change_venue venue=zaal capacity=3").then_events({"VenueChanged venue=zaal capacity=3"});
  given()
      .when("change_venue venue=zaal name=N area=zuid lat=1.5 lon=2.5 accessible=true")
      .then_events({"VenueChanged venue=zaal name=N area=zuid lat=1.5 lon=2.5 accessible=true"});
}

TEST(ChangeVenue, looks_at_the_venue_and_then_at_the_area) {
  given().when("change_venue venue=kom area=oost").then_refused("unknown_venue");
  given().when("change_venue venue=zaal area=oost").then_refused("unknown_area");
}

// ---- unavailability ----

TEST(DeclareUnavailable, is_of_a_venue_or_of_a_person) {
  given()
      .when("declare_unavailable venue=zaal from=2024-02-01 to=2024-02-01")
      .then_events({"UnavailabilityDeclared venue=zaal from=2024-02-01 to=2024-02-01"});
  given()
      .when("declare_unavailable person=n1 from=2024-02-01 to=2024-02-09")
      .then_events({"UnavailabilityDeclared person=n1 from=2024-02-01 to=2024-02-09"});
}

TEST(DeclareUnavailable, looks_at_who_or_what_before_the_period) {
  given().when("declare_unavailable venue=kom from=2024-02-02 to=2024-02-01").then_refused("unknown_venue");
  given().when("declare_unavailable person=n9 from=2024-02-02 to=2024-02-01").then_refused("unknown_person");
  given().when("declare_unavailable venue=zaal from=2024-02-02 to=2024-02-01").then_refused("invalid_period");
  given().when("declare_unavailable person=n1 from=2024-02-02 to=2024-02-01").then_refused("invalid_period");
}

TEST(LiftUnavailability, lifts_one_declaration_of_exactly_that_period) {
  const Step away = "declare_unavailable person=n1 from=2024-02-01 to=2024-02-09";
  const auto back = "lift_unavailability person=n1 from=2024-02-01 to=2024-02-09";
  given({away}).when(back).then_events({"UnavailabilityLifted person=n1 from=2024-02-01 to=2024-02-09"});
  given({away, away})
      .when(back)
      .then_events({"UnavailabilityLifted"})
      .when(back)
      .then_events({"UnavailabilityLifted"})
      .when(back)
      .then_refused("not_declared");
  given({away}).when("lift_unavailability person=n1 from=2024-02-01 to=2024-02-08").then_refused("not_declared");
  given({away}).when("lift_unavailability person=n2 from=2024-02-01 to=2024-02-09").then_refused("not_declared");
}

TEST(LiftUnavailability, looks_at_who_or_what_first) {
  given().when("lift_unavailability venue=kom from=2024-02-02 to=2024-02-01").then_refused("unknown_venue");
  given().when("lift_unavailability person=n9 from=2024-02-02 to=2024-02-01").then_refused("unknown_person");
  given({"declare_unavailable venue=zaal from=2024-02-01 to=2024-02-02"})
      .when("lift_unavailability venue=zaal from=2024-02-01 to=2024-02-02")
      .then_events({"UnavailabilityLifted venue=zaal from=2024-02-01 to=2024-02-02"});
}

// ---- people ----

TEST(RegisterPerson, records_all_that_is_told) {
  given()
      .when(
          "register_person person=n9 area=noord role=coordinator name=Iemand email=i@voorbeeld.nl organisation=Wij "
          "phone='06 1'")
      .then_events({"PersonRegistered person=n9 area=noord role=coordinator name=Iemand email=i@voorbeeld.nl "
                    "organisation=Wij phone='06 1'"});
  given()
      .when("register_person person=s9 role=expert name=Iemand")
      .then_events({"PersonRegistered person=s9 role=expert name=Iemand"});
}

TEST(RegisterPerson, happens_once_and_then_names_an_area_that_is_there) {
  given().when("register_person person=n1 area=oost role=guest name=Iemand").then_refused("person_exists");
  given().when("register_person person=n9 area=oost role=guest name=Iemand").then_refused("unknown_area");
}

TEST(RegisterPerson, never_takes_the_id_of_somebody_forgotten) {
  given({"forget_person person=n1"})
      .when("register_person person=n1 role=guest name=Iemand")
      .then_refused("person_exists");
}

TEST(ChangePerson, changes_what_it_names) {
  given().when("change_person person=n1 role=guest").then_events({"PersonChanged person=n1 role=guest"});
  given()
      .when("change_person person=n1 name=Ander email=a@b.nl organisation=Wij phone=06")
      .then_events({"PersonChanged person=n1 name=Ander email=a@b.nl organisation=Wij phone=06"});
}

TEST(ChangePerson, needs_somebody_who_is_known_and_not_forgotten) {
  given().when("change_person person=n9 role=guest").then_refused("unknown_person");
  given({"forget_person person=n1"}).when("change_person person=n1 role=guest").then_refused("forgotten_person");
}

TEST(ChangePerson, with_another_role_keeps_the_seat_that_the_person_has) {
  given({"enrol theme=alpha area=noord person=n1", "change_person person=n1 role=guest"})
      .when("enrol theme=alpha area=noord person=n2")
      .then_refused("seat_taken");
}

// ---- invitations ----

TEST(InviteArea, stands_until_it_is_declined) {
  const Step invited = "invite_area theme=alpha area=noord respond_by=2024-02-01";
  given()
      .when("invite_area theme=alpha area=noord respond_by=2024-02-01")
      .then_events({"AreaInvited theme=alpha area=noord respond_by=2024-02-01"});
  given({invited}).when("invite_area theme=alpha area=noord respond_by=2024-03-01").then_refused("already_invited");
  given({invited, "decline_invitation theme=alpha area=noord"})
      .when("invite_area theme=alpha area=noord respond_by=2024-03-01")
      .then_events({"AreaInvited theme=alpha area=noord respond_by=2024-03-01"});
}

TEST(InviteArea, is_for_one_theme_and_one_area) {
  given({"invite_area theme=alpha area=noord respond_by=2024-02-01"})
      .when("invite_area theme=beta area=noord respond_by=2024-02-01")
      .then_events({"AreaInvited"})
      .when("invite_area theme=alpha area=zuid respond_by=2024-02-01")
      .then_events({"AreaInvited"});
}

TEST(InviteArea, still_stands_when_somebody_enrols) {
  given({"invite_area theme=alpha area=noord respond_by=2024-02-01", "enrol theme=alpha area=noord person=n1"})
      .when("invite_area theme=alpha area=noord respond_by=2024-03-01")
      .then_refused("already_invited");
}

TEST(InviteArea, looks_at_the_theme_and_then_at_the_area) {
  given().when("invite_area theme=gamma area=oost respond_by=2024-02-01").then_refused("unknown_theme");
  given().when("invite_area theme=alpha area=oost respond_by=2024-02-01").then_refused("unknown_area");
}

TEST(DeclineInvitation, needs_one_that_stands) {
  const Step invited = "invite_area theme=alpha area=noord respond_by=2024-02-01";
  const auto decline = "decline_invitation theme=alpha area=noord";
  given({invited}).when(decline).then_events({"InvitationDeclined theme=alpha area=noord"});
  given().when(decline).then_refused("not_invited");
  given({invited, decline}).when(decline).then_refused("not_invited");
  given({"invite_area theme=alpha area=zuid respond_by=2024-02-01"}).when(decline).then_refused("not_invited");
}

TEST(DeclineInvitation, stays_declined_whoever_enrols) {
  given({"invite_area theme=alpha area=noord respond_by=2024-02-01", "decline_invitation theme=alpha area=noord",
         "enrol theme=alpha area=noord person=n1"})
      .when("decline_invitation theme=alpha area=noord")
      .then_refused("not_invited");
}

TEST(DeclineInvitation, looks_at_the_theme_and_then_at_the_area) {
  given().when("decline_invitation theme=gamma area=oost").then_refused("unknown_theme");
  given().when("decline_invitation theme=alpha area=oost").then_refused("unknown_area");
}

}  // namespace
}  // namespace kring::test
