// Forgetting that is killed on its way: before any of the system calls by which it reaches the disk.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>

#include "tests/support/planted.h"

namespace kring::test {
namespace {

namespace fs = std::filesystem;

constexpr auto forget_p1 = R"({"type":"forget_person","person":"p-1","id":"vergeet"})";
constexpr auto steps_to_disk = "write,pwrite64,fdatasync,fsync,rename,ftruncate,fallocate,unlink";

// The process is killed as a thread of it enters this call on this file for the nth time: the call is not carried out.
struct Point {
  std::string path, call;
  int nth;
};

class ForgettingKilled : public Planted {
 protected:
  void back_up() const { fs::copy(root.path(), elsewhere.path() + "/backup", fs::copy_options::recursive); }
  void restore() const {
    for (const auto& entry : fs::directory_iterator(root.path())) fs::remove_all(entry);
    fs::copy(elsewhere.path() + "/backup", root.path(), fs::copy_options::recursive);
  }

  Ran traced(std::vector<std::string> options) const {
    options.insert(options.end(), {"-f", "env", no_leak_check, "TMPDIR=" + root.path() + "/tmp", Kring::program(), "--data", data(), "submit"});
    return run("strace", options, forget_p1);
  }

  // All points of one undisturbed run; first those on which forgetting rests: log, ledger and keys.
  std::vector<Point> points() const {
    std::string trace = elsewhere.path() + "/trace";
    EXPECT_EQ(traced({"-y", "-o", trace, "-e", std::string("trace=") + steps_to_disk}).exit_code, 0);
    const std::regex line(R"re(^(\d+) +(\w+)\((?:\d+<([^>]+)>|"([^"]+)"))re");
    std::map<std::string, int> seen;  // thread, call, path: strace counts for each thread
    std::vector<Point> vital, rest;
    std::ifstream lines(trace);
    for (std::string text; std::getline(lines, text);) {
      std::smatch match;
      if (!std::regex_search(text, match, line)) continue;
      std::string path = match[3].matched ? match[3] : match[4];
      if (!path.starts_with(root.path())) continue;
      int nth = ++seen[match[1].str() + match[2].str() + path];
      Point point{path, match[2], nth};
      bool known = false;
      for (const auto* list : {&vital, &rest})
        for (const Point& p : *list) known = known || (p.path == path && p.call == point.call && p.nth == nth);
      if (known) continue;
      (path.starts_with(data() + "/log") || path == keys() || path == ledger() ? vital : rest).push_back(point);
    }
    EXPECT_GE(vital.size(), 6u) << "log, ledger and keys are each written and synced";
    vital.insert(vital.end(), rest.begin(), rest.end());
    return vital;
  }

  TemporaryDirectory elsewhere;
};

TEST_F(ForgettingKilled, at_any_step_is_completed_by_the_next_start_and_is_never_done_by_half) {
  plant();
  back_up();
  auto all = points();
  restore();
  auto keys_before = keys_of_persons({"p-1"});
  int killed = 0;
  for (int round = 0; round < scaled(100); ++round) {
    const Point& point = all[static_cast<std::size_t>(round) % all.size()];
    SCOPED_TRACE("killed before " + point.call + " " + std::to_string(point.nth) + " of " + point.path);
    if (round > 0) restore();
    killed += traced({"-o", "/dev/null", "-P", point.path, "-e", "trace=" + point.call, "-e",
                      "inject=" + point.call + ":signal=SIGKILL:when=" + std::to_string(point.nth)}).exit_code == 128 + 9;
    // Before any writer comes: forgotten where the record says so, and else not at all.
    bool recorded = kring({"history", "--type", "PersonForgotten"}).out.find("p-1") != std::string::npos;
    auto person = kring({"person", "p-1"}).object();
    EXPECT_EQ(person["forgotten"], recorded);
    EXPECT_EQ(person["name"].is_null(), recorded);
    if (recorded) expect_unread(of_p1(), {10});
    // The same command again, as a caller does who got no answer.
    auto again = submit(forget_p1);
    ASSERT_EQ(again.exit_code, 0) << to_text(again);
    EXPECT_EQ(again.lines().at(0).at("status"), recorded ? "duplicate" : "accepted");
    expect_gone(of_p1(), {"p-1"}, keys_before);
    expect_unread(of_p1(), {10});
    EXPECT_TRUE(kring({"person", "p-2"}).object()["name"] == "Tweq7naam");
  }
  EXPECT_GT(killed, scaled(100) * 3 / 4);
}

}  // namespace
}  // namespace kring::test
