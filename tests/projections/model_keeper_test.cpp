// The thread that keeps read models at the log's end, while the log cannot be reached now and then.
#include "projections/model_keeper.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>

#include "tests/support/models.h"

namespace kring::projections {
namespace {

using test::decide;
using test::Models;
using test::random_commands;

// A log that is out of reach until it is not.
class DistantLog : public LogReader {
 public:
  explicit DistantLog(std::unique_ptr<LogReader> log) : log_(std::move(log)) {}

  Result<HistoryId> history() override { return log_->history(); }
  Result<std::string> successor() override { return log_->successor(); }
  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override { return log_->read_at(position, visit); }
  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override {
    std::lock_guard lock(mutex_);
    ++reads_;
    read_.notify_all();
    if (away_) return fail(ErrorKind::io, "log_unreachable", "nobody answers");
    return log_->read(from, visit);
  }

  void go_away(bool away) {
    std::lock_guard lock(mutex_);
    away_ = away;
  }
  // Returns when it was asked again.
  void wait_for_a_read() {
    std::unique_lock lock(mutex_);
    read_.wait(lock, [&, before = reads_] { return reads_ > before; });
  }

 private:
  std::unique_ptr<LogReader> log_;
  std::mutex mutex_;
  std::condition_variable read_;
  bool away_ = false;
  int reads_ = 0;
};

TEST_F(Models, go_on_when_a_log_that_could_not_be_reached_is_back) {
  decide(store, random_commands(7, 60));
  const Position end = open_memory_reader(store)->read({}, [](const LogEntry&) { return true; })->position;
  auto database = open(directory + "/a");
  auto distant = std::make_unique<DistantLog>(open_memory_reader(store));
  DistantLog& log = *distant;
  log.go_away(true);
  ModelKeeper keeper(*database, std::move(distant), end);
  keeper.notify(end);
  log.wait_for_a_read();
  log.wait_for_a_read();  // by itself: nobody has told it anything
  EXPECT_EQ(keeper.fault()->code, "log_unreachable");
  log.go_away(false);
  log.wait_for_a_read();
  const auto kept = keeper.finish();
  ASSERT_TRUE(kept) << kept.error().message;
  for (const Bookmark& reached : database->progress()) EXPECT_EQ(reached.position, end);
  EXPECT_TRUE(verify(*database));
}

TEST_F(Models, that_cannot_follow_to_the_end_say_so_at_the_end) {
  decide(store, random_commands(7, 60));
  auto database = open(directory + "/a");
  auto distant = std::make_unique<DistantLog>(open_memory_reader(store));
  distant->go_away(true);
  ModelKeeper keeper(*database, std::move(distant), 60);
  const auto kept = keeper.finish();
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, "log_unreachable");
}

}  // namespace
}  // namespace kring::projections
