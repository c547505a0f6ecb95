// Several processes on one directory: the lock, and readers beside a writer.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "tests/events/log/support.h"

namespace kring::testing {
namespace {

class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe(ends_), 0); }
  void signal() const { EXPECT_EQ(::write(ends_[1], "x", 1), 1); }
  void wait() const {
    char byte;
    EXPECT_EQ(::read(ends_[0], &byte, 1), 1);
  }

 private:
  int ends_[2];
};

TEST(Processes, ASecondWriterWaitsAndIsToldWhoHasTheLog) {
  const TempDirectory temp;
  const Pipe claimed, done;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto log = make_embedded_log(small_options(temp / "log"));
    const bool well = log->claim() && log->append(some_drafts(2), 0);
    claimed.signal();
    done.wait();
    ::_exit(well ? 0 : 1);  // without closing anything: the lock goes with the process
  }
  claimed.wait();
  EmbeddedOptions options = small_options(temp / "log");
  options.lock_wait = std::chrono::milliseconds(5000);
  std::chrono::steady_clock::time_point now;
  options.now = [&] { return now; };
  options.pause = [&](std::chrono::milliseconds time) { now += time; };
  const auto log = make_embedded_log(options);
  const auto refused = log->claim();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::busy);
  EXPECT_NE(refused.error().message.find(std::to_string(child)), std::string::npos) << refused.error().message;
  EXPECT_EQ(now.time_since_epoch(), std::chrono::milliseconds(5000));
  EXPECT_EQ(read_all(*make_embedded_reader(temp / "log")).hashes.size(), 2u);  // reading works all the same

  done.signal();
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(log->claim()->position, 2u);
}

TEST(Processes, AWaitingWriterTakesOverWhenTheFirstGoes) {
  const TempDirectory temp;
  auto first = make_embedded_log(small_options(temp / "log"));
  ASSERT_TRUE(first->claim());
  ASSERT_TRUE(first->append(some_drafts(3), 0));
  EmbeddedOptions options = small_options(temp / "log");
  options.lock_wait = std::chrono::milliseconds(5000);
  options.pause = [&](std::chrono::milliseconds) { first.reset(); };
  EXPECT_EQ(make_embedded_log(options)->claim()->position, 3u);
}

TEST(Processes, AWaitingWriterThatIsInterruptedGivesUp) {
  const TempDirectory temp;
  const auto first = make_embedded_log(small_options(temp / "log"));
  ASSERT_TRUE(first->claim());
  EmbeddedOptions options = small_options(temp / "log");
  options.lock_wait = std::chrono::hours(1);
  int pauses = 0;
  options.pause = [&](std::chrono::milliseconds) { ++pauses; };
  options.give_up = [&] { return pauses == 3; };
  const auto claimed = make_embedded_log(options)->claim();
  ASSERT_FALSE(claimed);
  EXPECT_EQ(claimed.error().code, "interrupted");
  EXPECT_EQ(pauses, 3);
}

// A reader in another process follows a writer through many small segments: it never sees damage, never a gap.
TEST(Processes, AReaderFollowsAWriterInAnotherProcess) {
  const TempDirectory temp;
  const Position count = static_cast<Position>(std::max(300.0, 20'000 * test_scale()));
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    EmbeddedOptions options = small_options(temp / "log", 3000);
    options.witness_interval = std::chrono::milliseconds(0);  // so that the reader meets a witness all the time
    const auto log = make_embedded_log(options);
    Position tail = 0;
    bool well = static_cast<bool>(log->claim());
    while (well && tail < count) {
      const auto done = log->append(some_drafts(1 + tail % 5, tail), tail);
      well = static_cast<bool>(done);
      if (well) tail = done->position;
    }
    ::_exit(well ? 0 : 1);
  }
  const auto follower = make_embedded_reader(temp / "log");
  Bookmark from;
  Position expected = 0;
  int status = -1;
  while (from.position < count) {
    const auto reached = follower->read(from, [&](const LogEntry& entry) { return entry.position == ++expected; });
    ASSERT_TRUE(reached) << reached.error().message;
    EXPECT_EQ(reached->position, expected);
    from = *reached;
    const auto fresh = make_embedded_reader(temp / "log")->read(from, [](auto&) { return true; });
    ASSERT_TRUE(fresh) << fresh.error().message;
    const auto one = follower->read_at(fresh->position + 1, [](auto&) {});
    ASSERT_TRUE(one || one.error().code == "not_found") << one.error().message;
    if (status == -1 && ::waitpid(child, &status, WNOHANG) == child) {
      ASSERT_EQ(status, 0);
    }
  }
  if (status == -1) {
    ASSERT_EQ(::waitpid(child, &status, 0), child);
  }
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace kring::testing
