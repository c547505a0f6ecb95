// What people are told who type something that is not there, and what a shell completes.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "events/command/command.h"
#include "events/types_of.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// ---- did you mean ----

TEST(DidYouMean, a_mistyped_command_or_option_gets_the_likely_one_and_the_usage_of_the_command) {
  Kring kring;
  struct Case {
    std::vector<std::string> typed;
    std::string meant, usage;
  };
  for (const Case& wrong : {Case{{"rooster"}, "did you mean 'roster'?", "usage: kring ["}, {{"histroy", "--theme", "x"}, "did you mean 'history'?", "usage: kring ["},
                            {{"roster", "x", "--as-off", "3"}, "did you mean '--as-of'?", "usage: kring roster THEME"},
                            {{"history", "--persn=p-1"}, "did you mean '--person'?", "usage: kring history"},
                            {{"--fromat", "csv", "areas"}, "did you mean '--format'?", "usage: kring"}}) {
    auto ran = kring(wrong.typed);
    EXPECT_EQ(ran.exit_code, 1) << wrong.typed[0];
    EXPECT_TRUE(holds(ran.err, wrong.meant)) << ran.err;
    EXPECT_TRUE(holds(ran.err, wrong.usage)) << ran.err;
  }
}

TEST(DidYouMean, a_read_of_something_mistyped_exits_with_3_and_names_the_likely_one) {
  Kring kring;
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  for (const std::vector<std::string>& read : {std::vector<std::string>{"roster", "armoede-en-schuld"}, {"session", "armoede-en-schuld", "1"}}) {
    auto ran = kring(read);
    EXPECT_EQ(ran.exit_code, 3);
    EXPECT_TRUE(holds(ran.err, "did you mean 'armoede-en-schulden'?")) << ran.err;
  }
  EXPECT_TRUE(holds(kring({"areas", "--programme", "leerkring-2024-2025"}).err, "did you mean 'leerkringen-2024-2025'?"));
  EXPECT_TRUE(holds(kring({"rebuild", "rosters"}).err, "theme_roster"));
}

TEST(DidYouMean, an_empty_history_tells_when_what_it_was_asked_for_is_unknown) {
  Kring kring;
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  ASSERT_EQ(kring.submit(R"({"type":"add_theme","theme":"kort","title":"Kort","sessions":7,"actor":"raad:gemeente"})").exit_code, 0);
  struct Case {
    std::string option, value, meant;
  };
  for (const Case& wrong : {Case{"--theme", "armoede-en-schuld", "armoede-en-schulden"}, {"--area", "breda-nord", "breda-noord"}, {"--type", "Enroled", "Enrolled"},
                            {"--actor", "raad:gemeent", "raad:gemeente"}}) {
    auto ran = kring({"history", wrong.option, wrong.value});
    EXPECT_EQ(ran.exit_code, 3);
    EXPECT_EQ(ran.out, "");  // the JSON of nothing
    EXPECT_TRUE(holds(ran.err, "there is no ") && holds(ran.err, "did you mean '" + wrong.meant + "'?")) << ran.err;
  }
  EXPECT_TRUE(holds(kring({"history", "--person", "p-1"}).err, "there is no person 'p-1'"));
  EXPECT_TRUE(holds(kring({"history", "--venue", "kom"}).err, "there is no venue 'kom'"));
  EXPECT_TRUE(holds(kring({"history", "--theme", "re-integratie", "--session", "6"}).err, "'re-integratie' has sessions 1 to 5, no 6"));
  EXPECT_TRUE(holds(kring({"history", "--session", "8"}).err, "sessions 1 to 7, no 8"));
  EXPECT_EQ(kring({"history", "--session", "0"}).exit_code, 1);
  EXPECT_EQ(kring({"history", "--session", "7"}).exit_code, 0);
  EXPECT_TRUE(holds(kring({"history", "--actor", "raad:gemeente", "--as-of", "5"}).err, "there is no actor")) << "not yet";
  auto late = kring({"history", "--since", "29"});
  EXPECT_EQ(late.exit_code, 3);
  EXPECT_TRUE(holds(late.err, "position 29 is not recorded yet; the last one is 27")) << late.err;
  EXPECT_EQ(kring({"history", "--since", "28"}).exit_code, 0) << "what comes next is no mistake: it may be asked for again and again";
  EXPECT_EQ(kring({"history", "--since", "20", "--until", "10"}).exit_code, 1);
  EXPECT_EQ(kring({"history", "--since", "2020-01-01", "--until", "2020-01-02"}).exit_code, 0);
  auto known = kring({"history", "--theme", "re-integratie", "--type", "Enrolled"});
  EXPECT_EQ(known.out + known.err, "");  // nothing happened, and that is all there is to say
}

TEST(DidYouMean, a_command_that_names_something_mistyped_is_refused_with_the_same_code_and_a_hint) {
  Kring kring;
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  auto ran = kring.submit(R"({"type":"enrol","theme":"armoede-en-schuld","area":"breda-noord","person":"p-1"}
{"type":"invite_area","theme":"re-integratie","area":"breda-nord","respond_by":"2030-01-01"}
{"type":"enroll","theme":"re-integratie","area":"breda-noord","person":"p-1"}
)");
  auto lines = ran.lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].at("rejection").at("code").as_string(), "unknown_theme");
  EXPECT_TRUE(holds(std::string(lines[0].at("rejection").at("message").as_string()), "did you mean 'armoede-en-schulden'?"));
  EXPECT_EQ(lines[1].at("rejection").at("code").as_string(), "unknown_area");
  EXPECT_TRUE(holds(std::string(lines[1].at("rejection").at("message").as_string()), "did you mean 'breda-noord'?"));
  EXPECT_TRUE(holds(std::string(lines[2].at("error").at("message").as_string()), "did you mean 'enrol'?"));
}

TEST(WrongUse, of_a_value_tells_how_the_command_is_used) {
  Kring kring;
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"history", "--since", "gisteren"}, {"history", "--as-of", "2024-02-30"}, {"sessions", "--release", "x"}, {"session", "re-integratie", "drie"},
        {"log", "--from", "-1"}, {"roster", "a", "b"}, {"completion", "tcsh"}}) {
    auto ran = kring(arguments);
    EXPECT_EQ(ran.exit_code, 1) << arguments[0];
    EXPECT_TRUE(holds(ran.err, "usage: kring " + arguments[0])) << ran.err;
  }
  EXPECT_TRUE(holds(kring({"log", "--from", "99999999999999999999"}).err, "at most 18446744073709551615"));
  auto format = kring({"areas", "--format", "auto"});
  EXPECT_EQ(format.exit_code, 1);
  EXPECT_TRUE(holds(format.err, "{table,json,csv}")) << format.err;
}

// ---- help ----

std::vector<std::string> commands_of(Kring& kring) {
  std::vector<std::string> commands;
  bool listed = false;
  for (const auto& line : lines_of(kring({"--help"}).out)) {
    if (listed && line.starts_with("  ") && line[2] != ' ') commands.push_back(line.substr(2, line.find(' ', 2) - 2));
    listed = listed || line == "Subcommands:";
  }
  return commands;
}

// The lines behind "Example:".
std::string example_of(const std::string& help) {
  std::string example;
  bool found = false;
  for (const auto& line : lines_of(help)) {
    if (found && !line.starts_with("  ")) break;
    if (found) example += line + "\n";
    found = found || line == "Example:";
  }
  return example;
}

// A programme with a history, for the examples.
std::string prepared(const Kring& kring) {
  EXPECT_EQ(kring({"init", "--at", "2024-01-02T09:00:00+01:00"}).exit_code, 0);
  auto ran = kring.submit(R"({"type":"register_person","person":"p-1","area":"breda-noord","role":"coordinator","name":"Noor Voorbeeld","at":"2024-01-03T09:00:00+01:00"}
{"type":"enrol","theme":"re-integratie","area":"breda-noord","person":"p-1","at":"2024-01-03T09:00:00+01:00"}
{"type":"schedule_session","theme":"re-integratie","session":1,"date":"2024-03-05","part":"morning","at":"2024-01-03T09:00:00+01:00"}
{"type":"release_schedule","at":"2024-01-03T09:00:00+01:00"}
)", {"--import"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out;
  return kring.data();
}

TEST(Help, of_every_command_has_an_example_that_works) {
  Kring kring;
  std::string data = prepared(kring), directory = data + ".examples";
  auto commands = commands_of(kring);
  ASSERT_GE(commands.size(), 15u);
  for (const auto& command : commands) {
    auto help = kring({command, "--help"});
    ASSERT_EQ(help.exit_code, 0) << command;
    auto example = example_of(help.out);
    if (command == "bench") example.replace(example.find("--scale 0.1"), 11, "--scale 0.001");  // it takes its time
    if (command == "topic" || command == "copy" || command == "node") {  // these need a broker: tests/e2e/*kafka_test.cpp, node_test.cpp
      EXPECT_TRUE(holds(example, "kafka://localhost:9092/kring " + command) || holds(example, "kring copy --from embedded --to kafka://")) << example;
      continue;
    }
    ASSERT_TRUE(holds(example, "kring " + command) || holds(example, "kring --data mine " + command)) << command << ": " << example;
    auto ran = run("bash", {"-ec", "mkdir -p '" + directory + "'; cd '" + directory + "'; cp '" KRING_SOURCE_DIR "/config/programme.toml' .; PATH=$(dirname '" +
                                       Kring::program() + "'):$PATH; export KRING_DATA='" + data + "'\n" + example});
    if (command == "repair") {  // nothing is damaged here
      EXPECT_TRUE(ran.exit_code == 3 && holds(ran.err, "the log ends before")) << example << ran.err;
      continue;
    }
    EXPECT_EQ(ran.exit_code, 0) << example << ran.out << ran.err;
    EXPECT_TRUE(ran.err.empty() || command == "init" || command == "bench") << example << ran.err;  // these tell what they do
  }
}

TEST(Help, of_submit_lists_every_command_and_tells_what_forgetting_cannot_reach) {
  Kring kring;
  auto help = kring({"submit", "--help"}).out;
  for (auto type : TypesOf<CommandBody>::all) EXPECT_TRUE(holds(help, "\n  " + std::string(type) + " ") || holds(help, "\n  " + std::string(type) + "\n")) << type;
  EXPECT_TRUE(holds(help, "add_theme              theme title sessions? capacity?")) << help;
  for (const char* command : {"submit", "init"}) {
    auto text = kring({command, "--help"}).out;
    EXPECT_TRUE(holds(text, "Titles, notes") && holds(text, "are not searched when a person is")) << text;
    EXPECT_TRUE(holds(text, "names nobody is stored in the clear")) << text;
  }
}

// ---- completion ----

// What bash offers for a line that ends where the cursor is.
std::vector<std::string> completed(const Kring& kring, const std::string& line) {
  auto ran = run("bash", {"-c", "PATH=$(dirname '" + Kring::program() + "'):$PATH; export KRING_DATA='" + kring.data() + "'; cd '" KRING_SOURCE_DIR
                                "'; source <(kring completion bash) || exit 1; COMP_LINE='" + line + "'; COMP_POINT=${#COMP_LINE}; read -ra COMP_WORDS <<<\"$COMP_LINE\"; [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('');"
                                " COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { :; }; complete -p kring >/dev/null || exit 1; _kring; printf '%s\\n' \"${COMPREPLY[@]}\""});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  return lines_of(ran.out);
}

using Words = std::vector<std::string>;

TEST(Completion, in_bash_knows_commands_options_and_values) {
  Kring kring;
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  EXPECT_EQ(completed(kring, "kring ses"), (Words{"sessions", "session"}));
  EXPECT_EQ(completed(kring, "kring roster --as"), (Words{"--as-of"}));
  EXPECT_EQ(completed(kring, "kring --format "), (Words{"table", "json", "csv"}));
  EXPECT_EQ(completed(kring, "kring roster x --format = j"), (Words{"json"}));  // as bash takes --format=j apart
  EXPECT_EQ(completed(kring, "kring sessions --release "), (Words{"last"}));
  EXPECT_EQ(completed(kring, "kring completion "), (Words{"bash", "zsh", "fish"}));
  EXPECT_EQ(completed(kring, "kring rebuild theme_roster v"), (Words{"venue_assignments"}));
  EXPECT_EQ(completed(kring, "kring history --type Enr"), (Words{"Enrolled", "EnrolmentWithdrawn"}));
  EXPECT_EQ(completed(kring, "kring init READ"), (Words{"README.md"}));
  EXPECT_EQ(completed(kring, "kring --data eng"), (Words{"engine"}));
}

TEST(Completion, in_bash_knows_the_themes_and_areas_of_the_data) {
  Kring kring;
  EXPECT_EQ(completed(kring, "kring roster re"), Words{""});  // no data yet: nothing, in silence
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  EXPECT_EQ(completed(kring, "kring roster re"), (Words{"re-integratie"}));
  EXPECT_EQ(completed(kring, "kring history --area breda"), (Words{"breda-noord"}));
  auto themes = completed(kring, "kring session ");
  EXPECT_EQ(std::set<std::string>(themes.begin(), themes.end()),
            (std::set<std::string>{"armoede-en-schulden", "integrale-aanpak", "ontwikkeling-jonge-kind", "re-integratie", "veerkracht-en-weerbaarheid"}));
}

TEST(Completion, knows_every_command_and_every_option_that_the_help_shows) {
  Kring kring;
  auto offered = [&](Words words) {
    words.insert(words.begin(), "complete");
    std::set<std::string> all;
    for (const auto& line : lines_of(run(Kring::program(), words).out)) all.insert(line.substr(0, line.find('\t')));
    return all;
  };
  auto commands = commands_of(kring);
  EXPECT_EQ(offered({""}), std::set<std::string>(commands.begin(), commands.end()));
  for (const auto& command : commands) {
    auto flags = offered({command, "--"});
    for (const auto& line : lines_of(kring({command, "--help"}).out)) {
      bool flag = line.starts_with("  --");
      EXPECT_TRUE(!flag || flags.contains(line.substr(2, line.find(' ', 4) - 2))) << command << line;
    }
    EXPECT_TRUE(flags.contains("--data"));
  }
  // A shell in which nothing of completion was loaded before.
  if (run("bash", {"-c", "command -v zsh"}).exit_code == 0) {
    auto zsh = run("zsh", {"-f", "-c", "PATH=$(dirname '" + Kring::program() + "'):$PATH; source <(kring completion zsh) && print $_comps[kring]"});
    EXPECT_EQ(zsh.out, "_kring\n") << zsh.err;
    EXPECT_EQ(zsh.err, "");
  }
  for (const char* shell : {"zsh", "fish"}) EXPECT_TRUE(holds(kring({"completion", shell}).out, " complete ")) << shell;
}

}  // namespace
}  // namespace kring::test
