// The engine: what is answered, in which order, and what happens when the log fails.
#include "engine/runtime/engine.h"

#include <gtest/gtest.h>

#include <future>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/json/json.h"
#include "events/log/memory/memory_log.h"
#include "tests/support/passing_log.h"
#include "tests/support/plain_sealer.h"

namespace kring {
namespace {

// Passes everything on to another log, until it is told to fail; tells when an append began and may be held there.
class BrittleLog : public PassingLog {
 public:
  using PassingLog::PassingLog;

  std::atomic<bool> broken = false;
  Position shown = UINT64_MAX;  // what is behind is not read
  std::function<void()> before_append;
  Share mine;

  Share share() const override { return mine; }
  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override {
    Bookmark reached = from;
    auto read = log_->read(from, [&](const LogEntry& entry) {
      if (entry.position > shown) return false;
      reached = entry.after;
      return visit(entry);
    });
    if (read) read = reached;
    return read;
  }
  Result<Bookmark> append(std::span<const Draft> drafts, Position tail) override {
    appends.push_back(drafts.size());
    if (before_append) before_append();
    if (broken) return fail(ErrorKind::io, "io", "the disk is gone");
    return log_->append(drafts, tail);
  }

  std::vector<std::size_t> appends;  // the sizes of the batches; the engine writes it
};

class Engines : public testing::Test {
 protected:
  Engines() { start(); }
  ~Engines() override { stop(); }

  void start() {
    log = std::make_unique<BrittleLog>(open_memory_log(store));
    auto tail = log->claim();
    KRING_CHECK(tail.has_value());
    auto started = Engine::start(options, *log, *tail, *index, sealer, environment);
    KRING_CHECK(started.has_value());
    engine = std::move(*started);
  }
  void stop() {
    engine.reset();
    log.reset();
  }

  std::future<Answer> submit(const std::string& command) {
    auto request = json::parse_command(command);
    KRING_CHECK(request.has_value());
    if (request->command.actor.empty()) request->command.actor = "test:1";
    auto promise = std::make_shared<std::promise<Answer>>();
    engine->submit(std::move(*request), [promise](Answer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
  }
  Answer ask(const std::string& command) { return submit(command).get(); }

  static std::string theme(const std::string& name, const std::string& more = "") {
    return R"({"type":"add_theme","theme":")" + name + R"(","title":"T")" + more + "}";
  }
  void define() {
    ASSERT_EQ(ask(R"({"type":"define_programme","programme":"p","title":"P","from":"2024-01-01","to":"2024-12-31","time_zone":"Asia/Tokyo"})").status,
              AnswerStatus::accepted);
  }

  Instant now{1'704'067'200'000'000};  // 2024-01-01T00:00:00Z
  Environment environment{[this] { return now; }, [this] {
                            Token token{};
                            token.back() = ++random_byte;  // a UUID keeps the last byte as it is
                            return token;
                          }};
  std::uint8_t random_byte = 0;
  EngineOptions options;
  PlainSealer sealer;
  std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>();
  std::unique_ptr<CommandIndex> index = CommandIndex::in_memory();
  std::unique_ptr<BrittleLog> log;
  std::unique_ptr<Engine> engine;
};

TEST_F(Engines, what_is_refused_without_a_record_has_an_id_as_well) {
  const Answer answer = ask(R"({"type":"add_theme","programme":"nowhere","theme":"t","title":"T"})");
  EXPECT_EQ(answer.rejection->code, "unknown_programme");
  EXPECT_FALSE(answer.id.empty());
}

TEST_F(Engines, a_programme_is_defined_in_its_home_alone) {
  const auto define = [&](const std::string& id) {
    return ask(concat(R"({"type":"define_programme","programme":")", id, R"(","title":"P","from":"2024-01-01","to":"2024-12-31"})"));
  };
  log->mine = {1, 2};
  ASSERT_EQ(home_of({"elsewhere"}, 2), 0);
  const Answer answer = define("elsewhere");
  EXPECT_EQ(answer.status, AnswerStatus::rejected);
  EXPECT_EQ(answer.rejection->code, "wrong_log");
  EXPECT_FALSE(answer.position);
  ASSERT_EQ(home_of({"here"}, 2), 1);
  EXPECT_EQ(define("here").position, 1u);
  // One that is there already, from a log that was alone, stays.
  log->mine = {0, 2};
  EXPECT_EQ(define("here").rejection->code, "programme_exists");
}

TEST_F(Engines, what_fails_to_be_appended_is_unknown_and_so_is_everything_after_it) {
  define();
  log->broken = true;
  auto answer = ask(theme("a", R"(,"id":"x")"));
  EXPECT_EQ(answer.status, AnswerStatus::unknown);
  EXPECT_EQ(answer.id, "x");
  EXPECT_FALSE(answer.position);
  log->broken = false;
  EXPECT_EQ(ask(theme("b")).status, AnswerStatus::unknown) << "its state is ahead of the log: it must not decide again";
  stop();
  index = CommandIndex::in_memory();  // a new process knows nothing that was not committed
  start();
  EXPECT_EQ(ask(theme("a", R"(,"id":"x")")).status, AnswerStatus::accepted) << "nothing of it was recorded";
}

TEST_F(Engines, a_duplicate_of_what_is_not_durable_yet_waits_for_it) {
  define();
  std::promise<void> go;
  auto wait = go.get_future().share();
  std::atomic<bool> held = false;
  log->before_append = [&] {
    if (!held.exchange(true)) wait.wait();
  };
  auto first = submit(theme("a", R"(,"id":"first")"));  // holds the engine, so that the others share a batch
  while (!held) std::this_thread::yield();
  auto one = submit(theme("b", R"(,"id":"x")")), again = submit(theme("b", R"(,"id":"x")")), other = submit(theme("c", R"(,"id":"x")"));
  go.set_value();
  EXPECT_EQ(first.get().status, AnswerStatus::accepted);
  EXPECT_EQ(one.get().position, 3u);
  auto duplicate = again.get();
  EXPECT_EQ(duplicate.status, AnswerStatus::duplicate);
  EXPECT_EQ(duplicate.first_status, AnswerStatus::accepted);
  EXPECT_EQ(duplicate.position, 3u);
  EXPECT_EQ(duplicate.events, std::vector<std::string>{"ThemeAdded"});
  EXPECT_EQ(other.get().rejection->code, "id_reused");
  engine.reset();
  EXPECT_EQ(log->appends, (std::vector<std::size_t>{1, 1, 1, 0})) << "one append for the two; before the other is refused the log is asked";
}

TEST_F(Engines, goes_on_deciding_while_a_batch_is_on_its_way_to_the_disk) {
  define();
  stop();
  std::atomic<int> decided = 0;
  environment.now = [&, inner = environment.now] { return ++decided, inner(); };
  start();
  std::promise<void> go;
  auto wait = go.get_future().share();
  std::atomic<bool> held = false;
  log->before_append = [&] {
    if (!held.exchange(true)) wait.wait();
  };
  auto first = submit(theme("a", R"(,"id":"1")"));
  while (!held) std::this_thread::yield();
  auto second = submit(theme("b", R"(,"id":"2")")), third = submit(theme("b", R"(,"id":"3")"));
  while (decided < 3) std::this_thread::yield();  // without an end if nothing were decided before the disk is done
  EXPECT_EQ(engine->head().position, 1u) << "decided, and not durable yet";
  EXPECT_EQ(second.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "nobody is told before it is";
  go.set_value();
  EXPECT_EQ(first.get().position, 2u);
  EXPECT_EQ(second.get().position, 3u);
  EXPECT_EQ(third.get().rejection->code, "theme_exists");
}

TEST_F(Engines, a_refused_batch_answers_its_duplicates_unknown_too) {
  define();
  std::promise<void> go;
  auto wait = go.get_future().share();
  std::atomic<bool> held = false;
  log->before_append = [&] {
    if (!held.exchange(true)) wait.wait();
  };
  auto first = submit(theme("a"));
  while (!held) std::this_thread::yield();
  auto one = submit(theme("b", R"(,"id":"x")")), again = submit(theme("b", R"(,"id":"x")"));
  log->broken = true;
  go.set_value();
  first.get();
  EXPECT_EQ(one.get().status, AnswerStatus::unknown);
  EXPECT_EQ(again.get().status, AnswerStatus::unknown);
}

TEST_F(Engines, the_index_is_made_again_from_the_log) {
  define();
  ask(theme("a", R"(,"id":"x")"));
  stop();
  index = CommandIndex::in_memory();
  start();
  EXPECT_EQ(ask(theme("a", R"(,"id":"x")")).status, AnswerStatus::duplicate);
}

TEST_F(Engines, an_index_of_another_history_is_thrown_away) {
  define();
  ask(theme("a", R"(,"id":"x")"));
  stop();
  store = std::make_shared<MemoryStore>();
  start();
  define();
  EXPECT_EQ(ask(theme("a", R"(,"id":"x")")).status, AnswerStatus::accepted);
}

TEST_F(Engines, does_not_start_on_a_log_that_ends_before_the_place_where_it_was_claimed) {
  define();
  ASSERT_EQ(ask(theme("t")).status, AnswerStatus::accepted);
  stop();
  log = std::make_unique<BrittleLog>(open_memory_log(store));
  const auto tail = log->claim();
  ASSERT_TRUE(tail);
  log->shown = 1;
  const auto started = Engine::start(options, *log, *tail, *index, sealer, environment);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, "log_behind");
}

TEST_F(Engines, time_never_goes_back_within_a_programme) {
  define();
  now.micros -= 3'600'000'000;  // the clock was set back: the record keeps the time of the one before
  EXPECT_EQ(ask(theme("a")).status, AnswerStatus::accepted);
  auto early = ask(theme("b", R"(,"at":"2023-12-31T23:59:59Z")"));
  EXPECT_EQ(early.status, AnswerStatus::invalid);
  EXPECT_EQ(early.error->code, "time_goes_back");
  std::vector<Instant> times;
  ASSERT_TRUE(log->read({}, [&](const LogEntry& entry) { return times.push_back(entry.recorded_at), true; }));
  ASSERT_EQ(times.size(), 2u);
  EXPECT_EQ(times[0], times[1]);
}

TEST_F(Engines, expecting_a_position_beyond_the_head_is_invalid_and_a_passed_one_is_stale) {
  define();
  auto beyond = ask(theme("a", R"(,"expect":2)"));
  EXPECT_EQ(beyond.status, AnswerStatus::invalid);
  EXPECT_EQ(beyond.error->member, "expect");
  EXPECT_EQ(ask(theme("a", R"(,"expect":1)")).status, AnswerStatus::accepted);
  EXPECT_EQ(ask(theme("b", R"(,"expect":1)")).rejection->code, "stale");
  EXPECT_EQ(ask(theme("b", R"(,"expect":2)")).status, AnswerStatus::accepted) << "a refusal changes nothing";
}

TEST_F(Engines, an_unknown_programme_is_refused_and_not_recorded) {
  auto answer = ask(theme("a"));
  EXPECT_EQ(answer.rejection->code, "unknown_programme");
  EXPECT_FALSE(answer.position);
  EXPECT_EQ(engine->head().position, 0u);
}

TEST_F(Engines, refuses_nothing_without_a_record_while_another_writer_may_know_better) {
  define();
  const auto refused = R"({"type":"add_theme","theme":"t","title":"T","programme":"other"})";
  ASSERT_EQ(ask(refused).status, AnswerStatus::rejected);
  ASSERT_EQ(log->appends.back(), 0u) << "it asks the log";
  log->broken = true;  // as one is that another writer has claimed
  EXPECT_EQ(ask(refused).status, AnswerStatus::unknown);
}

TEST_F(Engines, with_several_programmes_one_must_be_named) {
  define();
  ask(R"({"type":"define_programme","programme":"q","title":"Q","from":"2024-01-01","to":"2024-12-31"})");
  auto answer = ask(theme("a"));
  EXPECT_EQ(answer.status, AnswerStatus::invalid);
  EXPECT_EQ(answer.error->member, "programme");
  EXPECT_EQ(ask(theme("a", R"(,"programme":"q","id":"x")")).status, AnswerStatus::accepted);
  EXPECT_EQ(ask(theme("a", R"(,"programme":"p","id":"x")")).status, AnswerStatus::accepted) << "ids belong to their programme";
}

TEST_F(Engines, a_full_queue_makes_callers_wait_and_loses_nothing) {
  stop();
  options.queue_limit = 2;
  start();
  define();
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 100; ++i) answers.push_back(submit(theme("t-" + std::to_string(i))));
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i].get().position, i + 2);
}

TEST_F(Engines, the_recording_day_is_that_of_the_programmes_zone) {
  now.micros += std::int64_t{16} * 3600 * 1'000'000;  // 16:00 UTC is 01:00 of the next day in Tokyo
  define();
  ask(R"({"type":"register_area","area":"z","name":"Z","municipality":"M"})");
  ask(theme("a"));
  ask(R"({"type":"register_person","person":"p-1","area":"z","role":"coordinator","name":"Naam"})");
  auto answer = ask(R"({"type":"schedule_session","theme":"a","session":1,"date":"2024-01-02","part":"morning"})");
  ASSERT_EQ(answer.status, AnswerStatus::accepted);
  ask(R"({"type":"enrol","theme":"a","area":"z","person":"p-1"})");
  ask(R"({"type":"release_schedule"})");
  EXPECT_EQ(ask(R"({"type":"record_attendance","theme":"a","session":1,"person":"p-1","status":"present"})").status, AnswerStatus::accepted);
}

}  // namespace
}  // namespace kring
