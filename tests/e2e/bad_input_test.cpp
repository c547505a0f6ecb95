// Commands that are none: each is answered with its line and its member, exits with 3, and loses nothing around it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/program.h"

namespace kring::test {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string define = R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2035-12-31"})" "\n";
const std::string before = R"({"type":"add_theme","theme":"voor","title":"Voor"})" "\n", after = R"({"type":"add_theme","theme":"na","title":"Na"})" "\n";

std::string nested(char open, int depth) { return std::string(static_cast<std::size_t>(depth), open); }

struct Wrong {
  std::string line, member, why;
};

class BadCommands : public testing::Test {
 protected:
  BadCommands() { EXPECT_EQ(kring.submit(define).exit_code, 0); }

  // The line stands between two good ones, in a file of its own.
  void expect_invalid(const Wrong& wrong) {
    std::ofstream(file, std::ios::binary) << before << wrong.line << "\n" << after;
    auto recorded = kring({"log"}).lines().size();
    auto ran = kring({"submit", file});
    EXPECT_EQ(ran.exit_code, 3) << wrong.line.substr(0, 100);
    auto lines = ran.lines();
    ASSERT_EQ(lines.size(), 3u) << wrong.line.substr(0, 100);
    ASSERT_EQ(lines[1].at("status").as_string(), "invalid") << wrong.line.substr(0, 100);
    EXPECT_EQ(lines[1].at("line").to_number<int>(), 2);
    const auto& error = lines[1].at("error");
    EXPECT_EQ(error.at("code").as_string(), "invalid_command");
    EXPECT_EQ(error.at("member").is_null() ? "" : error.at("member").as_string(), wrong.member) << wrong.line.substr(0, 100);
    std::string message(error.at("message").as_string());
    EXPECT_TRUE(message.starts_with(file + ":2: ")) << message;
    EXPECT_TRUE(holds(message, wrong.why)) << message;
    EXPECT_EQ(kring({"log"}).lines().size(), recorded + 2) << "both of its neighbours are recorded, and it is not";
  }

  Kring kring;
  const std::string file = kring.data() + ".jsonl";
};

TEST_F(BadCommands, that_are_no_json) {
  for (const Wrong& wrong : {Wrong{"geen json", "", "not JSON"}, {"{\"type\":\"add_theme\"", "type", "ends too early"}, {"[]", "", "a command is a JSON object"},
                             {"\"add_theme\"", "", "a command is a JSON object"}, {"{'type':'add_theme'}", "", "not JSON"},
                             {R"({"type":"add_theme","theme":"a","title":"A"} {})", "", "something follows"},
                             {R"({"type":"add_theme","theme":"a","title":"A",})", "title", "not JSON"}})
    expect_invalid(wrong);
}

TEST_F(BadCommands, with_wrong_types_unknown_and_duplicate_members) {
  for (const Wrong& wrong : {Wrong{R"({"type":"add_theme","theme":"a","title":5})", "title", "must be a text"},
                             {R"({"type":"add_theme","theme":"a","title":"A","sessions":"5"})", "sessions", "must be a number"},
                             {R"({"type":["add_theme"]})", "type", "must be a text"},
                             {R"({"type":"set_policy","capacity":[1]})", "capacity", "must be an object"},
                             {R"({"type":"set_policy","rules":{"too_close":5}})", "rules.too_close", "must be one of"},
                             {R"({"type":"set_agenda","theme":"voor","session":1,"items":[{"kind":"workshop"}]})", "items[0].title", "is required"},
                             {R"({"type":"add_theme","theme":"a","title":"A","sesions":5})", "sesions", "did you mean 'sessions'?"},
                             {R"({"type":"add_theme","theme":"a","title":"A","theme":"b"})", "theme", "stands twice"},
                             {R"({"type":"set_policy","capacity":{"voor":1,"voor":2}})", "capacity.voor", "stands twice"}})
    expect_invalid(wrong);
}

TEST_F(BadCommands, with_bytes_that_are_no_text) {
  for (const Wrong& wrong : {Wrong{"{\"type\":\"add_theme\",\"theme\":\"a\",\"title\":\"\xff\xfe\"}", "title", "not UTF-8"},
                             {"{\"type\":\"add_theme\",\"theme\":\"a\",\"title\":\"caf\xe9\"}", "title", "not UTF-8"},  // Latin-1
                             {R"({"type":"add_theme","theme":"a","title":"\ud83d"})", "title", "surrogate"},
                             {std::string("{\"type\":\"add_theme\",\"theme\":\0}", 30), "theme", "NUL byte"},
                             {std::string("\0", 1), "", "NUL byte"},
                             {R"({"type":"add_theme","theme":"a","title":"a\u0000b"})", "title", "control character"},
                             {R"({"type":"add_theme","theme":"a","title":"\u001b[31m"})", "title", "control character"},
                             {"\xef\xbb\xbf{\"type\":\"add_theme\",\"theme\":\"a\",\"title\":\"A\"}", "", "byte order mark"}})
    expect_invalid(wrong);
}

TEST_F(BadCommands, with_days_that_do_not_exist_and_numbers_out_of_range) {
  std::string schedule = R"({"type":"schedule_session","theme":"voor","session":1,"part":"morning","date":)";
  std::string theme = R"({"type":"add_theme","theme":"a","title":"A","sessions":)";
  for (const Wrong& wrong : {Wrong{schedule + "\"2025-02-29\"}", "date", "a date that exists"}, {schedule + "\"2025-13-01\"}", "date", "a date that exists"},
                             {schedule + "\"1-1-2025\"}", "date", "a date that exists"}, {schedule + "20250101}", "date", "a date that exists"},
                             {theme + "0}", "sessions", "from 1 to"}, {theme + "-1}", "sessions", "from 1 to"}, {theme + "1.5}", "sessions", "whole number"},
                             {theme + "1e400}", "sessions", "exponent overflow"}, {theme + "99999999999999999999}", "sessions", "whole number"},
                             {R"({"type":"register_area","area":"a","name":"A","municipality":"M","lat":91,"lon":5})", "lat", "must be from"},
                             {R"({"type":"add_theme","theme":"a","title":"A","expect":-1})", "expect", ""}})
    expect_invalid(wrong);
}

TEST_F(BadCommands, that_are_nested_deep) {
  for (const Wrong& wrong : {Wrong{nested('[', 100'000), "", "deeper than 32 levels"}, {R"({"type":"set_policy","capacity":)" + nested('[', 500'000), "capacity", "deeper than 32 levels"}})
    expect_invalid(wrong);
}

TEST_F(BadCommands, on_a_line_of_a_hundred_megabytes_take_no_more_memory) {
  auto usual = kring.submit(before).most_memory_kib;
  {
    std::ofstream big(file, std::ios::binary);
    big << before << R"({"type":"add_theme","theme":"groot","title":")";
    const std::string chunk(1'000'000, 'x');
    for (int i = 0; i < 100; ++i) big << chunk;
    big << "\"}\n" << after;
  }
  auto ran = kring({"submit", file});
  EXPECT_EQ(ran.exit_code, 3);
  auto lines = ran.lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1].at("line").to_number<int>(), 2);
  EXPECT_TRUE(holds(std::string(lines[1].at("error").at("message").as_string()), file + ":2: a command has at most 1048576 bytes"));
  EXPECT_EQ(lines[2].at("status").as_string(), "accepted");
  EXPECT_LT(ran.most_memory_kib, usual + 64 * 1024);
  std::filesystem::remove(file);
}

TEST_F(BadCommands, in_an_empty_file_are_none) {
  for (const char* text : {"", "\n", "\n \t\r\n"}) {
    std::ofstream(file, std::ios::binary) << text;
    auto ran = kring({"submit", file});
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_EQ(ran.out + ran.err, "");
  }
}

TEST_F(BadCommands, in_a_file_that_cannot_be_read_say_why_and_exit_with_2) {
  std::string directory = kring.data() + ".d";
  std::filesystem::create_directory(directory);
  for (const auto& [path, why] : {std::pair(file + ".weg", "No such file or directory"), {directory, "Is a directory"}}) {
    auto ran = kring({"submit", path});
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_TRUE(holds(ran.err, path) && holds(ran.err, why)) << ran.err;
    EXPECT_EQ(kring({"init", path}).exit_code, 2);
  }
}

// A file of the data directory must not get the number of an output that is closed.
TEST(ClosedDescriptors, keep_their_numbers_and_the_log_its_bytes) {
  Kring kring;
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  const auto with_closed = [&](const std::string& command, const std::string& closed) {
    return run("timeout", {"20", "sh", "-c", Kring::program() + " --data " + kring.data() + " " + command + " " + closed}).exit_code;
  };
  for (const std::string command : {"init", "verify", "rebuild", "stats"})
    for (const std::string closed : {"<&- >&- 2>&-", "<&- >&-", ">&-", "2>&-"}) {
      const int expected = closed.find(">&- ") != std::string::npos || closed.ends_with(" >&-") || closed == ">&-" ? 2 : 0;
      if (command != "init") EXPECT_EQ(with_closed(command, closed), expected) << command << closed;
      else EXPECT_NE(with_closed(command, closed), 124) << closed;
      ASSERT_EQ(kring({"verify"}).exit_code, 0) << command << closed;
    }
  EXPECT_EQ(with_closed("submit", "<&-"), 2);
  EXPECT_EQ(with_closed("submit", "</dev/null"), 0);
}

}  // namespace
}  // namespace kring::test
