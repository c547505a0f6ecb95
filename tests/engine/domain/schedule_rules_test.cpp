// The rules that dates and venues can break, with each severity, where they run.
#include "tests/support/given.h"

namespace kring::test {
namespace {

const Step alpha_1 = "schedule_session theme=alpha session=1 date=2024-03-01 part=morning";
const Step alpha_3 = "schedule_session theme=alpha session=3 date=2024-05-01 part=morning";

std::string alpha_2(const char* date) {
  return concat("schedule_session theme=alpha session=2 date=", date, " part=morning");
}
std::string beta_1(const char* part) {
  return concat("schedule_session theme=beta session=1 date=2024-03-01 part=", part);
}
std::string policy(const char* rule, const char* severity) {
  return concat("set_policy rules={'", rule, "':'", severity, "'}");
}

// ---- each rule ----

TEST(OutsidePeriod, allows_the_first_and_the_last_day) {
  for (const char* date : {"2024-01-01", "2024-12-31"}) given().when(alpha_2(date)).then_events({"SessionScheduled"});
  for (const char* date : {"2023-12-31", "2025-01-01"}) given().when(alpha_2(date)).then_refused("outside_period");
  given({alpha_1})
      .when("move_session theme=alpha session=1 date=2025-01-01 part=morning")
      .then_refused("outside_period");
}

TEST(SessionOrder, asks_for_a_later_date_than_every_lower_number_and_an_earlier_one_than_every_higher) {
  for (const char* date : {"2024-02-01", "2024-03-01", "2024-05-01", "2024-06-01"})
    given({alpha_1, alpha_3}).when(alpha_2(date)).then_refused("session_order");
  given({alpha_1, alpha_3}).when(alpha_2("2024-04-01")).then_events({"SessionScheduled"});
  given({alpha_1, alpha_3, alpha_2("2024-04-01")})
      .when("move_session theme=alpha session=1 date=2024-04-01 part=evening")
      .then_refused("session_order")
      .when("move_session theme=alpha session=1 date=2024-01-15 part=evening")
      .then_events({"SessionMoved"});
}

TEST(SessionOrder, does_not_count_cancelled_sessions_or_other_themes) {
  given({alpha_3, "cancel_session theme=alpha session=3"})
      .when(alpha_2("2024-06-01"))
      .then_events({"SessionScheduled"});
  given({"schedule_session theme=beta session=3 date=2024-03-01 part=morning"})
      .when(alpha_2("2024-06-01"))
      .then_events({"SessionScheduled"});
}

TEST(TooClose, counts_days_to_every_session_of_the_theme) {
  given({alpha_1}).when(alpha_2("2024-03-07")).then_refused("too_close");
  given({alpha_1}).when(alpha_2("2024-03-08")).then_events({"SessionScheduled"});
  given({alpha_3}).when(alpha_2("2024-04-25")).then_refused("too_close");
  given({alpha_1, "set_policy min_gap_days=2"}).when(alpha_2("2024-03-03")).then_events({"SessionScheduled"});
  given({alpha_1, "cancel_session theme=alpha session=1"})
      .when(alpha_2("2024-03-02"))
      .then_events({"SessionScheduled"});
  given({beta_1("morning")}).when(alpha_2("2024-03-02")).then_events({"SessionScheduled"});
}

TEST(TooClose, does_not_count_the_session_itself) {
  given({alpha_1})
      .when("move_session theme=alpha session=1 date=2024-03-02 part=morning")
      .then_events({"SessionMoved"});
}

TEST(TooClose, with_no_gap_asked_for_is_never_broken) {
  given({alpha_1, "set_policy min_gap_days=0 rules={'session_order':'ignore'}"})
      .when(alpha_2("2024-03-01"))
      .then_events({"SessionScheduled"});
}

TEST(Blackout, warns_from_its_first_day_to_its_last) {
  const Step summer =
      "set_policy "
      "blackouts=[{'from':'2024-07-01','to':'2024-07-31','label':'Zomer'},{'from':'2024-12-24','to':'2024-12-24','"
      "label':'Kerst'}]";
  for (const char* date : {"2024-07-01", "2024-07-31", "2024-12-24"})
    given({summer}).when(alpha_2(date)).then_events({"SessionScheduled"}).then_warns({"blackout"});
  for (const char* date : {"2024-06-30", "2024-08-01", "2024-12-25"})
    given({summer}).when(alpha_2(date)).then_events({"SessionScheduled"});
  given({summer, alpha_1})
      .when("move_session theme=alpha session=1 date=2024-07-05 part=morning")
      .then_events({"SessionMoved"})
      .then_warns({"blackout"});
}

TEST(VenueUnavailable, refuses_the_venue_on_the_days_declared) {
  const auto assign = "assign_venue theme=alpha session=1 venue=zaal";
  given({alpha_1, "declare_unavailable venue=zaal from=2024-03-01 to=2024-03-01"})
      .when(assign)
      .then_refused("venue_unavailable");
  given({alpha_1, "declare_unavailable venue=zaal from=2024-03-02 to=2024-03-09"})
      .when(assign)
      .then_events({"VenueAssigned"});
  given({alpha_1, "declare_unavailable venue=hok from=2024-03-01 to=2024-03-01"})
      .when(assign)
      .then_events({"VenueAssigned"});
  given({alpha_1, "declare_unavailable venue=zaal from=2024-02-01 to=2024-03-09",
         "lift_unavailability venue=zaal from=2024-02-01 to=2024-03-09"})
      .when(assign)
      .then_events({"VenueAssigned"});
}

TEST(VenueRules, run_on_a_move_where_the_venue_stays) {
  const std::vector<Step> steps{alpha_1, "assign_venue theme=alpha session=1 venue=zaal",
                                "declare_unavailable venue=zaal from=2024-04-01 to=2024-04-01"};
  given(steps)
      .when("move_session theme=alpha session=1 date=2024-04-01 part=morning")
      .then_refused("venue_unavailable");
  given(steps)
      .when("move_session theme=alpha session=1 date=2024-04-01 part=morning release_venue=true")
      .then_events({"SessionMoved", "VenueReleased"});
}

TEST(VenueDoubleBooked, looks_at_overlapping_parts_of_the_same_date) {
  struct Pair {
    const char *a, *b;
    bool overlap;
  };
  for (auto [a, b, overlap] :
       {Pair{"morning", "morning", true}, Pair{"morning", "afternoon", false}, Pair{"morning", "evening", false},
        Pair{"full_day", "morning", true}, Pair{"full_day", "afternoon", true}, Pair{"full_day", "evening", false},
        Pair{"full_day", "full_day", true}, Pair{"evening", "full_day", false}, Pair{"afternoon", "full_day", true}}) {
    auto programme = given({concat("schedule_session theme=alpha session=1 date=2024-03-01 part=", a), beta_1(b),
                            "assign_venue theme=alpha session=1 venue=zaal"});
    auto came = programme.when("assign_venue theme=beta session=1 venue=zaal");
    if (overlap) came.then_refused("venue_double_booked");
    else came.then_events({"VenueAssigned"});
  }
}

TEST(VenueDoubleBooked, is_about_one_venue_and_sessions_that_are_not_cancelled) {
  const std::vector<Step> booked{alpha_1, beta_1("morning"), "assign_venue theme=alpha session=1 venue=zaal"};
  given(booked).when("assign_venue theme=beta session=1 venue=hok").then_events({"VenueAssigned"});
  given(booked)
      .and_given({"cancel_session theme=alpha session=1"})
      .when("assign_venue theme=beta session=1 venue=zaal")
      .then_events({"VenueAssigned"});
  given({alpha_1, "schedule_session theme=beta session=1 date=2024-03-02 part=morning",
         "assign_venue theme=alpha session=1 venue=zaal", "assign_venue theme=beta session=1 venue=zaal"})
      .when("move_session theme=beta session=1 date=2024-03-01 part=full_day")
      .then_refused("venue_double_booked");
}

TEST(VenueTooSmall, counts_those_expected_on_the_date) {
  const std::vector<Step> two{alpha_1, "enrol theme=alpha area=noord person=n1 effective=2024-02-01",
                              "enrol theme=alpha area=zuid person=z1 effective=2024-03-01"};
  given(two).when("assign_venue theme=alpha session=1 venue=hok").then_refused("venue_too_small");
  given(two)
      .and_given({"change_venue venue=hok capacity=2"})
      .when("assign_venue theme=alpha session=1 venue=hok")
      .then_events({"VenueAssigned"});
  given({alpha_1, "enrol theme=alpha area=noord person=n1 effective=2024-02-01",
         "enrol theme=alpha area=zuid person=z1 effective=2024-03-02"})
      .when("assign_venue theme=alpha session=1 venue=hok")
      .then_events({"VenueAssigned"});
}

TEST(VenueTooSmall, is_looked_at_again_on_a_move) {
  given({alpha_1, "assign_venue theme=alpha session=1 venue=hok",
         "enrol theme=alpha area=noord person=n1 effective=2024-02-01",
         "enrol theme=alpha area=zuid person=z1 effective=2024-03-15"})
      .when("move_session theme=alpha session=1 date=2024-03-15 part=morning")
      .then_refused("venue_too_small")
      .when("move_session theme=alpha session=1 date=2024-03-14 part=morning")
      .then_events({"SessionMoved"});
}

TEST(ParticipantClash, warns_when_somebody_is_expected_twice_at_once) {
  const std::vector<Step> in_both{alpha_1, "enrol theme=alpha area=noord person=n1",
                                  "enrol theme=beta area=noord person=n1"};
  given(in_both).when(beta_1("full_day")).then_events({"SessionScheduled"}).then_warns({"participant_clash"});
  given(in_both).when(beta_1("evening")).then_events({"SessionScheduled"});
  given(in_both).when(beta_1("afternoon")).then_events({"SessionScheduled"});
  given({alpha_1, "enrol theme=alpha area=noord person=n1", "enrol theme=beta area=zuid person=z1"})
      .when(beta_1("morning"))
      .then_events({"SessionScheduled"});
}

TEST(ParticipantClash, runs_on_a_move) {
  given({alpha_1, "enrol theme=alpha area=noord person=n1", "enrol theme=beta area=noord person=n1", beta_1("evening")})
      .when("move_session theme=beta session=1 date=2024-03-01 part=morning")
      .then_events({"SessionMoved"})
      .then_warns({"participant_clash"});
}

TEST(PersonUnavailable, warns_for_those_expected_on_the_date) {
  const std::vector<Step> away{"enrol theme=alpha area=noord person=n1 effective=2024-03-01",
                               "declare_unavailable person=n1 from=2024-02-01 to=2024-04-01",
                               "declare_unavailable person=n2 from=2024-01-01 to=2024-12-31"};
  given(away).when(alpha_2("2024-04-01")).then_events({"SessionScheduled"}).then_warns({"person_unavailable"});
  given(away).when(alpha_2("2024-02-29")).then_events({"SessionScheduled"});
  given(away).when(alpha_2("2024-04-02")).then_events({"SessionScheduled"});
  given(away)
      .and_given({alpha_2("2024-05-01")})
      .when("move_session theme=alpha session=2 date=2024-03-15 part=evening")
      .then_events({"SessionMoved"})
      .then_warns({"person_unavailable"});
}

// ---- severities, accept, order ----

// Every rule, with a history and a command that break it and nothing else.
struct Breach {
  const char* rule;
  std::vector<Step> history;
  std::string command;
  std::string event;
};

const std::vector<Breach> breaches{
    {"outside_period", {}, alpha_2("2025-01-01"), "SessionScheduled"},
    {"session_order", {alpha_3}, alpha_2("2024-06-01"), "SessionScheduled"},
    {"too_close", {alpha_1}, alpha_2("2024-03-02"), "SessionScheduled"},
    {"blackout",
     {"set_policy blackouts=[{'from':'2024-03-01','to':'2024-03-01','label':'B'}]"},
     alpha_2("2024-03-01"),
     "SessionScheduled"},
    {"venue_unavailable",
     {alpha_1, "declare_unavailable venue=zaal from=2024-03-01 to=2024-03-01"},
     "assign_venue theme=alpha session=1 venue=zaal",
     "VenueAssigned"},
    {"venue_double_booked",
     {alpha_1, beta_1("morning"), "assign_venue theme=beta session=1 venue=zaal"},
     "assign_venue theme=alpha session=1 venue=zaal",
     "VenueAssigned"},
    {"venue_too_small",
     {alpha_1, "change_venue venue=zaal capacity=0", "enrol theme=alpha area=noord person=n1"},
     "assign_venue theme=alpha session=1 venue=zaal",
     "VenueAssigned"},
    {"participant_clash",
     {alpha_1, "enrol theme=alpha area=noord person=n1", "enrol theme=beta area=noord person=n1"},
     beta_1("morning"),
     "SessionScheduled"},
    {"person_unavailable",
     {"enrol theme=alpha area=noord person=n1", "declare_unavailable person=n1 from=2024-03-01 to=2024-03-01"},
     alpha_2("2024-03-01"),
     "SessionScheduled"},
};

TEST(Severity, block_refuses_with_the_name_of_the_rule) {
  for (const Breach& b : breaches)
    given({policy(b.rule, "block")}).and_given(b.history).when(b.command).then_refused(b.rule);
}

TEST(Severity, block_release_and_warn_accept_with_a_warning) {
  for (const Breach& b : breaches)
    for (const char* severity : {"block_release", "warn"})
      given({policy(b.rule, severity)})
          .and_given(b.history)
          .when(b.command)
          .then_events({b.event})
          .then_warns({b.rule});
}

TEST(Severity, ignore_says_nothing) {
  for (const Breach& b : breaches)
    given({policy(b.rule, "ignore")}).and_given(b.history).when(b.command).then_events({b.event}).then_warns({});
}

TEST(Severity, has_its_default_where_the_policy_is_silent) {
  for (const Breach& b : breaches) {
    bool warns = std::string_view(b.rule) == "blackout" || std::string_view(b.rule) == "participant_clash" ||
                 std::string_view(b.rule) == "person_unavailable";
    auto programme = given(b.history);
    auto came = programme.when(b.command);
    if (warns) came.then_events({b.event}).then_warns({b.rule});
    else came.then_refused(b.rule);
  }
}

TEST(Accept, makes_a_block_a_warning_for_that_command) {
  for (const Breach& b : breaches) {
    auto programme = given({policy(b.rule, "block")});
    programme.and_given(b.history);
    programme.when(concat(b.command, " accept=['", b.rule, "'] reason=Afgesproken"))
        .then_events({b.event})
        .then_warns({b.rule});
  }
}

TEST(Accept, leaves_the_other_rules_and_the_other_severities_alone) {
  given({alpha_1, alpha_3})
      .when(alpha_2("2024-03-01") + " accept=['too_close'] reason=R")
      .then_refused("session_order");
  given({alpha_1})
      .when(alpha_2("2024-03-02") + " accept=['session_order','blackout'] reason=R")
      .then_refused("too_close");
  given({alpha_1, policy("too_close", "ignore")})
      .when(alpha_2("2024-03-02") + " accept=['too_close'] reason=R")
      .then_events({"SessionScheduled"});
}

TEST(Rules, are_checked_in_the_order_of_their_table) {
  given({alpha_1, alpha_3}).when(alpha_2("2025-01-01")).then_refused("outside_period");
  given({alpha_1, alpha_3}).when(alpha_2("2024-05-02")).then_refused("session_order");
  given({alpha_1, "assign_venue theme=alpha session=1 venue=hok", "enrol theme=alpha area=noord person=n1",
         "enrol theme=alpha area=zuid person=z1", beta_1("evening"), "change_venue venue=hok capacity=9",
         "assign_venue theme=beta session=1 venue=hok", "change_venue venue=hok capacity=1"})
      .when("move_session theme=alpha session=1 date=2024-03-01 part=evening")
      .then_refused("venue_double_booked");
}

TEST(Rules, warn_once_each_in_the_order_of_their_table) {
  given({alpha_1, "enrol theme=alpha area=noord person=n1", "enrol theme=alpha area=zuid person=z1",
         "enrol theme=beta area=noord person=n1", "enrol theme=beta area=zuid person=z1",
         "declare_unavailable person=n1 from=2024-03-01 to=2024-03-01",
         "declare_unavailable person=z1 from=2024-03-01 to=2024-03-01",
         "set_policy blackouts=[{'from':'2024-03-01','to':'2024-03-01','label':'B'}]"})
      .when(beta_1("full_day"))
      .then_events({"SessionScheduled"})
      .then_warns({"blackout", "participant_clash", "person_unavailable"});
}

TEST(Rules, come_after_every_rejection_of_the_command) {
  given({alpha_1})
      .when("schedule_session theme=alpha session=1 date=2030-01-01 part=morning")
      .then_refused("already_scheduled");
  given()
      .when("schedule_session theme=alpha session=1 date=2030-01-01 part=morning host=oost")
      .then_refused("unknown_area");
}

TEST(Rules, let_a_block_win_from_an_earlier_warning) {
  given({alpha_1,
         "set_policy blackouts=[{'from':'2025-01-01','to':'2025-12-31','label':'B'}] "
         "rules={'outside_period':'warn','blackout':'block'}"})
      .when(alpha_2("2025-01-01"))
      .then_refused("blackout");
}

}  // namespace
}  // namespace kring::test
