// JSON as it is written.
#include <gtest/gtest.h>

#include "events/event/event.h"
#include "events/json/json.h"
#include "events/json/to_json.h"

namespace kring::json {
namespace {

TEST(ToText, is_one_line_without_blanks) {
  EXPECT_EQ(to_text(*parse(R"({ "a" : [ 1 , 2.5 , { } ], "b": "x\ny" , "c": null})")),
            R"({"a":[1,2.5,{}],"b":"x\ny","c":null})");
}

TEST(ToText, writes_numbers_in_their_shortest_form) {
  EXPECT_EQ(to_text(Array{52.5, 0.1, 1e21, -0.25, 3, true}), "[52.5,0.1,1e+21,-0.25,3,true]");
}

TEST(ToText, comes_back_as_it_was) {
  for (const char* text : {R"({"a":[52.5,0.1,-3,1e+300],"b":"\u0001\"\\€"})", "[]", "{}", "\"\"", "null"})
    EXPECT_EQ(*parse(to_text(*parse(text))), *parse(text)) << text;
}

TEST(ToPrettyText, indents_by_two) {
  EXPECT_EQ(to_pretty_text(*parse(R"({"a":[1,{"b":2}],"c":[]})")),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": []\n}");
}

TEST(ToJson, leaves_absent_members_out_or_shows_null) {
  event::VenueAssigned assigned{{"alpha"}, 1, {"zaal"}, {}};
  EXPECT_EQ(to_text(to_json(assigned, Absent::omit)), R"({"theme":"alpha","session":1,"venue":"zaal"})");
  EXPECT_EQ(to_text(to_json(assigned, Absent::null)),
            R"({"theme":"alpha","session":1,"venue":"zaal","replaced":null})");
}

TEST(ToJson, shows_no_personal_text) {
  event::PersonRegistered person{{"p-1"}, {}, {"coordinator"}, {"Iemand", "gesloten"}, Personal{"a@b.nl", ""}, {}, {}};
  EXPECT_EQ(to_text(to_json(person, Absent::omit)),
            R"({"person":"p-1","role":"coordinator","name":null,"email":null})");
}

TEST(ToJson, shows_what_a_policy_names) {
  event::PolicySet set;
  set.change.capacity = {{{"alpha"}, 3}, {{"beta"}, std::nullopt}};
  set.change.retention_days.named = true;
  set.change.part_times = {{Part::evening, PartTimes{"20:00", "22:00"}}};
  EXPECT_EQ(to_text(to_json(set, Absent::omit)),
            R"({"capacity":{"alpha":3,"beta":null},"retention_days":null,"part_times":{"evening":["20:00","22:00"]}})");
}

}  // namespace
}  // namespace kring::json
