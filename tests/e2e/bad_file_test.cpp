// The files that people write: the programme (TOML) and kring.toml. What is wrong is named with file, line and key.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/program.h"

namespace kring::test {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Wrong {
  std::string text;
  int line;
  std::string key, why;
};

const std::string programme = "[programme]\nid = 'proef'\ntitle = 'Proef'\nfrom = 2024-01-01\nto = 2025-12-31\n";  // five lines

class BadProgramme : public testing::Test {
 protected:
  void expect_refused(const Wrong& wrong) {
    std::ofstream(file, std::ios::binary) << wrong.text;
    auto ran = kring({"init", file});
    EXPECT_EQ(ran.exit_code, 3) << wrong.text.substr(0, 200);
    EXPECT_EQ(ran.out, "");
    EXPECT_TRUE(holds(ran.err, file + ":" + std::to_string(wrong.line) + ": ")) << ran.err;
    EXPECT_TRUE(holds(ran.err, wrong.key) && holds(ran.err, wrong.why)) << ran.err;
    EXPECT_FALSE(std::filesystem::exists(kring.data())) << "nothing was made";
  }

  Kring kring;
  const std::string file = kring.data() + ".toml";
};

TEST_F(BadProgramme, that_is_no_toml) {
  for (const Wrong& wrong : {Wrong{"title = ", 1, "", "not TOML"}, {programme + "[[theme]\n", 6, "", "not TOML"}, {programme + "title = 'nog een'\n", 6, "title", "not TOML"},
                             {programme + "[programme]\n", 6, "programme", "not TOML"}, {"{\"type\":\"add_theme\"}", 1, "", "not TOML"},
                             {programme + "time_zone = \"\xff\"\n", 6, "", "utf-8"}, {std::string("[programme]\nid = \"a\0b\"\n", 23), 2, "", "control characters"},
                             {programme + "time_zone = \"\\ud83d\"\n", 6, "", "not TOML"}, {"a = " + std::string(100'000, '['), 1, "", "nests too deeply"}})
    expect_refused(wrong);
}

TEST_F(BadProgramme, with_keys_that_are_unknown_missing_or_of_the_wrong_type) {
  for (const Wrong& wrong : {Wrong{"", 1, "id", "[programme] needs an 'id'"}, {"[programma]\nid = 'proef'\n", 1, "programma", "did you mean 'programme'?"},
                             {"[programme]\ntitle = 'Proef'\n", 1, "id", "needs an 'id'"}, {"[programme]\nid = 5\n", 2, "id", "needs an 'id'"},
                             {"[programme]\nid = 'Proef Een'\n", 2, "id", "needs an 'id'"}, {programme + "titel = 'x'\n", 6, "titel", "did you mean 'title'?"},
                             {programme + "[policy]\nseats_per_area = 'een'\n", 7, "seats_per_area", "must be a number"},
                             {programme + "[policy]\nrules.too_clos = 'warn'\n", 7, "rules.too_clos", "must be one of"},
                             {programme + "[[theme]]\ntheme = 'a'\ntitle = 'A'\nsessions = 2.5\n", 9, "sessions", "whole number"},
                             {programme + "[[area]]\narea = 'a'\n", 6, "name", "is required"}, {programme + "[theme]\ntheme = 'a'\n", 6, "theme", "write it as [[theme]]"},
                             {programme + "[[theme]]\ntype = 'enrol'\ntheme = 'a'\ntitle = 'A'\n", 7, "type", "does not belong"}})
    expect_refused(wrong);
}

TEST_F(BadProgramme, with_days_that_do_not_exist_and_numbers_out_of_range) {
  std::string head = "[programme]\nid = 'proef'\ntitle = 'Proef'\n";
  for (const Wrong& wrong : {Wrong{head + "from = 2023-02-29\nto = 2025-12-31\n", 4, "", "day between 1 and 28"},
                             {head + "from = '2023-02-29'\nto = 2025-12-31\n", 4, "from", "a date that exists"},
                             {programme + "[[theme]]\ntheme = 'a'\ntitle = 'A'\nsessions = 0\n", 9, "sessions", "from 1 to"},
                             {programme + "[[venue]]\nvenue = 'a'\nname = 'A'\ncapacity = 9223372036854775808\n", 9, "", "64 bits"},
                             {programme + "[[venue]]\nvenue = 'a'\nname = 'A'\ncapacity = 5\nlat = inf\nlon = 5.0\n", 10, "lat", "must be from"}})
    expect_refused(wrong);
}

TEST_F(BadProgramme, with_an_entry_that_the_rules_refuse_is_refused_whole_and_tells_which) {
  const std::string theme = "[[theme]]\ntheme = 'begin'\ntitle = 'A'\n", area = "[[area]]\narea = 'breda'\nname = 'B'\nmunicipality = 'B'\n";
  for (const Wrong& wrong : {Wrong{programme + theme + "[[venue]]\nvenue = 'v'\nname = 'V'\ncapacity = 5\narea = 'b'\n", 13, "[venue] 'area'", "there is no area 'b'"},
                             {programme + area + "[[person]]\nperson = 'p-1'\nrole = 'speaker'\narea = 'berda'\nname = 'Noor'\n", 13, "[person] 'area'", "did you mean 'breda'?"},
                             {programme + theme + "[policy]\ncapacity = { begin = 3, bigin = 4 }\n", 10, "[policy] 'capacity.bigin'", "did you mean 'begin'?"},
                             {programme + theme + "[policy.capacity]\nbegin = 3\neinde = 4\n", 11, "[policy] 'capacity.einde'", "there is no theme 'einde'"},
                             {"[programme]\nid = 'proef'\ntitle = 'P'\nfrom = 2024-01-01\nto = 2023-01-01\n", 5, "[programme] 'to'", "2023-01-01"}})
    expect_refused(wrong);
}

TEST_F(BadProgramme, may_name_what_stands_already_and_nothing_else) {
  std::ofstream(file) << programme << "[[area]]\narea = 'breda'\nname = 'B'\nmunicipality = 'B'\n";
  ASSERT_EQ(kring({"init", file}).exit_code, 0);
  const std::string venue = "[[theme]]\ntheme = 'a'\ntitle = 'A'\n[[venue]]\nvenue = 'v'\nname = 'V'\ncapacity = 5\n";
  std::ofstream(file) << programme << venue << "area = 'delft'\n";
  auto ran = kring({"init", file});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_TRUE(holds(ran.err, file + ":13: [venue] 'area': there is no area 'delft'")) << ran.err;
  EXPECT_EQ(kring({"log"}).lines().size(), 2u) << "nothing of it, the theme neither";
  std::ofstream(file) << programme << venue << "area = 'breda'\n";
  EXPECT_EQ(kring({"init", file}).exit_code, 0);
  EXPECT_EQ(kring({"log"}).lines().size(), 4u);
}

TEST_F(BadProgramme, that_changes_what_cannot_be_changed_names_file_and_line) {
  std::ofstream(file) << programme << "time_zone = 'Europe/Amsterdam'\n";
  ASSERT_EQ(kring({"init", file}).exit_code, 0);
  std::ofstream(file) << programme << "time_zone = 'Europe/Lisbon'\n";
  auto ran = kring({"init", file});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_TRUE(holds(ran.err, file + ":6: 'time_zone'")) << ran.err;
  EXPECT_EQ(kring({"log"}).lines().size(), 1u);
}

TEST_F(BadProgramme, may_come_through_a_pipe_and_is_bounded) {
  std::ofstream(file) << programme;
  auto piped = run("bash", {"-c", "'" + Kring::program() + "' --data '" + kring.data() + "' init <(cat '" + file + "')"});
  EXPECT_EQ(piped.exit_code, 0) << piped.err;
  auto endless = kring({"init", "/dev/zero"});
  EXPECT_EQ(endless.exit_code, 2);
  EXPECT_TRUE(holds(endless.err, "larger than 16 MiB")) << endless.err;
}

// ---- kring.toml ----

class BadSettings : public testing::Test {
 protected:
  BadSettings() { EXPECT_EQ(kring({"init"}).exit_code, 0); }
  Ran with(const std::string& text, const std::vector<std::string>& arguments) {
    std::ofstream(file, std::ios::binary) << text;
    return kring(arguments);
  }
  Kring kring;
  const std::string file = kring.data() + "/kring.toml";
};

TEST_F(BadSettings, are_named_with_file_line_and_key_and_nothing_is_recorded) {
  for (const Wrong& wrong : {Wrong{"# x\nkey_encryption_key = \n", 2, "", "not TOML"}, {"erasure_leger = '/x'\n", 1, "erasure_leger", "did you mean 'erasure_ledger'?"},
                             {"\nkey_encryption_key = 5\n", 2, "key_encryption_key", "must be a path"}, {"erasure_ledger = ''\n", 1, "erasure_ledger", "must be a path"},
                             {"[erasure_ledger]\npath = 'x'\n", 1, "erasure_ledger", "must be a path"}, {"erasure_ledger = 'keys'\n", 1, "erasure_ledger", "must lie outside"},
                             {"erasure_ledger = \"\xff\"\n", 1, "", "not TOML"}, {std::string("a\0", 2), 1, "", "not TOML"}}) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"programme"}, {"submit", "/dev/null"}}) {
      auto ran = with(wrong.text, arguments);
      EXPECT_EQ(ran.exit_code, 3) << wrong.text;
      EXPECT_TRUE(holds(ran.err, "kring.toml:" + std::to_string(wrong.line) + ": ")) << ran.err;
      EXPECT_TRUE(holds(ran.err, wrong.key) && holds(ran.err, wrong.why)) << ran.err;
    }
  }
  EXPECT_EQ(with("", {"programme"}).exit_code, 0);
  EXPECT_EQ(kring({"log"}).lines().size(), 26u);
}

TEST_F(BadSettings, that_cannot_be_read_say_why) {
  std::filesystem::create_directory(file);
  auto ran = kring({"programme"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(holds(ran.err, "kring.toml") && holds(ran.err, "Is a directory")) << ran.err;
}

}  // namespace
}  // namespace kring::test
