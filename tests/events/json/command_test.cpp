// Commands as they come in: what they may say, what they need, and which member is named when something is wrong.
#include <gtest/gtest.h>

#include "events/base/text.h"
#include "events/json/json.h"

namespace kring::json {
namespace {

Request good(const std::string& text) {
  auto request = parse_command(text);
  EXPECT_TRUE(request) << text << "\n" << (request ? "" : request.error().message);
  return request.value_or(Request{});
}

// The member that is named as wrong.
std::string wrong(const std::string& text) {
  auto request = parse_command(text);
  if (request) return "nothing";
  EXPECT_EQ(request.error().kind, ErrorKind::invalid) << text;
  EXPECT_EQ(request.error().code, "invalid_command") << text;
  EXPECT_FALSE(request.error().message.empty()) << text;
  return request.error().member;
}

std::string enrol_with(const std::string& member) {
  return concat(R"({"type":"enrol","theme":"alpha","area":"noord","person":"p-1",)", member, "}");
}
std::string policy(const std::string& member) { return concat(R"({"type":"set_policy",)", member, "}"); }

// ---- common members ----

TEST(CommonMembers, are_all_optional_but_the_type) {
  auto request = good(R"({"type":"enrol","theme":"alpha","area":"noord","person":"p-1"})");
  EXPECT_TRUE(request.command.programme.empty() && request.command.id.empty() && request.command.actor.empty() &&
              request.command.accept.empty());
  EXPECT_FALSE(request.command.reason || request.command.effective || request.command.expect || request.at ||
               request.command.generated);
}

TEST(CommonMembers, are_read) {
  auto request = good(enrol_with(R"("programme":"proef","id":"A.1:_-","actor":"office:noord","reason":"Daarom",)"
                                 R"("effective":"2024-02-29","expect":0,)"
                                 R"("accept":["blackout","too_close"],"at":"2024-05-01T09:00:00+02:00")"));
  const Command& command = request.command;
  EXPECT_EQ(command.programme.text, "proef");
  EXPECT_EQ(command.id, "A.1:_-");
  EXPECT_EQ(command.actor, "office:noord");
  EXPECT_EQ(command.reason->clear, "Daarom");
  EXPECT_TRUE(command.reason->sealed.empty());
  EXPECT_EQ(command.effective, parse_day("2024-02-29"));
  EXPECT_EQ(command.expect, 0u);
  EXPECT_EQ(command.accept, (std::vector<Rule>{Rule::blackout, Rule::too_close}));
  EXPECT_EQ(request.at, parse_instant("2024-05-01T07:00:00Z"));
}

TEST(CommonMembers, are_named_when_they_are_wrong) {
  const std::pair<const char*, const char*> cases[]{{R"("programme":"Proef")", "programme"},
                                                    {R"("programme":1)", "programme"},
                                                    {R"("programme":null)", "programme"},
                                                    {R"("id":"a b")", "id"},
                                                    {R"("id":"")", "id"},
                                                    {R"("id":7)", "id"},
                                                    {R"("actor":"Jan")", "actor"},
                                                    {R"("actor":"")", "actor"},
                                                    {R"("actor":null)", "actor"},
                                                    {R"("reason":3)", "reason"},
                                                    {R"("reason":"a\u0000b")", "reason"},
                                                    {R"("effective":"2024-02-30")", "effective"},
                                                    {R"("effective":"2024-2-3")", "effective"},
                                                    {R"("effective":null)", "effective"},
                                                    {R"("expect":-1)", "expect"},
                                                    {R"("expect":"3")", "expect"},
                                                    {R"("expect":1.5)", "expect"},
                                                    {R"("at":"2024-05-01")", "at"},
                                                    {R"("at":"2024-05-01T09:00:00")", "at"},
                                                    {R"("at":5)", "at"},
                                                    {R"("accept":"blackout","reason":"R")", "accept"},
                                                    {R"("accept":["storm"],"reason":"R")", "accept[0]"},
                                                    {R"("accept":["blackout",7],"reason":"R")", "accept[1]"},
                                                    {R"("accept":["blackout"])", "accept"},
                                                    {R"("accept":["blackout"],"reason":"")", "accept"}};
  for (auto [member, name] : cases) EXPECT_EQ(wrong(enrol_with(member)), name) << member;
}

TEST(CommonMembers, have_a_bounded_length) {
  EXPECT_EQ(wrong(enrol_with(concat("\"reason\":\"", std::string(max_reason + 1, 'x'), "\""))), "reason");
  EXPECT_EQ(good(enrol_with(concat("\"reason\":\"", std::string(max_reason, 'x'), "\""))).command.reason->clear.size(),
            max_reason);
  EXPECT_EQ(wrong(enrol_with(concat("\"id\":\"", std::string(65, 'x'), "\""))), "id");
}

TEST(Type, is_required_and_known) {
  for (const char* text :
       {"{}", R"({"type":3})", R"({"type":"enroll"})", R"({"type":"Enrol"})", R"({"type":""})", R"({"type":null})"})
    EXPECT_EQ(wrong(text), "type") << text;
}

TEST(Type, and_a_member_that_are_mistyped_are_told_what_they_may_have_been) {
  auto type = parse_command(R"({"type":"enroll","theme":"alpha","area":"noord","person":"p-1"})");
  EXPECT_NE(type.error().message.find("did you mean 'enrol'?"), std::string::npos) << type.error().message;
  auto member = parse_command(enrol_with(R"("efective":"2024-01-01")"));
  EXPECT_EQ(member.error().member, "efective");
  EXPECT_NE(member.error().message.find("did you mean 'effective'?"), std::string::npos) << member.error().message;
  EXPECT_EQ(parse_command(R"({"type":"zzz"})").error().message.find("did you mean"), std::string::npos);
}

TEST(Command, is_an_object) {
  for (const char* text : {"[]", "1", "null", "\"enrol\"", "", "{", R"({"type":"enrol"} x)"})
    EXPECT_EQ(wrong(text), "") << text;
}

TEST(Command, names_a_member_that_stands_twice) {
  EXPECT_EQ(wrong(R"({"type":"enrol","theme":"a","area":"b","person":"p","theme":"c"})"), "theme");
}

TEST(Command, names_members_that_it_does_not_know) {
  EXPECT_EQ(wrong(enrol_with(R"("persn":"p-2")")), "persn");
  EXPECT_EQ(wrong(enrol_with(R"("title":"T")")), "title");
  EXPECT_EQ(
      wrong(R"({"type":"set_agenda","theme":"a","session":1,"items":[{"kind":"workshop","title":"T","colour":"x"}]})"),
      "items[0].colour");
  EXPECT_EQ(wrong(policy(R"("blackouts":[{"from":"2024-01-01","to":"2024-01-02","label":"L","x":1}])")),
            "blackouts[0].x");
}

// ---- members of the types ----

TEST(RequiredMembers, are_named_when_they_are_absent) {
  const std::pair<const char*, const char*> cases[]{
      {R"({"type":"define_programme","title":"T","from":"2024-01-01","to":"2024-01-02"})", "programme"},
      {R"({"type":"define_programme","programme":"p","from":"2024-01-01","to":"2024-01-02"})", "title"},
      {R"({"type":"define_programme","programme":"p","title":"T","to":"2024-01-02"})", "from"},
      {R"({"type":"add_theme","title":"T"})", "theme"},
      {R"({"type":"add_theme","theme":"t"})", "title"},
      {R"({"type":"register_area","area":"a","name":"N"})", "municipality"},
      {R"({"type":"register_venue","venue":"v","name":"N"})", "capacity"},
      {R"({"type":"register_person","name":"N"})", "role"},
      {R"({"type":"register_person","role":"r"})", "name"},
      {R"({"type":"change_person","role":"r"})", "person"},
      {R"({"type":"invite_area","theme":"t","area":"a"})", "respond_by"},
      {R"({"type":"enrol","theme":"t","area":"a"})", "person"},
      {R"({"type":"withdraw","theme":"t"})", "person"},
      {R"({"type":"transfer_seat","theme":"t","from":"p"})", "to"},
      {R"({"type":"substitute","theme":"t","session":1,"person":"p"})", "by"},
      {R"({"type":"schedule_session","theme":"t","session":1,"date":"2024-01-01"})", "part"},
      {R"({"type":"move_session","theme":"t","session":1,"part":"morning"})", "date"},
      {R"({"type":"cancel_session","theme":"t"})", "session"},
      {R"({"type":"assign_venue","theme":"t","session":1})", "venue"},
      {R"({"type":"set_agenda","theme":"t","session":1})", "items"},
      {R"({"type":"set_agenda","theme":"t","session":1,"items":[{"kind":"workshop"}]})", "items[0].title"},
      {R"({"type":"record_attendance","theme":"t","session":1,"person":"p"})", "status"},
      {R"({"type":"forget_person"})", "person"}};
  for (auto [text, member] : cases) EXPECT_EQ(wrong(text), member) << text;
}

TEST(Members, are_named_when_their_type_is_wrong) {
  const std::pair<const char*, const char*> cases[]{
      {R"({"type":"enrol","theme":"Alpha","area":"a","person":"p"})", "theme"},
      {R"({"type":"enrol","theme":"t","area":"-a","person":"p"})", "area"},
      {R"({"type":"enrol","theme":"t","area":"a","person":7})", "person"},
      {R"({"type":"enrol","theme":"t","area":"","person":"p"})", "area"},
      {R"({"type":"cancel_session","theme":"t","session":"1"})", "session"},
      {R"({"type":"cancel_session","theme":"t","session":1.0})", "session"},
      {R"({"type":"cancel_session","theme":"t","session":3000000000})", "session"},
      {R"({"type":"cancel_session","theme":"t","session":18446744073709551615})", "session"},
      {R"({"type":"add_theme","theme":"t","title":""})", "title"},
      {R"({"type":"add_theme","theme":"t","title":3})", "title"},
      {R"({"type":"add_theme","theme":"t","title":"a\u0007"})", "title"},
      {R"({"type":"add_theme","theme":"t","title":"T","sessions":0})", "sessions"},
      {R"({"type":"add_theme","theme":"t","title":"T","sessions":1001})", "sessions"},
      {R"({"type":"add_theme","theme":"t","title":"T","capacity":-1})", "capacity"},
      {R"({"type":"add_theme","theme":"t","title":"T","capacity":null})", "capacity"},
      {R"({"type":"register_venue","venue":"v","name":"N","capacity":-1})", "capacity"},
      {R"({"type":"register_venue","venue":"v","name":"N","capacity":1,"accessible":"yes"})", "accessible"},
      {R"({"type":"register_area","area":"a","name":"N","municipality":"M","lat":90.5})", "lat"},
      {R"({"type":"register_area","area":"a","name":"N","municipality":"M","lon":-181})", "lon"},
      {R"({"type":"register_area","area":"a","name":"N","municipality":"M","lat":"52"})", "lat"},
      {R"({"type":"schedule_session","theme":"t","session":1,"date":"2023-02-29","part":"morning"})", "date"},
      {R"({"type":"schedule_session","theme":"t","session":1,"date":"2024-01-01","part":"night"})", "part"},
      {R"({"type":"record_attendance","theme":"t","session":1,"person":"p","status":"late"})", "status"},
      {R"({"type":"set_agenda","theme":"t","session":1,"items":{}})", "items"},
      {R"({"type":"set_agenda","theme":"t","session":1,"items":[7]})", "items[0]"},
      {R"({"type":"set_agenda","theme":"t","session":1,"items":[{"kind":"lunch","title":"T"}]})", "items[0].kind"},
      {R"({"type":"move_session","theme":"t","session":1,"date":"2024-01-01","part":"morning","release_venue":1})",
       "release_venue"},
      {R"({"type":"define_programme","programme":"p","title":"T","from":"2024-01-01","to":"2024-01-02",)"
       R"("time_zone":"Mars/Phobos"})",
       "time_zone"}};
  for (auto [text, member] : cases) EXPECT_EQ(wrong(text), member) << text;
}

TEST(PolicyMembers, are_named_when_they_are_wrong) {
  const std::pair<const char*, const char*> cases[]{
      {R"("seats_per_area":0)", "seats_per_area"},
      {R"("seats_per_area":null)", "seats_per_area"},
      {R"("capacity":{"Alpha":1})", "capacity.Alpha"},
      {R"("capacity":{"alpha":-1})", "capacity.alpha"},
      {R"("capacity":3)", "capacity"},
      {R"("eligible_roles":"a")", "eligible_roles"},
      {R"("eligible_roles":["A"])", "eligible_roles[0]"},
      {R"("min_gap_days":-1)", "min_gap_days"},
      {R"("blackouts":[{"from":"2024-01-01","to":"2024-01-02"}])", "blackouts[0].label"},
      {R"("rules":{"storm":"warn"})", "rules.storm"},
      {R"("rules":{"blackout":"loud"})", "rules.blackout"},
      {R"("retention_days":-1)", "retention_days"},
      {R"("part_times":{"night":["09:00","10:00"]})", "part_times.night"},
      {R"("part_times":{"evening":["10:00","09:00"]})", "part_times.evening"},
      {R"("part_times":{"evening":["9:00","10:00"]})", "part_times.evening"},
      {R"("part_times":{"evening":["09:00","24:00"]})", "part_times.evening"},
      {R"("part_times":{"evening":["09:00"]})", "part_times.evening"}};
  for (auto [member, name] : cases) EXPECT_EQ(wrong(policy(member)), name) << member;
}

TEST(Policy, tells_null_from_absent) {
  auto change =
      std::get<command::SetPolicy>(good(policy(R"("retention_days":null,"capacity":{"alpha":null})")).command.body)
          .change;
  EXPECT_TRUE(change.retention_days.named);
  EXPECT_FALSE(change.retention_days.value);
  ASSERT_EQ(change.capacity.size(), 1u);
  EXPECT_FALSE(change.capacity[0].value);
  EXPECT_FALSE(
      std::get<command::SetPolicy>(good(policy(R"("seats_per_area":2)")).command.body).change.retention_days.named);
}

TEST(Lists, are_bounded) {
  std::string roles;
  for (std::size_t i = 0; i < max_list; ++i) roles += concat(i > 0 ? "," : "", "\"r", i, "\"");
  EXPECT_EQ(wrong(policy(concat("\"eligible_roles\":[", roles, "]"))), "nothing");
  EXPECT_EQ(wrong(policy(concat("\"eligible_roles\":[", roles, ",\"x\"]"))), "eligible_roles");
}

TEST(Change, names_something_to_change) {
  for (const char* text : {R"({"type":"change_programme"})", R"({"type":"change_theme","theme":"t"})",
                           R"({"type":"change_area","area":"a"})", R"({"type":"change_venue","venue":"v"})",
                           R"({"type":"change_person","person":"p"})",
                           R"({"type":"change_programme","reason":"R","effective":"2024-01-01"})"})
    EXPECT_EQ(wrong(text), "type") << text;
  EXPECT_EQ(wrong(R"({"type":"change_person","person":"p","phone":"06"})"), "nothing");
}

TEST(Unavailability, is_of_a_venue_or_of_a_person_and_not_of_both) {
  for (const char* type : {"declare_unavailable", "lift_unavailability"}) {
    auto text = [&](const char* who) {
      return concat(R"({"type":")", type, R"(",)", who, R"("from":"2024-01-01","to":"2024-01-02"})");
    };
    EXPECT_EQ(wrong(text("")), "venue") << type;
    EXPECT_EQ(wrong(text(R"("venue":"v","person":"p",)")), "venue") << type;
    EXPECT_EQ(wrong(text(R"("venue":"v",)")), "nothing") << type;
    EXPECT_EQ(wrong(text(R"("person":"p",)")), "nothing") << type;
  }
}

TEST(PersonId, holds_no_word_of_the_name) {
  for (const char* type : {"register_person", "change_person"}) {
    auto text = [&](const char* id, const char* name) {
      return concat(R"({"type":")", type, R"(","role":"r","person":")", id, R"(","name":")", name, "\"}");
    };
    EXPECT_EQ(wrong(text("de-jansen-1", "Jan Jansen")), "person") << type;
    EXPECT_EQ(wrong(text("jansen", "JANSEN")), "person") << type;
    EXPECT_EQ(wrong(text("jose", "Jos\xc3\xa9")), "person") << type;
    EXPECT_EQ(wrong(text("p-1", "Jan Jansen")), "nothing") << type;
    EXPECT_EQ(wrong(text("p-bo", "Bo Li")), "nothing") << type;
  }
}

TEST(RegisterPerson, may_leave_the_id_to_be_made_up) {
  EXPECT_TRUE(
      std::get<command::RegisterPerson>(good(R"({"type":"register_person","role":"r","name":"N"})").command.body)
          .person.empty());
  EXPECT_EQ(wrong(R"({"type":"register_person","person":"","role":"r","name":"N"})"), "person");
  EXPECT_EQ(wrong(R"({"type":"register_person","person":null,"role":"r","name":"N"})"), "person");
}

TEST(Texts, may_hold_line_breaks_and_a_thousand_bytes) {
  EXPECT_EQ(wrong(R"({"type":"add_theme","theme":"t","title":"a\n\tb"})"), "nothing");
  auto titled = [](std::size_t size) {
    return concat(R"({"type":"add_theme","theme":"t","title":")", std::string(size, 'x'), "\"}");
  };
  EXPECT_EQ(wrong(titled(max_text)), "nothing");
  EXPECT_EQ(wrong(titled(max_text + 1)), "title");
}

TEST(Texts, that_show_nothing_are_refused_as_empty_ones_are) {
  for (const char* blank : {"", " ", " \\t\\n", "\xc2\xa0", "\xe2\x80\x8b\xe3\x80\x80"}) {
    EXPECT_EQ(wrong(concat(R"({"type":"register_person","role":"speaker","name":")", blank, "\"}")), "name") << blank;
    EXPECT_EQ(wrong(concat(R"({"type":"add_theme","theme":"alpha","title":")", blank, "\"}")), "title") << blank;
    EXPECT_FALSE(good(enrol_with(concat(R"("reason":")", blank, "\""))).command.reason) << "no reason";
    EXPECT_EQ(wrong(enrol_with(concat(R"("accept":["blackout"],"reason":")", blank, "\""))), "accept") << blank;
  }
  EXPECT_EQ(good(R"({"type":"add_theme","theme":"alpha","title":" A "})").command.body, CommandBody(command::AddTheme{{"alpha"}, " A ", {}, {}}));
}

TEST(Numbers, that_are_out_of_range_are_told_the_range) {
  for (const char* number : {"0", "1001", "-1", "1.5", "99999999999999999999", "1e300"}) {
    auto request = parse_command(policy(concat(R"("seats_per_area":)", number)));
    ASSERT_FALSE(request) << number;
    EXPECT_NE(request.error().message.find("from 1 to 1000"), std::string::npos) << request.error().message;
  }
}

TEST(ReleaseSchedule, takes_a_note_as_long_as_a_reason) {
  EXPECT_EQ(wrong(concat(R"({"type":"release_schedule","note":")", std::string(max_reason, 'x'), "\"}")), "nothing");
}

TEST(Commands, that_lack_a_member_are_told_which_one_may_have_been_meant) {
  const auto message = [](std::string_view text) { return json::parse_command(text).error().message; };
  EXPECT_EQ(message(R"({"type":"enrol","thema":"x","area":"a","person":"p-1"})"), "'theme' is required; 'thema' is not a member of this command");
  EXPECT_EQ(message(R"({"type":"enrol","area":"a","person":"p-1"})"), "'theme' is required");
  EXPECT_EQ(message(R"({"typ":"enrol","theme":"x","area":"a","person":"p-1"})"), "'type' is required; did you mean 'typ'?");
  EXPECT_EQ(json::parse_command(R"({"type":"enrol","thema":"x"})").error().member, "theme");
}

}  // namespace
}  // namespace kring::json
