// The binary as people use it: what they type, what they see, what happens when they get it wrong.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/program.h"

namespace kring::test {
namespace {

constexpr std::string_view foundation = R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2035-12-31"}
{"type":"add_theme","theme":"veerkracht","title":"Veerkracht"}
{"type":"register_area","area":"breda-noord","name":"Breda-Noord","municipality":"Breda"}
{"type":"register_person","person":"p-1","area":"breda-noord","role":"coordinator","name":"Noor Voorbeeld"}
)";

std::string status_of(const json::Value& line) { return std::string(line.at("status").as_string()); }

TEST(Submit, answers_each_line_in_order_and_the_roster_shows_it) {
  Kring kring;
  auto ran = kring.submit(std::string(foundation) + R"({"type":"enrol","theme":"veerkracht","area":"breda-noord","person":"p-1","effective":"2024-03-01"})");
  EXPECT_EQ(ran.exit_code, 0) << ran.err << ran.out;
  ASSERT_EQ(ran.lines().size(), 5u);
  EXPECT_EQ(ran.lines()[4].at("position").to_number<int>(), 5);
  auto roster = kring({"roster", "veerkracht"}).object();
  ASSERT_EQ(roster["seats"].as_array().size(), 1u);
  EXPECT_EQ(roster["seats"].at(0).at("name").as_string(), "Noor Voorbeeld");
  EXPECT_EQ(roster["seats"].at(0).at("since").as_string(), "2024-03-01");
}

TEST(Submit, a_wrong_line_names_its_member_and_the_next_one_goes_on) {
  Kring kring;
  auto ran = kring.submit(std::string(foundation) + "{\"type\":\"enrol\",\"theme\":\"veerkracht\",\"area\":\"breda-noord\",\"persn\":\"p-1\"}\nnot json\n" +
                          R"({"type":"add_theme","theme":"jonge-kind","title":"Jonge kind"})" + "\n");
  EXPECT_EQ(ran.exit_code, 3);
  auto lines = ran.lines();
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_EQ(status_of(lines[4]), "invalid");
  EXPECT_EQ(lines[4].at("line").to_number<int>(), 5);
  EXPECT_EQ(lines[4].at("error").at("member").as_string(), "person");
  EXPECT_EQ(status_of(lines[5]), "invalid");
  EXPECT_EQ(status_of(lines[6]), "accepted");
}

TEST(Submit, a_command_sent_again_is_a_duplicate_after_a_restart_too) {
  Kring kring;
  ASSERT_EQ(kring.submit(std::string(foundation)).exit_code, 0);
  std::string theme = R"({"type":"add_theme","theme":"b","title":"B","id":"once"})";
  ASSERT_EQ(status_of(kring.submit(theme).lines().at(0)), "accepted");
  auto again = kring.submit(theme + "\n" + R"({"type":"add_theme","theme":"c","title":"B","id":"once"})");
  EXPECT_EQ(status_of(again.lines().at(0)), "duplicate");
  EXPECT_EQ(again.lines().at(0).at("first_status").as_string(), "accepted");
  EXPECT_EQ(again.lines().at(0).at("position").to_number<int>(), 5);
  EXPECT_EQ(again.lines().at(1).at("rejection").at("code").as_string(), "id_reused");
}

TEST(Submit, makes_up_a_person_id_and_shows_it_again_on_retry) {
  Kring kring;
  kring.submit(std::string(foundation));
  std::string register_person = R"({"type":"register_person","role":"coordinator","name":"Abe Beer","id":"r"})";
  auto first = kring.submit(register_person).lines().at(0), second = kring.submit(register_person).lines().at(0);
  ASSERT_TRUE(first.as_object().contains("person"));
  EXPECT_EQ(first.at("person"), second.at("person"));
  EXPECT_EQ(second.at("status").as_string(), "duplicate");
}

TEST(Submit, refuses_at_without_import) {
  Kring kring;
  auto ran = kring.submit(R"({"type":"add_theme","theme":"b","title":"B","at":"2024-01-01T00:00:00Z"})");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_EQ(ran.lines().at(0).at("error").at("member").as_string(), "at");
}

TEST(Submit, reads_over_a_line_that_is_too_long) {
  Kring kring;
  auto ran = kring.submit(std::string(3 << 20, 'x') + "\n" + std::string(foundation));
  ASSERT_EQ(ran.lines().size(), 5u);
  EXPECT_EQ(status_of(ran.lines()[0]), "invalid");
  EXPECT_EQ(status_of(ran.lines()[4]), "accepted");
}

TEST(Submit, takes_ten_thousand_commands_in_one_go) {
  Kring kring;
  std::ostringstream commands;
  commands << foundation;
  for (int i = 0; i < 10'000; ++i)
    commands << R"({"type":"register_person","person":"n-)" << i << R"(","area":"breda-noord","role":"coordinator","name":"Naam"})" << '\n';
  auto ran = kring.submit(commands.str());
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.lines().size(), 10'004u);
  EXPECT_EQ(kring({"person", "n-9999"}).object().at("name").as_string(), "Naam");
}

TEST(CommandLine, wrong_use_exits_with_1_and_a_usage_line) {
  Kring kring;
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"rooster"}, {"roster"}, {}, {"roster", "x", "--format", "pdf"}}) {
    auto ran = kring(arguments);
    EXPECT_EQ(ran.exit_code, 1) << ran.out;
    EXPECT_NE(ran.err.find("usage: kring"), std::string::npos) << ran.err;
  }
}

TEST(CommandLine, csv_of_what_is_no_list_is_refused_before_anything_is_done) {
  Kring kring;
  for (const std::vector<std::string>& command : {std::vector<std::string>{"init"}, {"submit"}, {"log"}, {"verify"}}) {
    auto ran = kring({command[0], "--format", "csv"});
    EXPECT_EQ(ran.exit_code, 1) << command[0];
    EXPECT_NE(ran.err.find("'" + command[0] + "' prints no list"), std::string::npos) << ran.err;
    EXPECT_FALSE(std::filesystem::exists(kring.data()));
  }
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  EXPECT_TRUE(kring({"stats", "--format", "csv"}).out.starts_with("model,position,lag,state\r\ndirectory,26,0,running\r\n"));
}

TEST(CommandLine, help_shows_an_example) {
  Kring kring;
  auto ran = kring({"roster", "--help"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.out.find("kring roster re-integratie"), std::string::npos);
}

TEST(CommandLine, options_stand_before_or_after_the_command) {
  Kring kring;
  kring.submit(std::string(foundation));
  EXPECT_EQ(kring({"--format", "csv", "areas"}).out, kring({"areas", "--format", "csv"}).out);
}

TEST(Reads, something_unknown_exits_with_3_and_tells_what_there_is) {
  Kring kring;
  kring.submit(std::string(foundation));
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"roster", "veerkacht"}, {"session", "veerkracht", "9"}, {"person", "p-2"}, {"venues", "--programme", "x"}}) {
    auto ran = kring(arguments);
    EXPECT_EQ(ran.exit_code, 3) << arguments[0];
    EXPECT_FALSE(ran.err.empty());
  }
  EXPECT_NE(kring({"roster", "veerkacht"}).err.find("veerkracht"), std::string::npos);
}

TEST(Reads, without_data_say_what_to_do) {
  Kring kring;
  auto ran = kring({"programme"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("kring init"), std::string::npos) << ran.err;
}

TEST(Init, loads_the_shipped_programme_once) {
  Kring kring;
  auto first = kring({"init"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  auto programme = kring({"programme"}).object();
  EXPECT_EQ(programme["themes"].as_array().size(), 5u);
  EXPECT_EQ(kring({"areas"}).object()["areas"].as_array().size(), 20u);
  auto position = programme["position"];
  EXPECT_EQ(kring({"init"}).exit_code, 0);
  EXPECT_EQ(kring({"programme"}).object()["position"], position);
}

TEST(Init, sends_what_differs_as_a_change) {
  Kring kring;
  std::string file = kring.data() + ".toml";
  auto write = [&](const std::string& title, int sessions) {
    std::ofstream(file) << "[programme]\nid = 'proef'\ntitle = '" << title << "'\nfrom = 2024-01-01\nto = 2024-12-31\n[policy]\nmin_gap_days = " << sessions
                        << "\n[[theme]]\ntheme = 'a'\ntitle = 'A'\nsessions = " << sessions << "\n";
  };
  write("Een", 5);
  ASSERT_EQ(kring({"init", file}).exit_code, 0);
  write("Twee", 6);
  ASSERT_EQ(kring({"init", file}).exit_code, 0);
  auto programme = kring({"programme"}).object();
  EXPECT_EQ(programme["title"].as_string(), "Twee");
  EXPECT_EQ(programme["themes"].at(0).at("sessions").to_number<int>(), 6);
  EXPECT_EQ(programme["policy"].at("min_gap_days").to_number<int>(), 6);
}

TEST(Init, a_wrong_file_names_file_line_and_member_and_records_nothing) {
  Kring kring;
  std::string file = kring.data() + ".toml";
  std::ofstream(file) << "[programme]\nid = 'proef'\ntitle = 'x'\nfrom = 2024-01-01\nto = 2024-12-31\n\n[[theme]]\ntheme = 'a'\ntitle = 'A'\nsessions = 'vijf'\n";
  auto ran = kring({"init", file});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_NE(ran.err.find(".toml:10"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("sessions"), std::string::npos) << ran.err;
  EXPECT_NE(kring({"programme"}).exit_code, 0);
}

TEST(Reads, wait_for_the_position_that_they_are_to_show) {
  Kring kring;
  ASSERT_EQ(kring.submit(std::string(foundation)).exit_code, 0);
  Running waiting(Kring::program(), {"--data", kring.data(), "programme", "--min-position", "5"});
  kring.submit(R"({"type":"add_theme","theme":"schulden","title":"Schulden"})");
  const Ran ran = waiting.finish();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.object().at("position").to_number<int>(), 5);

  const Ran beyond = kring({"programme", "--min-position", "6"});
  EXPECT_EQ(beyond.exit_code, 2);
  EXPECT_NE(beyond.err.find("the log ends at position 5, and position 6 did not come"), std::string::npos) << beyond.err;
  EXPECT_EQ(kring({"programme", "--min-position", "-1"}).exit_code, 1);
  EXPECT_EQ(kring({"log", "--from", "99999999999999999999"}).exit_code, 1);
}

}  // namespace
}  // namespace kring::test
