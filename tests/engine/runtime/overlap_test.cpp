// The engine on a log that lets several appends be on their way.
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>

#include "engine/runtime/engine.h"
#include "events/base/check.h"
#include "events/base/text.h"
#include "events/json/json.h"
#include "events/log/memory/memory_log.h"
#include "tests/support/passing_log.h"
#include "tests/support/plain_sealer.h"

namespace kring {
namespace {

// Stores at once what it is given, and says so when it is told to.
class SlowLog : public PassingLog {
 public:
  explicit SlowLog(std::size_t at_once) : PassingLog(open_memory_log(std::make_shared<MemoryStore>())), at_once_(at_once) {}

  Result<Bookmark> append(std::span<const Draft> drafts, Position tail) override {
    EXPECT_TRUE(on_the_way_.empty()) << "called in the middle of something else";
    return log_->append(drafts, tail);
  }

  std::size_t appends_at_once() const override { return at_once_; }

  Result<void> begin_append(std::span<const Draft> drafts, Position tail) override {
    auto appended = log_->append(drafts, tail);
    if (!appended) return std::unexpected(std::move(appended.error()));
    std::lock_guard lock(mutex_);
    on_the_way_.push_back(*appended);
    ++begun_;
    most_ = std::max(most_, on_the_way_.size());
    changed_.notify_all();
    return {};
  }

  Result<std::optional<Bookmark>> finish_append() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return std::exchange(interrupted_, false) || may_finish_ > 0; });
    if (may_finish_ == 0) return std::nullopt;
    if (may_finish_ < endless) --may_finish_;
    auto oldest = on_the_way_.front();
    on_the_way_.pop_front();
    if (broken_) return fail(ErrorKind::io, "io", "the broker is gone");
    return oldest;
  }

  void interrupt() override {
    std::lock_guard lock(mutex_);
    interrupted_ = true;
    changed_.notify_all();
  }

  static constexpr std::size_t endless = 1'000'000;
  void let_finish(std::size_t appends) {
    std::lock_guard lock(mutex_);
    may_finish_ = appends;
    changed_.notify_all();
  }
  void fail_from_now_on() {
    std::lock_guard lock(mutex_);
    broken_ = true;
  }
  void wait_until_begun(std::size_t appends) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= appends; });
  }
  std::size_t most() {
    std::lock_guard lock(mutex_);
    return most_;
  }

 private:
  const std::size_t at_once_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Bookmark> on_the_way_;
  std::size_t may_finish_ = 0, begun_ = 0, most_ = 0;
  bool interrupted_ = false, broken_ = false;
};

class OverlappingAppends : public testing::Test {
 protected:
  explicit OverlappingAppends(std::size_t at_once = 3) : log(at_once) {
    const auto tail = log.claim();
    KRING_CHECK(tail.has_value());
    auto started = Engine::start({}, log, *tail, *index, sealer, real_environment());
    KRING_CHECK(started.has_value());
    engine = std::move(*started);
    log.let_finish(1);
    KRING_CHECK(submit(R"({"type":"define_programme","programme":"p","title":"P","from":"2024-01-01","to":"2024-12-31"})").get().position == 1);
  }
  ~OverlappingAppends() override { log.let_finish(SlowLog::endless); }  // the engine answers what it has before it goes

  std::future<Answer> submit(const std::string& command) {
    auto request = json::parse_command(command);
    KRING_CHECK(request.has_value());
    request->command.actor = "test:1";
    auto promise = std::make_shared<std::promise<Answer>>();
    engine->submit(std::move(*request), [promise](Answer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
  }
  std::future<Answer> add(const std::string& theme, const std::string& id) {
    return submit(concat(R"({"type":"add_theme","title":"T","theme":")", theme, R"(","id":")", id, "\"}"));
  }
  // Each in an append of its own.
  std::vector<std::future<Answer>> add_one_by_one(std::size_t count) {
    std::vector<std::future<Answer>> answers;
    for (std::size_t i = 0; i < count; ++i) {
      answers.push_back(add(concat("t-", i), concat("id-", i)));
      log.wait_until_begun(2 + i);
    }
    return answers;
  }
  static bool is_open(std::future<Answer>& answer) { return answer.wait_for(std::chrono::seconds(0)) == std::future_status::timeout; }

  SlowLog log;
  PlainSealer sealer;
  std::unique_ptr<CommandIndex> index = CommandIndex::in_memory();
  std::unique_ptr<Engine> engine;
};

TEST_F(OverlappingAppends, the_next_one_begins_while_the_log_is_waited_for) {
  auto answers = add_one_by_one(2);  // without an end if nothing began before the first one is finished
  // As many as are on their way are worth a third append.
  for (const char* one : {"t-2", "t-3"}) answers.push_back(add(one, one));
  log.wait_until_begun(4);
  EXPECT_EQ(log.most(), 3u);
  for (auto& answer : answers) EXPECT_TRUE(is_open(answer)) << "nobody is told before it is durable";
  EXPECT_EQ(engine->head().position, 1u);
  log.let_finish(1);
  EXPECT_EQ(answers[0].get().position, 2u);
  EXPECT_TRUE(is_open(answers[1]));
  log.let_finish(SlowLog::endless);
  for (std::size_t i = 1; i < answers.size(); ++i) EXPECT_EQ(answers[i].get().position, i + 2);
}

TEST_F(OverlappingAppends, there_are_no_more_of_them_than_the_log_takes) {
  auto answers = add_one_by_one(2);
  for (std::size_t i = 2; i < 9; ++i) answers.push_back(add(concat("t-", i), concat("id-", i)));
  log.wait_until_begun(4);
  log.let_finish(SlowLog::endless);
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i].get().position, i + 2);
  EXPECT_EQ(log.most(), 3u);
}

TEST_F(OverlappingAppends, a_duplicate_of_what_is_on_its_way_is_answered_after_it) {
  auto answers = add_one_by_one(2);
  auto again = add("t-1", "id-1");
  auto behind = add("t-2", "id-2");
  log.let_finish(1);
  EXPECT_EQ(answers[0].get().position, 2u);
  EXPECT_TRUE(is_open(again));
  log.let_finish(SlowLog::endless);
  EXPECT_EQ(answers[1].get().position, 3u);
  EXPECT_EQ(again.get().status, AnswerStatus::duplicate);
  EXPECT_EQ(behind.get().position, 4u);
}

TEST_F(OverlappingAppends, what_is_refused_without_a_record_waits_for_all_before_it) {
  auto answers = add_one_by_one(2);
  auto refused = submit(R"({"type":"add_theme","theme":"t","title":"T","programme":"other"})");
  auto behind = add("t-2", "id-2");
  log.let_finish(SlowLog::endless);  // SlowLog sees to it that the question is not asked in between
  EXPECT_EQ(refused.get().rejection->code, "unknown_programme");
  EXPECT_EQ(behind.get().position, 4u);
}

TEST_F(OverlappingAppends, where_one_fails_all_behind_it_are_unknown) {
  auto answers = add_one_by_one(2);
  log.let_finish(1);
  EXPECT_EQ(answers[0].get().status, AnswerStatus::accepted);
  answers.push_back(add("t-2", "id-2"));
  log.wait_until_begun(4);
  log.fail_from_now_on();
  log.let_finish(1);
  EXPECT_EQ(answers[1].get().status, AnswerStatus::unknown);
  EXPECT_EQ(answers[2].get().status, AnswerStatus::unknown) << "without asking the log";
  EXPECT_EQ(add("t-3", "id-3").get().status, AnswerStatus::unknown);
}

class AppendsOneByOne : public OverlappingAppends {
 protected:
  AppendsOneByOne() : OverlappingAppends(1) {}
};

TEST_F(AppendsOneByOne, what_comes_while_the_only_one_is_on_its_way_is_answered_too) {
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 500; ++i) {
    answers.push_back(add(concat("t-", i), concat("id-", i)));
    log.wait_until_begun(2 + static_cast<std::size_t>(i));
    log.let_finish(1);
    ASSERT_EQ(answers.back().wait_for(std::chrono::seconds(60)), std::future_status::ready) << i;
  }
  EXPECT_EQ(log.most(), 1u);
}

}  // namespace
}  // namespace kring
