// The digest by which a command that is sent again is known.
#include <gtest/gtest.h>

#include "events/json/json.h"

namespace kring::json {
namespace {

Token digest(const std::string& text) {
  auto request = parse_command(text);
  EXPECT_TRUE(request) << text;
  return request ? request->command.digest : Token{};
}

const std::string enrol = R"({"type":"enrol","theme":"alpha","area":"noord","person":"p-1","id":"x"})";

std::string with(const std::string& member) { return enrol.substr(0, enrol.size() - 1) + "," + member + "}"; }

TEST(Digest, does_not_depend_on_the_order_of_members_or_on_blanks) {
  EXPECT_EQ(digest(enrol),
            digest(R"({ "id":"x", "person" : "p-1", "area":"noord", "theme":"alpha", "type":"enrol" })"));
  EXPECT_EQ(digest(R"({"type":"set_policy","rules":{"blackout":"warn","too_close":"block"},"capacity":{"a":1}})"),
            digest(R"({"capacity":{"a":1},"type":"set_policy","rules":{"too_close":"block","blackout":"warn"}})"));
}

TEST(Digest, is_of_the_text_and_not_of_how_it_is_escaped) {
  EXPECT_EQ(digest(R"({"type":"add_theme","theme":"a","title":"\u00e9"})"),
            digest("{\"type\":\"add_theme\",\"theme\":\"a\",\"title\":\"\xc3\xa9\"}"));
}

TEST(Digest, does_not_look_at_time_reason_id_and_programme) {
  for (const char* member : {R"("at":"2024-01-01T00:00:00Z")", R"("reason":"Daarom")", R"("programme":"proef")"})
    EXPECT_EQ(digest(enrol), digest(with(member))) << member;
  EXPECT_EQ(digest(enrol), digest(R"({"type":"enrol","theme":"alpha","area":"noord","person":"p-1","id":"y"})"));
}

TEST(Digest, does_not_look_at_personal_members_in_any_command) {
  const auto base = digest(R"({"type":"register_person","person":"p-1","role":"coordinator","name":"Een"})");
  EXPECT_EQ(base, digest(R"({"type":"register_person","person":"p-1","role":"coordinator","name":"Ander",)"
                         R"("email":"a@b.nl","organisation":"O","phone":"06"})"));
  EXPECT_EQ(digest(R"({"type":"register_area","area":"a","name":"Een","municipality":"M"})"),
            digest(R"({"type":"register_area","area":"a","name":"Ander","municipality":"M"})"));
  EXPECT_EQ(digest(R"({"type":"register_venue","venue":"a","name":"Een","capacity":1})"),
            digest(R"({"type":"register_venue","venue":"a","name":"Ander","capacity":1})"));
}

TEST(Digest, looks_at_everything_else) {
  for (const char* member : {R"("actor":"office:noord")", R"("effective":"2024-01-01")", R"("expect":3)"})
    EXPECT_NE(digest(enrol), digest(with(member))) << member;
  EXPECT_NE(digest(with(R"("reason":"R","accept":["blackout"])")), digest(with(R"("reason":"R")")));
  EXPECT_NE(digest(with(R"("actor":"office:noord")")), digest(with(R"("actor":"office:zuid")")));
  EXPECT_NE(digest(enrol), digest(R"({"type":"enrol","theme":"alpha","area":"noord","person":"p-2"})"));
  EXPECT_NE(digest(R"({"type":"withdraw","theme":"a","person":"p"})"),
            digest(R"({"type":"forget_person","person":"p"})"));
  EXPECT_NE(digest(R"({"type":"set_policy","retention_days":null})"),
            digest(R"({"type":"set_policy","seats_per_area":1})"));
}

TEST(Digest, keeps_the_order_of_lists_and_the_borders_of_texts) {
  EXPECT_NE(digest(R"({"type":"set_policy","eligible_roles":["a","b"]})"),
            digest(R"({"type":"set_policy","eligible_roles":["b","a"]})"));
  EXPECT_NE(digest(R"({"type":"set_policy","eligible_roles":["ab"]})"),
            digest(R"({"type":"set_policy","eligible_roles":["a","b"]})"));
  EXPECT_NE(digest(R"({"type":"add_theme","theme":"a","title":"b\",\"c"})"),
            digest(R"({"type":"add_theme","theme":"a","title":"b"})"));
}

}  // namespace
}  // namespace kring::json
