// Standing in for somebody at one session.
#include "tests/support/given.h"

namespace kring::test {
namespace {

const Step n1_in_alpha = "enrol theme=alpha area=noord person=n1 effective=2024-02-01";
const Step session = "schedule_session theme=alpha session=1 date=2024-03-01 part=morning";
const Step n2_for_n1 = "substitute theme=alpha session=1 person=n1 by=n2";

std::string status(const char* person, const char* word) {
  return concat("2024-03-01 record_attendance theme=alpha session=1 person=", person, " status=", word);
}

TEST(Substitute, is_for_one_session_and_a_second_one_replaces_the_first) {
  given({n1_in_alpha, session})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_events({"SessionSubstituted theme=alpha session=1 person=n1 by=n2"})
      .when("substitute theme=alpha session=1 person=n1 by=n3")
      .then_events({"SessionSubstituted theme=alpha session=1 person=n1 by=n3"})
      .when("substitute theme=alpha session=1 person=n1 by=n1")
      .then_events({"SubstitutionEnded theme=alpha session=1 person=n1 by=n3"})
      .when("substitute theme=alpha session=1 person=n1 by=n1")
      .then_refused("not_substituted");
}

TEST(Substitute, names_a_session_and_people_that_are_there) {
  given().when("substitute theme=gamma session=9 person=n9 by=n8").then_refused("unknown_theme");
  given().when("substitute theme=alpha session=9 person=n9 by=n8").then_refused("unknown_session");
  given().when("substitute theme=alpha session=1 person=n9 by=n2").then_refused("unknown_person");
  given().when("substitute theme=alpha session=1 person=n1 by=n9").then_refused("unknown_person");
}

TEST(Substitute, needs_a_session_that_is_scheduled_and_not_cancelled) {
  given({n1_in_alpha}).when("substitute theme=alpha session=1 person=n1 by=n2").then_refused("not_scheduled");
  given({n1_in_alpha, session, "cancel_session theme=alpha session=1"})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_refused("session_cancelled");
}

TEST(Substitute, replaces_somebody_whose_tenure_covers_the_date) {
  given({session}).when("substitute theme=alpha session=1 person=n1 by=n2").then_refused("not_expected");
  given({"enrol theme=alpha area=noord person=n1 effective=2024-03-02", session})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_refused("not_expected");
  given({n1_in_alpha, session, "withdraw theme=alpha person=n1 effective=2024-03-01"})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_refused("not_expected");
  given({n1_in_alpha, session, "withdraw theme=alpha person=n1 effective=2024-03-02"})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_events({"SessionSubstituted"});
}

TEST(Substitute, does_not_replace_a_substitute) {
  given({n1_in_alpha, session, n2_for_n1})
      .when("substitute theme=alpha session=1 person=n2 by=n3")
      .then_refused("not_expected");
  given({n1_in_alpha, session, n2_for_n1})
      .when("substitute theme=alpha session=1 person=n2 by=n2")
      .then_refused("not_expected");
}

TEST(Substitute, leaves_those_who_came_alone) {
  const std::vector<Step> out{n1_in_alpha, session, "release_schedule"};
  for (const char* word : {"present", "partial"}) {
    given(out)
        .and_given({status("n1", word)})
        .when("substitute theme=alpha session=1 person=n1 by=z1")
        .then_refused("attendance_recorded");
    given(out)
        .and_given({n2_for_n1, status("n2", word)})
        .when("substitute theme=alpha session=1 person=n1 by=n3")
        .then_refused("attendance_recorded");
    given(out)
        .and_given({n2_for_n1, status("n2", word)})
        .when("substitute theme=alpha session=1 person=n1 by=n1")
        .then_refused("attendance_recorded");
  }
  for (const char* word : {"excused", "no_show"}) {
    given(out)
        .and_given({status("n1", word)})
        .when("substitute theme=alpha session=1 person=n1 by=n2", "2024-03-01")
        .then_events({"SessionSubstituted"});
    given(out)
        .and_given({n2_for_n1, status("n2", word)})
        .when("substitute theme=alpha session=1 person=n1 by=n3", "2024-03-01")
        .then_events({"SessionSubstituted"});
  }
}

TEST(Substitute, ends_whatever_the_eligibility_of_the_person) {
  given({n1_in_alpha, session, n2_for_n1, "change_person person=n1 role=guest"})
      .when("substitute theme=alpha session=1 person=n1 by=n1")
      .then_events({"SubstitutionEnded"});
}

TEST(Substitute, takes_only_eligible_people_of_the_area_who_are_not_forgotten) {
  given({n1_in_alpha, session, "forget_person person=z1"})
      .when("substitute theme=alpha session=1 person=n1 by=z1")
      .then_refused("forgotten_person");
  given({n1_in_alpha, session})
      .when("substitute theme=alpha session=1 person=n1 by=z1")
      .then_refused("person_of_other_area");
  given({n1_in_alpha, session})
      .when("substitute theme=alpha session=1 person=n1 by=s1")
      .then_refused("person_of_other_area");
  given({n1_in_alpha, session}).when("substitute theme=alpha session=1 person=n1 by=g1").then_refused("not_eligible");
}

TEST(Substitute, takes_nobody_who_comes_already_or_is_replaced_there) {
  const std::vector<Step> both{"set_policy seats_per_area=2", n1_in_alpha,
                               "enrol theme=alpha area=noord person=n2 effective=2024-02-01", session};
  given(both).when("substitute theme=alpha session=1 person=n1 by=n2").then_refused("already_expected");
  given(both)
      .and_given({"substitute theme=alpha session=1 person=n2 by=n3"})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_refused("already_expected")
      .when("substitute theme=alpha session=1 person=n1 by=n3")
      .then_refused("already_expected");
  given({n1_in_alpha, session, n2_for_n1})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_refused("already_expected");
}

TEST(Substitute, may_take_somebody_whose_tenure_does_not_cover_the_date) {
  given({"set_policy seats_per_area=2", n1_in_alpha, session,
         "enrol theme=alpha area=noord person=n2 effective=2024-03-02"})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_events({"SessionSubstituted"});
}

TEST(Substitute, may_happen_in_a_session_that_is_held) {
  given({"enrol theme=alpha area=zuid person=z1", n1_in_alpha, session, "release_schedule", status("z1", "present")})
      .when("substitute theme=alpha session=1 person=n1 by=n2", "2024-03-01")
      .then_events({"SessionSubstituted"});
}

TEST(Substitute, warns_of_a_clash_for_the_one_who_comes_in) {
  const std::vector<Step> busy{n1_in_alpha, session,
                               "schedule_session theme=beta session=1 date=2024-03-01 part=full_day",
                               "enrol theme=beta area=noord person=n2"};
  given(busy)
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_events({"SessionSubstituted"})
      .then_warns({"participant_clash"});
  given(busy).when("substitute theme=alpha session=1 person=n1 by=n3").then_events({"SessionSubstituted"});
  given(busy)
      .and_given({"set_policy rules={'participant_clash':'block'}"})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_refused("participant_clash");
  given({n1_in_alpha, session, "declare_unavailable person=n2 from=2024-03-01 to=2024-03-01",
         "declare_unavailable person=n1 from=2024-03-01 to=2024-03-01"})
      .when("substitute theme=alpha session=1 person=n1 by=n2")
      .then_events({"SessionSubstituted"})
      .then_warns({"person_unavailable"})
      .when("substitute theme=alpha session=1 person=n1 by=n3")
      .then_events({"SessionSubstituted"});
}

TEST(Substitute, counts_only_while_the_tenure_of_the_one_replaced_covers_the_date) {
  given({n1_in_alpha, session, n2_for_n1, "withdraw theme=alpha person=n1 effective=2024-03-01"})
      .when("enrol theme=alpha area=noord person=n2 effective=2024-03-01")
      .then_events({"Enrolled"})
      .when("substitute theme=alpha session=1 person=n2 by=n1")
      .then_events({"SessionSubstituted"});
}

}  // namespace
}  // namespace kring::test
