#include "tests/support/planted.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>

namespace kring::test {
namespace {

// What the command comes to: accepted, duplicate, invalid, or the code of its refusal.
struct Expected {
  const char* outcome;
  const char* command;
};

// Values begin with whose they are: Een p-1's, Bei those of p-1 and p-2, Twe p-2's and others', Weg nobody's to keep,
// Nie a reason of a command that names nobody.
constexpr Expected commands[] = {
    {"accepted", R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2024-12-31"})"},
    {"accepted", R"({"type":"set_policy","retention_days":30,"reason":"Nieq7beleid"})"},
    {"accepted", R"({"type":"add_theme","theme":"veerkracht","title":"Veerkracht"})"},
    {"accepted", R"({"type":"add_theme","theme":"schulden","title":"Schulden"})"},
    {"accepted", R"({"type":"register_area","area":"breda-noord","name":"Zoekgebied","municipality":"Breda"})"},
    {"accepted", R"({"type":"register_person","person":"p-1","area":"breda-noord","role":"coordinator","name":"Eenq7naam","email":"Eenq7post@voorbeeld.nl","organisation":"Eenq7werkgever","phone":"Eenq7nummer","reason":"Eenq7aanmelding","id":"aanmelding"})"},
    {"accepted", R"({"type":"register_person","person":"p-2","area":"breda-noord","role":"coordinator","name":"Tweq7naam","email":"Tweq7post@voorbeeld.nl","organisation":"Tweq7werkgever","phone":"Tweq7nummer","reason":"Tweq7aanmelding"})"},
    {"accepted", R"({"type":"register_person","role":"speaker","name":"Tweq7spreker","reason":"Tweq7uitnodiging"})"},
    {"accepted", R"({"type":"enrol","theme":"veerkracht","area":"breda-noord","person":"p-1","effective":"2024-03-01","reason":"Eenq7inschrijving"})"},
    {"accepted", R"({"type":"enrol","theme":"schulden","area":"breda-noord","person":"p-1","effective":"2024-03-01","reason":"Eenq7nogeen"})"},
    {"accepted", R"({"type":"change_person","person":"p-1","name":"Eenq7getrouwd","email":"Eenq7ander@voorbeeld.nl","organisation":"Eenq7nieuwebaan","phone":"Eenq7mobiel","reason":"Eenq7wijziging"})"},
    {"accepted", R"({"type":"schedule_session","theme":"veerkracht","session":1,"date":"2024-05-01","part":"morning"})"},
    {"accepted", R"({"type":"set_agenda","theme":"veerkracht","session":1,"items":[{"kind":"workshop","title":"Werkvorm","speaker":"p-1"}],"reason":"Eenq7agenda"})"},
    {"accepted", R"({"type":"substitute","theme":"veerkracht","session":1,"person":"p-1","by":"p-2","reason":"Beiq7vervanging"})"},
    {"accepted", R"({"type":"release_schedule"})"},
    {"accepted", R"({"type":"record_attendance","theme":"veerkracht","session":1,"person":"p-2","status":"present","reason":"Tweq7aanwezig"})"},
    {"accepted", R"({"type":"transfer_seat","theme":"veerkracht","from":"p-1","to":"p-2","effective":"2024-06-01","reason":"Beiq7overdracht"})"},
    {"accepted", R"({"type":"withdraw","theme":"schulden","person":"p-1","effective":"2024-04-01","reason":"Eenq7afscheid"})"},
    {"accepted", R"({"type":"enrol","theme":"schulden","area":"breda-noord","person":"p-1","effective":"2024-05-01","reason":"Eenq7terug"})"},
    {"accepted", R"({"type":"declare_unavailable","person":"p-1","from":"2024-07-01","to":"2024-07-31","reason":"Eenq7verlof"})"},
    {"already_enrolled", R"({"type":"enrol","theme":"veerkracht","area":"breda-noord","person":"p-2","reason":"Tweq7geweigerd"})"},
    {"person_exists", R"({"type":"register_person","person":"p-1","area":"breda-noord","role":"coordinator","name":"Wegq7naam","email":"Wegq7post@voorbeeld.nl","organisation":"Wegq7werkgever","phone":"Wegq7nummer","reason":"Eenq7dubbelop"})"},
    {"unknown_area", R"({"type":"register_person","person":"p-8","area":"nergens","role":"coordinator","name":"Wegq7elders","reason":"Wegq7gebied"})"},
    {"unknown_person", R"({"type":"change_person","person":"p-9","name":"Wegq7niemand","reason":"Wegq7onbekend"})"},
    {"unknown_person", R"({"type":"transfer_seat","theme":"veerkracht","from":"p-2","to":"p-9","reason":"Wegq7half"})"},
    {"duplicate", R"({"type":"register_person","person":"p-1","area":"breda-noord","role":"coordinator","name":"Wegq7opnieuw","email":"Wegq7opnieuw@voorbeeld.nl","reason":"Wegq7weer","id":"aanmelding"})"},
    {"id_reused", R"({"type":"register_person","person":"p-7","area":"breda-noord","role":"coordinator","name":"Wegq7hergebruik","id":"aanmelding"})"},
    {"invalid", R"({"type":"register_person","person":"p-7","role":"coordinator","name":"Wegq7ongeldig","nickname":"Wegq7bijnaam"})"},
    {"invalid", R"({"type":"register_person","person":"p-7","role":"coordinator","name":"Wegq7kapot)"},
    {"unknown_programme", R"({"type":"register_person","programme":"elders","person":"p-7","role":"coordinator","name":"Wegq7programma"})"},
};

std::string outcome_of(const json::Value& line) {
  const auto& object = line.as_object();
  bool refused = object.contains("rejection") && object.at("status").as_string() == "rejected";
  return std::string(refused ? object.at("rejection").at("code").as_string() : object.at("status").as_string());
}

}  // namespace

Planted::Planted() { std::filesystem::create_directory(root.path() + "/tmp"); }

Ran Planted::kring(std::vector<std::string> arguments, const std::string& input) const {
  std::vector<std::string> all{"TMPDIR=" + root.path() + "/tmp", Kring::program(), "--data", data()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run("env", all, input);
}

std::vector<json::Value> Planted::submit_and_kill(const std::string& lines) const {
  auto count = std::ranges::count(lines, '\n');
  // The commands go through pipes: no file of ours holds them.
  auto ran = run("bash", {"-c", R"(cd "$1" && mkfifo in; TMPDIR="$1/tmp" "$2" --data data submit <in >out & kring=$!
exec 4>in; cat >&4; until (($(wc -l <out) >= $3)) || ! kill -0 $kring; do :; done; kill -9 $kring; wait; cat out; rm in out)",
                          "bash", root.path(), Kring::program(), std::to_string(count)}, lines);
  return ran.lines();
}

void Planted::plant() const {
  std::string lines;
  for (const Expected& e : commands) lines += std::string(e.command) + "\n";
  auto answers = submit_and_kill(lines);
  ASSERT_EQ(answers.size(), std::size(commands));
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(outcome_of(answers[i]), commands[i].outcome) << commands[i].command;
}

std::vector<std::string> Planted::values(const std::string& kind) {
  std::vector<std::string> found;
  const std::regex word(kind + "q7[a-z]+");
  for (const Expected& e : commands) {
    std::string text = e.command;
    for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at) found.push_back(at->str());
  }
  return found;
}

std::vector<KeyAtRest> Planted::keys_of_persons(const std::vector<std::string>& persons) const {
  std::vector<KeyAtRest> found;
  for (const KeyAtRest& key : keys_at_rest(keys(), kek()))
    for (const auto& person : persons)
      if (key.owner == key_owner({"proef"}, {person})) found.push_back(key);
  return found;
}

void Planted::expect_gone(const std::vector<std::string>& words, const std::vector<std::string>& persons,
                          const std::vector<KeyAtRest>& keys_before) const {
  Disk now = disk();
  for (const auto& word : words) EXPECT_EQ(now.holding(word), std::vector<std::string>()) << word;
  ASSERT_FALSE(keys_before.empty());
  for (const KeyAtRest& key : keys_before) {
    EXPECT_EQ(now.holding(key.wrapped), std::vector<std::string>()) << "the wrapped key";
    EXPECT_EQ(now.holding(key.key.secret.bytes()), std::vector<std::string>()) << "the key";
  }
  auto left = keys_at_rest(keys(), kek());
  HistoryId history = history_of(data() + "/log");
  for (const TextAtRest& text : sealed_texts(data() + "/log")) {
    bool theirs = std::ranges::any_of(text.context.persons, [&](const PersonId& p) { return std::ranges::find(persons, p.text) != persons.end(); });
    EXPECT_NE(opens(text, history, left), theirs) << text.context.member << " at position " << text.position;
  }
}

void Planted::expect_unread(const std::vector<std::string>& words, const std::vector<Position>& as_of) const {
  auto look = [&](std::vector<std::string> arguments) {
    auto ran = kring(arguments);
    expect_none(to_text(ran), words, arguments[0] + " " + arguments.back());
  };
  look({"log"});
  for (Position position : as_of)
    for (const std::vector<std::string>& read : {std::vector<std::string>{"roster", "veerkracht"}, {"roster", "schulden"}, {"person", "p-1"},
                                                 {"session", "veerkracht", "1"}, {"sessions"}, {"areas"}, {"conflicts"}, {"history"}}) {
      auto arguments = read;
      arguments.insert(arguments.end(), {"--as-of", std::to_string(position)});
      look(arguments);
    }
}

std::string to_text(const Ran& ran) { return ran.out + ran.err; }

void expect_none(const std::string& text, const std::vector<std::string>& words, const std::string& where) {
  for (const auto& word : words) EXPECT_EQ(text.find(word), std::string::npos) << word << " in " << where;
}

}  // namespace kring::test
