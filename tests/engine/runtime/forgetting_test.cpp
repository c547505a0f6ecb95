// Forgetting through the engine: in which order things become durable, and that a start completes what was cut short.
#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "engine/runtime/engine.h"
#include "events/base/check.h"
#include "events/codec/codec.h"
#include "events/json/json.h"
#include "tests/support/passing_log.h"
#include "events/log/memory/memory_log.h"

namespace kring {
namespace {

using Steps = std::vector<std::string>;

// Note what they are asked, in one list; any step may fail.
struct Notes {
  Steps steps;
  std::string failing;
  std::mutex mutex;

  Result<void> note(const std::string& step) {
    std::lock_guard lock(mutex);  // one thread seals while another one appends
    steps.push_back(step);
    if (step == failing) return fail(ErrorKind::io, "io", "the disk is gone");
    return {};
  }
};

class NotingSealer : public Sealer {
 public:
  bool must_resume_all() const override { return false; }
  void resume(const Decision&) override {}
  Result<void> resumed() override { return {}; }
  Result<void> settle() override { return {}; }
  explicit NotingSealer(Notes& notes) : notes_(notes) {}
  Result<Bytes> seal(const SealContext& context, std::string_view) override {
    if (auto noted = notes_.note("seal " + std::string(context.member)); !noted) return std::unexpected(std::move(noted.error()));
    return "sealed";
  }
  Result<void> make_durable() override { return notes_.note("keys"); }
  Result<void> forget(const std::vector<Erasure>& erasures) override {
    std::string who;
    for (const auto& e : erasures) who += " " + e.person.text + "@" + std::to_string(e.position);
    return notes_.note("forget" + who);
  }
  std::vector<Erasure> erasures() const override { return ledger; }
  std::optional<std::string> open(const SealContext&, BytesView) const override { return std::nullopt; }

  std::vector<Erasure> ledger;

 private:
  Notes& notes_;
};

class NotingLog : public PassingLog {
 public:
  NotingLog(std::unique_ptr<EventLog> log, Notes& notes) : PassingLog(std::move(log)), notes_(notes) {}
  Result<Bookmark> append(std::span<const Draft> drafts, Position tail) override {
    if (auto noted = notes_.note("append"); !noted) return std::unexpected(std::move(noted.error()));
    return log_->append(drafts, tail);
  }

 private:
  Notes& notes_;
};

class EngineForgetting : public testing::Test {
 protected:
  EngineForgetting() {
    start();
    for (const char* command : {R"({"type":"define_programme","programme":"p","title":"P","from":"2024-01-01","to":"2024-12-31"})",
                                R"({"type":"register_area","area":"z","name":"Z","municipality":"M"})",
                                R"({"type":"register_person","person":"p-1","area":"z","role":"coordinator","name":"Naam"})"})
      KRING_CHECK(ask(command) == AnswerStatus::accepted);
    notes.steps.clear();
  }
  ~EngineForgetting() override { stop(); }

  Result<void> try_start() {
    log = std::make_unique<NotingLog>(open_memory_log(store), notes);
    auto tail = log->claim();
    KRING_CHECK(tail.has_value());
    auto started = Engine::start({}, *log, *tail, *index, sealer, environment);
    if (!started) return std::unexpected(std::move(started.error()));
    engine = std::move(*started);
    return {};
  }
  void start() { KRING_CHECK(try_start().has_value()); }
  void stop() {
    engine.reset();
    log.reset();
    index = CommandIndex::in_memory();
  }

  AnswerStatus ask(const std::string& command) {
    auto request = json::parse_command(command);
    KRING_CHECK(request.has_value());
    request->command.actor = "test:1";
    std::promise<AnswerStatus> promise;
    engine->submit(std::move(*request), [&](const Answer& answer) {
      steps_when_answered = notes.steps;
      promise.set_value(answer.status);
    });
    return promise.get_future().get();
  }

  Notes notes;
  Steps steps_when_answered;
  NotingSealer sealer{notes};
  Environment environment{[] { return Instant{1'704'067'200'000'000}; }, [this] {
                            Token token{};
                            token.back() = ++random_byte;
                            return token;
                          }};
  std::uint8_t random_byte = 0;
  std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>();
  std::unique_ptr<CommandIndex> index = CommandIndex::in_memory();
  std::unique_ptr<NotingLog> log;
  std::unique_ptr<Engine> engine;
};

constexpr auto forget = R"({"type":"forget_person","person":"p-1","id":"f"})";

TEST_F(EngineForgetting, keys_are_durable_before_the_records_that_need_them) {
  ASSERT_EQ(ask(R"({"type":"register_person","person":"p-2","area":"z","role":"coordinator","name":"Naam","reason":"Nieuw"})"),
            AnswerStatus::accepted);
  EXPECT_EQ(steps_when_answered, (Steps{"seal name", "seal reason", "keys", "append"}));
}

TEST_F(EngineForgetting, the_record_is_durable_before_the_key_is_destroyed_and_both_before_the_answer) {
  ASSERT_EQ(ask(forget), AnswerStatus::accepted);
  EXPECT_EQ(steps_when_answered, (Steps{"keys", "append", "forget p-1@4"}));
}

TEST_F(EngineForgetting, is_not_answered_accepted_where_a_step_failed_and_the_next_start_completes_it) {
  for (const char* step : {"keys", "append", "forget p-1@4"}) {
    notes.failing = step;
    EXPECT_EQ(ask(forget), AnswerStatus::unknown) << step;
    stop();
    notes.steps.clear();
    notes.failing.clear();
    start();
    bool recorded = notes.steps == Steps{"forget p-1@4"};
    EXPECT_EQ(recorded, std::string(step) == "forget p-1@4") << step;
    EXPECT_TRUE(recorded || notes.steps == Steps{"forget"}) << step;
  }
  EXPECT_EQ(ask(forget), AnswerStatus::duplicate);
}

TEST_F(EngineForgetting, that_cannot_be_completed_at_the_start_is_no_start) {
  ASSERT_EQ(ask(forget), AnswerStatus::accepted);
  stop();
  notes.failing = "forget p-1@4";
  auto started = try_start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message, "the disk is gone");
}

// As after an older copy of the log was put back, or the end of it was cut off.
TEST_F(EngineForgetting, of_whom_only_the_ledger_knows_is_recorded_at_the_start_and_once) {
  stop();
  sealer.ledger = {{{"p"}, {"p-1"}, 4711}, {{"p"}, {"p-2"}, 4712}, {{"q"}, {"p-1"}, 4713}};
  start();
  EXPECT_EQ(notes.steps, (Steps{"forget", "keys", "append", "forget p-1@4"}));
  EXPECT_EQ(engine->head().position, 4u);
  EXPECT_EQ(ask(R"({"type":"change_person","person":"p-1","role":"speaker"})"), AnswerStatus::rejected);
  stop();
  notes.steps.clear();
  start();
  EXPECT_EQ(notes.steps, Steps{"forget p-1@4"});
  std::string actor;
  ASSERT_TRUE(log->read_at(4, [&](const LogEntry& entry) { actor = codec::decode(entry.body).value().command.actor; }));
  EXPECT_EQ(actor, "kring:erasure-ledger");
}

TEST_F(EngineForgetting, of_whom_only_the_ledger_knows_is_recorded_when_the_log_comes_to_know_them) {
  stop();
  sealer.ledger = {{{"p"}, {"p-2"}, 4712}};
  start();
  notes.steps.clear();
  ASSERT_EQ(ask(R"({"type":"register_person","person":"p-2","area":"z","role":"coordinator","name":"Naam"})"), AnswerStatus::accepted);
  EXPECT_EQ(ask(R"({"type":"enrol","theme":"t","area":"z","person":"p-2"})"), AnswerStatus::rejected);
  EXPECT_EQ(ask(R"({"type":"change_person","person":"p-2","role":"speaker"})"), AnswerStatus::rejected);
  EXPECT_EQ(std::ranges::count(notes.steps, "forget p-2@5"), 1) << ::testing::PrintToString(notes.steps);
}

TEST_F(EngineForgetting, of_whom_only_the_ledger_knows_that_cannot_be_recorded_is_no_start) {
  stop();
  sealer.ledger = {{{"p"}, {"p-1"}, 4711}};
  for (const char* step : {"append", "forget p-1@4"}) {
    notes.failing = step;
    auto started = try_start();
    ASSERT_FALSE(started) << step;
    EXPECT_EQ(started.error().message, "the disk is gone");
    stop();
  }
}

// The first answer holds the engine until the other two are queued, so that these come into one batch.
TEST_F(EngineForgetting, what_was_decided_before_a_text_that_cannot_be_sealed_is_recorded_before_it_is_answered_accepted) {
  notes.failing = "seal reason";
  std::promise<void> answering, queued;
  std::vector<AnswerStatus> statuses;
  auto submit = [&](const std::string& command, std::function<void()> before) {
    auto request = json::parse_command(command);
    KRING_CHECK(request.has_value());
    request->command.actor = "test:1";
    engine->submit(std::move(*request), [&, before](const Answer& answer) {
      if (before) before();
      statuses.push_back(answer.status);
    });
  };
  submit(R"({"type":"add_theme","theme":"a","title":"A"})", [&] {
    answering.set_value();
    queued.get_future().wait();
  });
  answering.get_future().wait();
  submit(R"({"type":"add_theme","theme":"b","title":"B"})", {});
  submit(R"({"type":"change_person","person":"p-1","role":"speaker","reason":"Daarom"})", {});
  queued.set_value();
  engine.reset();  // answers what is queued
  EXPECT_EQ(statuses, (std::vector{AnswerStatus::accepted, AnswerStatus::accepted, AnswerStatus::unknown}));
  std::size_t recorded = 0;
  ASSERT_TRUE(log->read({}, [&](const LogEntry&) { return ++recorded, true; }));
  EXPECT_EQ(recorded, 5u) << "three of the foundation, and two themes";
}

TEST_F(EngineForgetting, a_reason_that_comes_with_it_or_later_is_not_sealed) {
  ASSERT_EQ(ask(R"({"type":"forget_person","person":"p-1","reason":"Op verzoek van Naam"})"), AnswerStatus::accepted);
  EXPECT_EQ(ask(R"({"type":"register_person","person":"p-1","area":"z","role":"coordinator","name":"Naam","reason":"Terug"})"),
            AnswerStatus::rejected);
  EXPECT_EQ(std::ranges::count(notes.steps, "seal reason"), 0) << ::testing::PrintToString(notes.steps);
}

}  // namespace
}  // namespace kring
