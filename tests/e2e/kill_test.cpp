// The program is killed again and again while it works. What it answered stays as it was answered, each command is
// recorded once, and the read models are what the log makes of them.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "tests/support/history.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

// kring submit --import FILE, as a child that can be killed. Reads its answers line by line.
class Victim {
 public:
  Victim(const std::string& data, const std::string& file) {
    int out[2];
    if (pipe(out) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      dup2(out[1], 1);
      close(out[0]);
      close(out[1]);
      auto program = Kring::program();
      execl(program.c_str(), program.c_str(), "--data", data.c_str(), "submit", "--import", file.c_str(), nullptr);
      _exit(127);
    }
    close(out[1]);
    out_ = out[0];
  }
  ~Victim() { close(out_); }

  // True while there was a whole line within the answers, or another one could be read.
  bool read_line(std::string& line) {
    for (;;) {
      if (auto end = text_.find('\n'); end != std::string::npos) {
        line = text_.substr(0, end);
        text_.erase(0, end + 1);
        return true;
      }
      char buffer[4096];
      auto count = read(out_, buffer, sizeof buffer);
      if (count <= 0) return false;
      text_.append(buffer, static_cast<std::size_t>(count));
    }
  }
  void kill() { ::kill(pid_, SIGKILL); }
  // How it ended: by the signal, or by itself before that.
  bool was_killed() {
    int status = 0;
    waitpid(pid_, &status, 0);
    return WIFSIGNALED(status);
  }

 private:
  pid_t pid_ = 0;
  int out_ = -1;
  std::string text_;
};

struct Outcome {
  std::string status;
  std::uint64_t position = 0;
  bool operator==(const Outcome&) const = default;
};

void PrintTo(const Outcome& outcome, std::ostream* out) { *out << outcome.status << " at " << outcome.position; }

class Kills : public testing::Test {
 protected:
  // The next commands: programmes of 8 rounds of 60 commands each.
  std::string commands(unsigned round) {
    constexpr unsigned rounds_of_one = 8;
    if (round % rounds_of_one == 0) hour_ = 0;
    std::string text = random_commands(round + 1, 60, hour_);
    hour_ += static_cast<int>(std::ranges::count(text, '\n'));
    const std::string old = R"("programme":"proef")", now = R"("programme":"proef-)" + std::to_string(round / rounds_of_one) + "\"";
    for (std::size_t at = text.find(old); at != std::string::npos; at = text.find(old, at + now.size())) text.replace(at, old.size(), now);
    return text;
  }

  // Notes an answer; one that is known already must be the same.
  void note(unsigned round, const json::Value& line) {
    std::string id = std::to_string(round / 8) + "/" + std::string(line.at("id").as_string());
    bool duplicate = line.at("status").as_string() == "duplicate";
    Outcome outcome{std::string(line.at(duplicate ? "first_status" : "status").as_string()), line.at("position").to_number<std::uint64_t>()};
    auto [known, fresh] = answered_.try_emplace(id, outcome);
    EXPECT_EQ(known->second, outcome) << id;
    EXPECT_TRUE(fresh || duplicate) << id << " was decided twice";
    if (!fresh) return;
    EXPECT_TRUE(positions_.insert(outcome.position).second) << "two commands at position " << outcome.position;
  }

  int hour_ = 0;
  std::map<std::string, Outcome> answered_;
  std::set<std::uint64_t> positions_;
};

TEST_F(Kills, lose_nothing_that_was_answered_and_double_nothing) {
  Kring kring;
  std::mt19937 random(1);
  int killed = 0, wanted = scaled(500);
  for (unsigned round = 0; killed < wanted; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ASSERT_LT(round, 2u * static_cast<unsigned>(wanted) + 20) << "most of them end before they are killed";
    std::string text = commands(round), file = kring.data() + ".in";
    std::ofstream(file) << text;
    {
      Victim victim(kring.data(), file);
      // Every third dies while it starts, the others while they answer.
      std::string line;
      if (round % 3 == 0)
        for (auto i = random() % 2000; i > 0; --i) sched_yield();
      else
        for (auto i = random() % 60; i > 0 && victim.read_line(line); --i) note(round, json::parse(line).value());
      victim.kill();
      while (victim.read_line(line)) note(round, json::parse(line).value());
      killed += victim.was_killed();
    }
    auto again = kring.submit(text, {"--import"});
    ASSERT_TRUE(again.exit_code == 0 || again.exit_code == 3) << again.err;
    for (const auto& answer : again.lines()) note(round, answer);
    if (HasFailure()) return;
    if (round % 10 == 9) {
      ASSERT_EQ(kring({"verify"}).exit_code, 0);
    }
  }
  auto verified = kring({"verify"});
  ASSERT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_EQ(verified.object().at("verified").to_number<std::size_t>(), positions_.size()) << "and nothing else is in the log";
  EXPECT_EQ(*positions_.rbegin(), positions_.size());
}

}  // namespace
}  // namespace kring::test
