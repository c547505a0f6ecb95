// What a terminal gets that a pipe does not: tables, colours, a bar; and nothing that steers it.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/support/program.h"

namespace kring::test {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string bold = "\033[1m";

class Terminal : public testing::Test {
 protected:
  Terminal() { EXPECT_EQ(kring({"init"}).exit_code, 0); }
  std::string show(std::vector<std::string> arguments, const std::vector<std::string>& environment = {"TERM=xterm", "NO_COLOR="}) const {
    arguments.insert(arguments.begin(), {"--data", kring.data()});
    auto ran = run_on_terminal(Kring::program(), arguments, environment);
    EXPECT_EQ(ran.exit_code, 0) << ran.out;
    return ran.out;
  }
  Kring kring;
};

TEST_F(Terminal, gets_tables_with_a_heading_in_bold_and_a_pipe_gets_json) {
  auto shown = show({"roster", "re-integratie"});
  EXPECT_TRUE(holds(shown, bold + "Re-integratie (re-integratie)")) << shown;
  EXPECT_FALSE(holds(shown, "{\""));
  auto piped = kring({"roster", "re-integratie"}).out;
  EXPECT_TRUE(piped.starts_with("{\"programme\""));
  EXPECT_FALSE(holds(kring({"roster", "re-integratie", "--format", "table"}).out, "\033"));
}

TEST_F(Terminal, gets_no_colour_where_it_is_not_wanted_or_not_known) {
  EXPECT_FALSE(holds(show({"areas"}, {"TERM=xterm", "NO_COLOR=1"}), "\033"));
  EXPECT_FALSE(holds(show({"areas"}, {"TERM=dumb", "NO_COLOR="}), "\033"));
  EXPECT_TRUE(holds(show({"areas"}), "\033"));
}

TEST_F(Terminal, gets_titles_and_names_with_what_would_steer_it_written_out) {
  // U+009B begins an escape sequence like ESC [ does, and U+202E turns the line around.
  auto ran = kring.submit("{\"type\":\"add_theme\",\"theme\":\"kwaad\",\"title\":\"Rood\\u009b31m\\u202e\\nregel\"}\n"
                          "{\"type\":\"register_person\",\"person\":\"p-1\",\"area\":\"breda-noord\",\"role\":\"coordinator\",\"name\":\"Noor\\u009b2J\\u007f\"}\n"
                          "{\"type\":\"enrol\",\"theme\":\"kwaad\",\"area\":\"breda-noord\",\"person\":\"p-1\"}\n");
  ASSERT_EQ(ran.exit_code, 0) << ran.out;
  for (const std::vector<std::string>& read : {std::vector<std::string>{"roster", "kwaad"}, {"programme"}, {"person", "p-1"}, {"history", "--theme", "kwaad"}}) {
    auto shown = show(read);
    for (const char* raw : {"\xc2\x9b", "\xe2\x80\xae", "\x7f"}) EXPECT_FALSE(holds(shown, raw)) << read[0];
  }
  EXPECT_TRUE(holds(show({"roster", "kwaad"}), "Rood\\u009b31m\\u202e\\nregel (kwaad)"));
  EXPECT_TRUE(holds(show({"person", "p-1"}), "Noor\\u009b2J\\u007f"));
  auto typed = kring({"roster", "\033[31mkwaad"});
  EXPECT_EQ(typed.exit_code, 3);
  EXPECT_FALSE(holds(typed.err, "\033")) << typed.err;
}

TEST_F(Terminal, gets_columns_that_stand_below_one_another_whatever_the_names) {
  std::ostringstream commands;
  const std::vector<std::string> names{"Zo\xc3\xab van den Ijssel", "Andre\xcc\x81 de Wit", "\xea\xb9\x80\xeb\xaf\xbc\xec\xa4\x80", "\xf0\x9f\x8c\xb7 Tulp"};
  const std::vector<std::string> areas{"arnhem-oost", "breda-noord", "delft-west", "dordrecht-west"};
  for (std::size_t i = 0; i < names.size(); ++i)
    commands << "{\"type\":\"register_person\",\"person\":\"p-" << i << "\",\"area\":\"" << areas[i] << "\",\"role\":\"coordinator\",\"name\":\"" << names[i] << "\"}\n"
             << "{\"type\":\"enrol\",\"theme\":\"re-integratie\",\"area\":\"" << areas[i] << "\",\"person\":\"p-" << i << "\"}\n";
  ASSERT_EQ(kring.submit(commands.str()).exit_code, 0);
  auto shown = show({"roster", "re-integratie"}, {"TERM=dumb"});
  // Columns that each name takes on a terminal: 18, 12, 6 and 7. The roles behind them begin below one another.
  for (const auto& [name, width] : {std::pair(names[0], 18), {names[1], 12}, {names[2], 6}, {names[3], 7}})
    EXPECT_TRUE(holds(shown, name + std::string(static_cast<std::size_t>(18 - width + 2), ' ') + "coordinator")) << shown;
}

TEST_F(Terminal, gets_areas_that_fit_into_it) {
  std::ostringstream commands;
  const std::vector<std::string> themes{"armoede-en-schulden", "integrale-aanpak", "ontwikkeling-jonge-kind", "re-integratie", "veerkracht-en-weerbaarheid"};
  commands << R"({"type":"register_person","person":"p-0123456789ab","area":"schiedam-nieuwland-oost","role":"coordinator","name":"Noor"})" "\n";
  for (const auto& theme : themes)
    commands << R"({"type":"enrol","area":"schiedam-nieuwland-oost","person":"p-0123456789ab","theme":")" << theme << "\"}\n"
             << R"({"type":"invite_area","area":"breda-noord","respond_by":"2020-01-01","theme":")" << theme << "\"}\n"
             << R"({"type":"invite_area","area":"schiedam-nieuwland-oost","respond_by":"2020-01-01","theme":")" << theme << "\"}\n";
  ASSERT_EQ(kring.submit(commands.str()).exit_code, 0);
  for (const int columns : {80, 120}) {
    auto shown = run_on_terminal("bash", {"-c", "stty cols " + std::to_string(columns) + "; '" + Kring::program() + "' --data '" + kring.data() + "' areas"}, {"TERM=dumb"});
    std::istringstream lines(shown.out);
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size() - line.ends_with('\r'));
    EXPECT_GT(widest, 50u) << shown.out;
    EXPECT_LE(widest, static_cast<std::size_t>(columns)) << shown.out;
    EXPECT_EQ(holds(shown.out, "Schiedam Nieuwland-Oost"), columns == 120);
    EXPECT_TRUE(holds(shown.out, "re-integratie") && holds(shown.out, "overdue 2020-01-01") && holds(shown.out, "p-0123456789ab") && holds(shown.out, "answered")) << shown.out;
    EXPECT_TRUE(holds(shown.out, "delft-west")) << "also one that has nothing";
  }
  EXPECT_TRUE(holds(kring({"areas"}).out, R"("seats":{)"));
  EXPECT_TRUE(kring({"areas", "--format", "csv"}).out.starts_with("area,name,seats,invitations\r\n"));
}

TEST_F(Terminal, gets_a_bar_for_what_takes_long_that_is_gone_at_the_end) {
  std::string file = kring.data() + ".jsonl";
  {
    std::ofstream commands(file);
    for (int i = 0; i < 150'000; ++i)
      commands << R"({"type":"register_person","area":"breda-noord","role":"coordinator","name":"Een naam die lang is","person":"q-)" << i << "\"}\n";
  }
  std::string command = "'" + Kring::program() + "' --data '" + kring.data() + "' ";
  auto submitted = run_on_terminal("bash", {"-c", command + "submit '" + file + "' >/dev/null"});
  EXPECT_EQ(submitted.exit_code, 0);
  EXPECT_TRUE(holds(submitted.out, "\rcommands [#")) << submitted.out;
  EXPECT_TRUE(submitted.out.ends_with("\r\033[K")) << submitted.out;
  // Read slowly, and never long not at all: a pager would be that.
  const std::string slowly = "python3 -c 'import os, time\nreads = 0\nwhile os.read(0, 1 << 16):\n  reads += 1\n  if reads < 50: time.sleep(.05)'";
  for (const std::string read : {"history", "log"}) {
    auto shown = run_on_terminal("bash", {"-c", command + read + " | " + slowly});
    EXPECT_TRUE(holds(shown.out, "\r" + read + " [")) << shown.out;
    EXPECT_TRUE(shown.out.ends_with("\r\033[K")) << shown.out;
  }
  EXPECT_EQ(run("bash", {"-c", command + "history | " + slowly}).err, "");
  auto rebuilt = run_on_terminal("bash", {"-c", command + "rebuild >/dev/null; " + command + "verify >/dev/null"});
  EXPECT_EQ(rebuilt.exit_code, 0);
  EXPECT_TRUE(rebuilt.out.empty() || rebuilt.out.ends_with("\r\033[K")) << rebuilt.out;
  auto piped = run("bash", {"-c", command + "verify"});
  EXPECT_EQ(piped.err, "");
}

}  // namespace
}  // namespace kring::test
