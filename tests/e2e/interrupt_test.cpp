// Ctrl-C, readers that go away, and input that ends too early: nothing is half done.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/program.h"

namespace kring::test {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string define() { return R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2035-12-31","id":"define"})" "\n"; }

std::string theme(int i) {
  std::ostringstream line;
  line << R"({"type":"add_theme","theme":"t-)" << i << R"(","title":"T","id":"i-)" << i << "\"}\n";
  return line.str();
}

std::string themes(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += theme(i);
  return lines;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// What was answered is in the log and nothing else is; sent again, all of it is a duplicate and the rest is new.
void expect_whole(const Kring& kring, std::size_t answered, const std::string& commands, std::size_t all) {
  EXPECT_EQ(kring({"log"}).lines().size(), answered);
  auto again = kring.submit(commands);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  auto lines = again.lines();
  ASSERT_EQ(lines.size(), all);
  for (std::size_t i = 0; i < all; ++i) EXPECT_EQ(lines[i].at("status").as_string(), i < answered ? "duplicate" : "accepted") << i;
  EXPECT_EQ(kring({"verify"}).exit_code, 0);
}

TEST(Interrupt, while_submit_waits_for_input_leaves_what_was_answered_and_exits_with_130) {
  for (int signal : {SIGINT, SIGTERM}) {
    Kring kring;
    Running child(Kring::program(), {"--data", kring.data(), "submit"});
    child.write(define() + theme(0) + theme(1) + R"({"type":"add_theme","theme":"half)");  // a line that will never be whole
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(holds(child.read_line(), "accepted"));
    child.send(signal);
    auto ran = child.finish();
    EXPECT_EQ(ran.exit_code, 128 + signal);
    EXPECT_EQ(ran.out, "");
    EXPECT_TRUE(holds(ran.err, "interrupted behind line 3")) << ran.err;
    expect_whole(kring, 3, define() + themes(2) + theme(2), 4);
  }
}

TEST(Interrupt, while_another_process_has_the_directory_ends_the_waiting_at_once) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"submit"}, {"init"}}) {
    Kring kring;
    Running first(Kring::program(), {"--data", kring.data(), "submit"});
    first.write(define());
    EXPECT_TRUE(holds(first.read_line(), "accepted"));
    auto ran = run("bash", {"-c", "\"$@\" & sleep 1; kill -INT $! && wait $!; echo $?", "bash", "env", "--default-signal=INT", Kring::program(), "--data", kring.data(), command[0]});
    EXPECT_EQ(ran.out, "130\n") << ran.err;
    EXPECT_TRUE(holds(ran.err, "interrupted while another process")) << ran.err;
    EXPECT_EQ(first.finish().exit_code, 0);
    EXPECT_EQ(kring({"log"}).lines().size(), 1u);
  }
}

TEST(Interrupt, in_the_middle_of_a_long_file_answers_everything_that_was_taken) {
  Kring kring;
  std::string file = kring.data() + ".jsonl", commands = define() + themes(20'000);
  std::ofstream(file) << commands;
  Running child(Kring::program(), {"--data", kring.data(), "submit", file});
  // Its answers fill the pipe, which nobody reads: the end of the file is far away.
  EXPECT_TRUE(holds(child.read_line(), "accepted"));
  child.send(SIGINT);
  auto ran = child.finish();
  EXPECT_EQ(ran.exit_code, 130) << ran.err;
  auto answered = 1 + ran.lines().size();
  EXPECT_LT(answered, 20'000u);
  EXPECT_EQ(1 + count_of(ran.out, "\"accepted\""), answered);
  expect_whole(kring, answered, commands, 20'001);
}

TEST(Interrupt, ends_a_log_that_is_followed_and_leaves_nothing_behind) {
  for (int signal : {SIGINT, SIGKILL}) {
    Kring kring;
    ASSERT_EQ(kring.submit(define()).exit_code, 0);
    std::string scratch = kring.data() + ".tmp";
    std::filesystem::create_directory(scratch);
    Running child("env", {"TMPDIR=" + scratch, Kring::program(), "--data", kring.data(), "log", "--follow"});
    EXPECT_TRUE(holds(child.read_line(), "define_programme"));
    ASSERT_EQ(kring.submit(theme(0)).exit_code, 0);
    EXPECT_TRUE(holds(child.read_line(), "add_theme"));
    child.send(signal);
    auto ran = child.finish();
    EXPECT_EQ(ran.exit_code, 128 + signal);
    EXPECT_EQ(ran.err, "");
    EXPECT_TRUE(std::filesystem::is_empty(scratch));
  }
}

TEST(Pipe, that_its_reader_closed_ends_a_read_in_silence_like_every_command_of_the_shell) {
  Kring kring;
  ASSERT_EQ(kring.submit(define() + themes(3000)).exit_code, 0);
  for (const char* read : {"history", "history --format table", "history --format csv", "log", "programme --format table"}) {
    auto ran = run("bash", {"-c", "'" + Kring::program() + "' --data '" + kring.data() + "' " + read + " | head -1 >/dev/null; echo ${PIPESTATUS[@]}"});
    EXPECT_EQ(ran.out, "141 0\n") << read;
    EXPECT_EQ(ran.err, "") << read;
  }
}

TEST(Pipe, that_its_reader_closed_loses_answers_of_submit_and_no_command) {
  Kring kring;
  Running child(Kring::program(), {"--data", kring.data(), "submit"});
  child.write(define());
  EXPECT_TRUE(holds(child.read_line(), "accepted"));
  child.close_output();
  auto ran = child.finish(themes(5));
  EXPECT_EQ(ran.exit_code, 141);
  EXPECT_TRUE(holds(ran.err, "what was accepted is recorded")) << ran.err;
  expect_whole(kring, 6, define() + themes(6), 7);
}

TEST(Pipe, that_its_reader_closed_is_the_same_to_every_command_that_writes) {
  Kring kring;
  std::ofstream(kring.data() + ".jsonl") << define() << themes(300);
  for (const std::string& command : {"submit " + kring.data() + ".jsonl", std::string("init"), "submit --format table " + kring.data() + ".jsonl"}) {
    auto ran = run("bash", {"-c", "'" + Kring::program() + "' --data '" + kring.data() + "' " + command + " | true; echo ${PIPESTATUS[0]}"});
    EXPECT_EQ(ran.out, "141\n") << command << ran.err;
  }
  EXPECT_EQ(kring({"log"}).lines().size(), 301u + 26u);
  auto full = run("bash", {"-c", "'" + Kring::program() + "' --data '" + kring.data() + "' submit '" + kring.data() + ".jsonl' >/dev/full"});
  EXPECT_EQ(full.exit_code, 2);
  EXPECT_TRUE(holds(full.err, "No space left on device")) << full.err;
}

TEST(Pipe, to_a_full_device_is_an_error_that_says_so) {
  Kring kring;
  ASSERT_EQ(kring.submit(define()).exit_code, 0);
  for (const char* read : {"programme", "history", "log", "stats"}) {
    auto ran = run("bash", {"-c", "'" + Kring::program() + "' --data '" + kring.data() + "' " + read + " >/dev/full"});
    EXPECT_EQ(ran.exit_code, 2) << read;
    EXPECT_TRUE(holds(ran.err, "No space left on device")) << ran.err;
  }
}

TEST(Input, that_ends_in_the_middle_of_a_line_loses_nothing_before_it) {
  Kring kring;
  auto whole = kring.submit(define() + theme(0).substr(0, theme(0).size() - 1));  // a last line without its end is a line
  EXPECT_EQ(whole.exit_code, 0);
  EXPECT_EQ(whole.lines().size(), 2u);
  auto cut = kring.submit(theme(1) + R"({"type":"add_theme","theme":"t-2")");
  EXPECT_EQ(cut.exit_code, 3);
  ASSERT_EQ(cut.lines().size(), 2u);
  EXPECT_EQ(cut.lines()[0].at("status").as_string(), "accepted");
  EXPECT_EQ(cut.lines()[1].at("line").to_number<int>(), 2);
  EXPECT_EQ(cut.lines()[1].at("error").at("member").as_string(), "theme");
  EXPECT_TRUE(holds(std::string(cut.lines()[1].at("error").at("message").as_string()), "ends too early"));
  EXPECT_EQ(kring({"log"}).lines().size(), 3u);
}

}  // namespace
}  // namespace kring::test
