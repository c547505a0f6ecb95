// The strict reader: what is no JSON text for us.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>

#include "events/base/text.h"
#include "events/json/json.h"

namespace kring::json {
namespace {

std::string nested(std::size_t depth, char open, char close) {
  return std::string(depth, open) + std::string(depth, close);
}

bool refused(std::string_view text) {
  auto value = parse(text);
  return !value && value.error().kind == ErrorKind::invalid && value.error().code == "malformed_json" &&
         !value.error().message.empty();
}

TEST(Parse, takes_one_json_text_with_blanks_around_it) {
  EXPECT_EQ(parse(" \t\r\n{\"a\": [1, -2.5, true, null, \"x\"]} \n")->at("a").as_array().size(), 5u);
  EXPECT_TRUE(parse("null")->is_null());
  EXPECT_EQ(parse("\"\"")->as_string(), "");
}

TEST(Parse, refuses_what_is_no_json) {
  for (const char* text : {"",         "   ",        "{",         "[1",   "\"a",     "{\"a\":}", "{\"a\" 1}",
                           "[1,]",     "{\"a\":1,}", "{'a':1}",   "nul",  "NaN",     "Infinity", "01",
                           "+1",       ".5",         "1.",        "1e",   "// x\n1", "/* x */1", "\xef\xbb\xbf{}",
                           "\"a\nb\"", "\"\\x41\"",  "\"\\u12\"", "{a:1}"})
    EXPECT_TRUE(refused(text)) << text;
}

TEST(Parse, refuses_what_follows_the_text) {
  for (const char* text : {"1 2", "{} {}", "{}x", "[] ]", "null,"}) EXPECT_TRUE(refused(text)) << text;
  EXPECT_TRUE(refused(std::string_view("{}\0", 3)));
}

TEST(Parse, refuses_a_member_that_stands_twice_and_names_it) {
  for (const auto& [text, member] : {std::pair(R"({"a":1,"a":1})", "a"), {R"({"a":1,"b":{"c":1},"a":2})", "a"}, {R"({"b":{"a":1,"a":2}})", "b.a"},
                                     {R"({"a":1,"\u0061":2})", "a"}, {R"({"items":[{"title":1,"title":2}]})", "items[0].title"},
                                     {R"({"c":[],"items":[1,"x",null,[2],{"a":{}},{"a":[{"b":[[],[{"d":1,"d":2}]]}]}]})", "items[5].a[0].b[1][0].d"},
                                     {R"([0,{"a":1,"a":2}])", "[1].a"}}) {
    auto value = parse(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().member, member) << text;
    EXPECT_NE(value.error().message.find(concat("'", member, "' stands twice")), std::string::npos) << value.error().message;
  }
  EXPECT_TRUE(refused(R"({"":1,"":2})"));
}

TEST(Parse, takes_the_same_member_in_different_objects) {
  EXPECT_TRUE(parse(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"));
  EXPECT_TRUE(parse(R"({"a":{"b":1},"b":2})"));
}

TEST(Parse, reads_each_number_as_it_was_written) {
  for (double number : {0.1, 52.379189, 4.899431, -55.5555555555555523, 1.7976931348623157e308, 5.5555555555555555e51, 8.41e21,
                        9.5e-310})
    for (const std::string& text : {fmt::format("{}", number), fmt::format("{:.17g}", number), fmt::format("{:.40e}", number)})
      EXPECT_EQ(parse(text)->to_number<double>(), number) << text;
  EXPECT_EQ(parse("-5555555555555555555555555555555555555555555555555555.55555555552345678901")->as_double(),
            -5555555555555555555555555555555555555555555555555555.55555555552345678901);
  EXPECT_EQ(parse("[1E2,1e+2,10.0e1,0.00e-9]")->as_array(), (Array{100.0, 100.0, 100.0, 0.0}));
}

TEST(Parse, refuses_a_number_that_no_double_stands_for) {
  for (const char* text : {"1e309", "-1e309", "[1.8e308]", "1e999", "1e99999999999999999999"}) EXPECT_TRUE(refused(text)) << text;
}

// Processor time of reading an object of so many members.
double seconds_for(int members) {
  std::string text = "{\"first\":1";
  for (int i = 0; i < members; ++i) text += fmt::format(",\"{}\":1", i);
  const std::clock_t begin = std::clock();
  EXPECT_TRUE(parse(text + "}"));
  EXPECT_EQ(parse(text + ",\"first\":1}").error().member, "first");
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST(Parse, takes_about_ten_times_as_long_for_ten_times_as_many_members) {
  EXPECT_LT(seconds_for(90'000), 40 * seconds_for(9'000));  // a hundred times where each is compared with all before it
}

TEST(Parse, goes_thirty_two_levels_deep_and_no_deeper) {
  EXPECT_TRUE(parse(nested(32, '[', ']')));
  EXPECT_TRUE(refused(nested(33, '[', ']')));
  std::string objects = "1";
  for (int i = 0; i < 32; ++i) objects = "{\"a\":" + objects + "}";
  EXPECT_TRUE(parse(objects));
  EXPECT_TRUE(refused("{\"a\":" + objects + "}"));
  EXPECT_TRUE(refused(std::string(100'000, '[')));
}

TEST(Parse, refuses_bytes_that_are_no_utf8) {
  for (const char* bytes : {"\xff", "\xc3(", "\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_TRUE(refused(std::string("\"") + bytes + "\"")) << bytes;
    EXPECT_TRUE(refused(std::string("{\"") + bytes + "\":1}")) << bytes;
  }
  EXPECT_EQ(parse("\"\xe2\x82\xac\"")->as_string(), "\xe2\x82\xac");
}

TEST(Parse, refuses_half_a_surrogate_pair) {
  for (const char* text : {R"("\ud83d")", R"("\ude00")", R"("\ud83dx")", R"("\ud83d\u0041")", R"("\ude00\ud83d")"})
    EXPECT_TRUE(refused(text)) << text;
  EXPECT_EQ(parse(R"("\ud83d\ude00")")->as_string(), "\xf0\x9f\x98\x80");
}

TEST(Parse, tells_what_is_wrong_and_in_which_member) {
  struct Case {
    std::string text, why, member;
  };
  for (const Case& wrong : {Case{"{\"a\":1,\"b\":\"\xff\"}", "not UTF-8", "b"}, {"{\"a\":\"\xc3(\"}", "not UTF-8", "a"},
                            {R"({"a":"\ud83d"})", "surrogate", "a"}, {R"({"a":"\ude00"})", "surrogate", "a"},
                            {std::string("{\"a\":\0}", 7), "NUL byte", "a"}, {"{\"a\":\"x\ny\"}", "control character", "a"},
                            {R"({"a":1,"b":)" + nested(40, '[', ']') + "}", "32 levels", "b"}, {R"({"a":{"b":1,)", "too early", "a.b"},
                            {R"({"a":[{"b":1},{"c":x}]})", "syntax", "a[1].c"}, {R"({"a":{"b":1}x})", "syntax", "a"},
                            {"\xef\xbb\xbf{}", "byte order mark", ""}, {"hello", "syntax", ""}}) {
    auto value = parse(wrong.text);
    ASSERT_FALSE(value) << wrong.text;
    EXPECT_NE(value.error().message.find(wrong.why), std::string::npos) << value.error().message;
    EXPECT_EQ(value.error().member, wrong.member) << wrong.text;
  }
}

TEST(Parse, survives_every_cut_of_a_text) {
  std::string text = R"({"type":"enrol","list":[1,2.5e3,{"x":"\u00e9"}],"t":true})";
  ASSERT_TRUE(parse(text));
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_TRUE(refused(std::string_view(text).substr(0, size))) << size;
}

}  // namespace
}  // namespace kring::json
