// What forgetting leaves: planted values, searched for in every file, by every key that is left and in every read.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <utility>

#include "events/privacy/key_slot.h"
#include "tests/support/planted.h"

namespace kring::test {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

constexpr auto forget_p1 = R"({"type":"forget_person","person":"p-1","reason":"Eenq7verzoek","id":"vergeet"})";

Words all_of(std::initializer_list<Words> lists) {
  Words all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

// Positions to look back from: every third, and the last.
std::vector<Position> up_to(Position head) {
  std::vector<Position> all{head};
  for (Position p = 3; p < head; p += 3) all.push_back(p);
  return all;
}

class Privacy : public Planted {
 protected:
  Position head() const { return kring({"programme"}).object().at("position").to_number<Position>(); }

  // A copy of the data directory, kept where nobody searches.
  void back_up() const { fs::copy(data(), elsewhere.path() + "/backup", fs::copy_options::recursive); }
  void restore() const {
    fs::remove_all(data());
    fs::copy(elsewhere.path() + "/backup", data(), fs::copy_options::recursive);
  }

  TemporaryDirectory elsewhere;
};

TEST_F(Privacy, nothing_personal_lies_on_disk_in_the_clear_while_the_program_runs_or_later) {
  plant();  // and killed: the files are those of a running program
  auto words = all_of({of_p1(), of_p2_alone(), never_kept()});
  for (bool closed : {false, true}) {
    if (closed) {
      ASSERT_EQ(submit(R"({"type":"add_theme","theme":"jonge-kind","title":"Jonge kind"})").exit_code, 0);
      ASSERT_EQ(kring({"rebuild"}).exit_code, 0);
    }
    Disk now = disk();
    for (const auto& word : words) EXPECT_EQ(now.holding(word), Words()) << word;
    EXPECT_FALSE(now.holding("Zoekgebied").empty()) << "else the search finds nothing at all";
  }
  auto found = disk().holding("Zoekgebied");
  EXPECT_TRUE(std::ranges::any_of(found, [](const auto& name) { return name.ends_with("#rows"); })) << "nor in what was compressed";
}

TEST_F(Privacy, what_names_nobody_is_kept_in_the_clear_as_the_documentation_says) {
  plant();
  for (const auto& word : of_nobody()) EXPECT_FALSE(disk().holding(word).empty()) << word;
}

TEST_F(Privacy, those_who_are_not_forgotten_are_read_with_all_that_was_said_of_them) {
  plant();
  std::string text = kring({"log"}).out + kring({"history"}).out;
  for (const auto& word : all_of({of_p1(), of_p2_alone()})) EXPECT_NE(text.find(word), std::string::npos) << word;
  expect_none(text, never_kept(), "log and history");
  auto person = kring({"person", "p-1"}).object();
  EXPECT_EQ(person["name"], "Eenq7getrouwd");
  EXPECT_EQ(kring({"person", "p-1", "--as-of", "8"}).object()["name"], "Eenq7naam");
}

TEST_F(Privacy, forget_person_leaves_no_trace_of_the_person_and_all_of_the_others) {
  plant();
  auto keys_before = keys_of_persons({"p-1"});
  auto words = all_of({of_p1(), never_kept(), {"Eenq7verzoek"}});
  for (const TextAtRest& text : sealed_texts(data() + "/log")) EXPECT_TRUE(opens(text, history_of(data() + "/log"), keys_at_rest(keys(), kek())));
  auto answers = submit_and_kill(std::string(forget_p1) + "\n");
  ASSERT_EQ(answers.at(0).at("status"), "accepted");
  expect_gone(words, {"p-1"}, keys_before);  // at once, in a program that goes on
  ASSERT_EQ(submit(forget_p1).lines().at(0).at("status"), "duplicate");
  expect_gone(words, {"p-1"}, keys_before);
  expect_unread(words, up_to(head()));
  auto person = kring({"person", "p-1"}).object();
  EXPECT_EQ(person["forgotten"], true);
  for (const char* member : {"name", "email", "organisation", "phone"}) EXPECT_TRUE(person[member].is_null()) << member;
  auto seat = kring({"roster", "veerkracht", "--as-of", "11"}).object()["seats"].at(0);
  EXPECT_EQ(seat.at("person"), "p-1");
  EXPECT_TRUE(seat.at("name").is_null());
  std::string left = kring({"log"}).out + kring({"history"}).out;
  for (const auto& word : of_p2_alone()) EXPECT_NE(left.find(word), std::string::npos) << word;
  EXPECT_EQ(kring({"verify"}).exit_code, 0);
}

TEST_F(Privacy, apply_retention_leaves_no_trace_of_anybody) {
  plant();
  Words persons;
  for (const TextAtRest& text : sealed_texts(data() + "/log")) persons.push_back(text.context.persons.at(0).text);
  std::ranges::sort(persons);
  persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
  auto keys_before = keys_of_persons(persons);
  EXPECT_EQ(keys_before.size(), 3u);
  auto answers = submit_and_kill(R"({"type":"apply_retention"})" "\n");
  ASSERT_EQ(answers.at(0).at("status"), "accepted");
  auto words = all_of({of_p1(), of_p2_alone(), never_kept()});
  expect_gone(words, persons, keys_before);
  for (const KeyAtRest& key : keys_at_rest(keys(), kek())) EXPECT_EQ(key.owner, KeyOwner{}) << "what is left is nobody's";
  expect_unread(words, {10, 20, head()});
}

TEST_F(Privacy, a_restored_backup_shows_nobody_who_was_forgotten_since_and_the_next_writer_destroys_the_keys) {
  plant();
  auto keys_before = keys_of_persons({"p-1"});
  auto words = all_of({of_p1(), never_kept(), {"Eenq7verzoek"}});
  back_up();
  ASSERT_EQ(submit(forget_p1).exit_code, 0);
  restore();
  EXPECT_FALSE(disk().holding(keys_before.at(0).wrapped).empty()) << "else the test shows nothing";
  expect_unread(words, {9, 15, head()});
  EXPECT_EQ(kring({"person", "p-2"}).object()["name"], "Tweq7naam");
  EXPECT_EQ(kring({"person", "p-1"}).object()["forgotten"], true) << "before anybody has written";
  ASSERT_EQ(submit(R"({"type":"add_theme","theme":"jonge-kind","title":"Jonge kind"})").exit_code, 0);
  expect_gone(words, {"p-1"}, keys_before);
  expect_unread(words, {9, 15, head()});
  EXPECT_EQ(kring({"verify"}).exit_code, 0);
  EXPECT_EQ(kring({"person", "p-1"}).object()["forgotten"], true);
  EXPECT_EQ(kring({"roster", "veerkracht"}).out.find("p-1"), std::string::npos) << "has left every theme";
  for (const char* refused : {forget_p1, R"({"type":"change_person","person":"p-1","name":"Wegq7terug"})"})
    EXPECT_EQ(submit(refused).lines().at(0).at("rejection").at("code"), "forgotten_person");
  auto recorded = kring({"history", "--actor", "kring:erasure-ledger", "--type", "PersonForgotten"}).lines();
  ASSERT_EQ(recorded.size(), 1u);
  EXPECT_EQ(recorded[0].at("person"), "p-1");
}

TEST_F(Privacy, a_backup_that_is_restored_without_the_key_encryption_key_or_the_ledger_shows_nobody) {
  plant();
  back_up();
  for (const std::string& missing : {kek(), ledger()}) {
    restore();
    fs::rename(missing, missing + ".away");
    auto words = all_of({of_p1(), of_p2_alone(), never_kept()});
    expect_unread(words, {9, head()});
    auto roster = kring({"roster", "veerkracht"});
    EXPECT_EQ(roster.exit_code, 0);
    EXPECT_NE(roster.err.find(missing), std::string::npos) << roster.err;
    EXPECT_TRUE(roster.object()["seats"].at(0).at("name").is_null());
    auto writer = submit(forget_p1);
    EXPECT_EQ(writer.exit_code, 2);
    EXPECT_NE(writer.err.find(missing), std::string::npos) << writer.err;
    EXPECT_FALSE(fs::exists(missing)) << "a new one would hide the loss";
    fs::rename(missing + ".away", missing);
    EXPECT_EQ(kring({"person", "p-1"}).object()["name"], "Eenq7getrouwd");
  }
}

TEST_F(Privacy, a_program_that_crashes_writes_no_core_file) {
  auto ran = run("bash", {"-c", R"(cd "$1" && ulimit -c unlimited && mkfifo in && { "$2" --data data submit <in >out & kring=$!
exec 4>in; echo '{"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2024-12-31"}' >&4
until grep -q accepted out || ! kill -0 $kring; do :; done; grep core /proc/$kring/limits; exec 4>&-; wait; })",
                          "bash", root.path(), Kring::program()});
  EXPECT_TRUE(std::regex_search(ran.out, std::regex("core file size +0 +0"))) << to_text(ran);
}

TEST_F(Privacy, the_help_of_submit_says_what_is_not_sealed) {
  EXPECT_NE(kring({"submit", "--help"}).out.find("Titles, notes"), std::string::npos);
  EXPECT_NE(kring({"submit", "--help"}).out.find("Example"), std::string::npos);
}

// Changes bytes of the slot's key: none of them stays what it was.
void change_slot(const std::string& keys, const KeyAtRest& key, std::size_t count) {
  std::fstream file(keys, std::ios::binary | std::ios::in | std::ios::out);
  const auto at = static_cast<std::streamoff>((slot_of(key.key.id) + 1) * key_slot_size + 50);
  std::string bytes(count, '\0');
  file.seekg(at);
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  for (char& byte : bytes) byte = static_cast<char>(byte ^ 1);
  file.seekp(at);
  file.write(bytes.data(), static_cast<std::streamsize>(count));
}

TEST_F(Privacy, verify_names_whose_key_is_damaged_or_missing_though_they_were_not_forgotten) {
  plant();
  ASSERT_EQ(submit(forget_p1).exit_code, 0);
  ASSERT_EQ(kring({"verify"}).exit_code, 0);
  auto key = keys_of_persons({"p-2"}).at(0);
  for (const std::size_t count : {1u, 60u}) {  // the second time the first of them is well again
    change_slot(keys(), key, count);
    auto ran = kring({"verify"});
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_NE(ran.err.find("p-2"), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find("slot " + std::to_string(slot_of(key.key.id))), std::string::npos) << ran.err;
    EXPECT_EQ(ran.err.find("p-1"), std::string::npos) << ran.err;
  }
}

TEST_F(Privacy, verify_without_the_key_encryption_key_checks_the_rest_and_says_so) {
  plant();
  fs::rename(kek(), elsewhere.path() + "/kek");
  auto ran = kring({"verify"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.object()["keys"], "not checked");
  EXPECT_NE(ran.err.find(kek()), std::string::npos) << ran.err;
}

// The program of docs/key-store-format.md, which knows nothing of ours.
TEST_F(Privacy, the_page_on_keys_is_enough_to_open_a_text) {
  plant();
  std::ifstream file(KRING_SOURCE_DIR "/docs/key-store-format.md");
  std::string page((std::istreambuf_iterator<char>(file)), {});
  auto begin = page.find("```python\n");
  ASSERT_NE(begin, std::string::npos);
  std::string program = page.substr(begin + 10, page.find("\n```", begin) - begin - 10);
  auto log = data() + "/log";
  std::string read;
  auto open_all = [&] {
    read.clear();
    Bytes last;  // an event repeats what its command says
    for (const TextAtRest& text : sealed_texts(log)) {
      bool chosen = text.context.member == "name" || text.context.persons.size() > 1;
      if (!chosen || std::exchange(last, text.bytes) == text.bytes) continue;
      std::string persons;
      for (const PersonId& person : text.context.persons) persons += (persons.empty() ? "" : ",") + person.text;
      read += to_text(run("python3", {"-c", program, data(), text.context.programme.text, persons, std::string(text.context.member),
                                      text.context.command_id, to_hex(view(history_of(log)))}, to_hex(text.bytes)));
    }
  };
  open_all();
  EXPECT_EQ(read, "Eenq7naam\nTweq7naam\nTweq7spreker\nEenq7getrouwd\nBeiq7vervanging\nBeiq7overdracht\n");
  ASSERT_EQ(submit(forget_p1).exit_code, 0);
  open_all();
  const std::string gone = "a key of it is destroyed\n";
  EXPECT_EQ(read, gone + "Tweq7naam\nTweq7spreker\n" + gone + gone + gone);
}

}  // namespace
}  // namespace kring::test
