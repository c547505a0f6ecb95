// A replica follows a log that another one writes, and an engine that starts from it is the one that reads everything.
#include "engine/runtime/replica.h"

#include <gtest/gtest.h>

#include <future>

#include "engine/runtime/engine.h"
#include "events/base/check.h"
#include "events/base/text.h"
#include "events/json/json.h"
#include "events/log/memory/memory_log.h"
#include "tests/support/plain_sealer.h"

namespace kring {
namespace {

// One process: a log of the shared store, an index of its own.
struct Process {
  explicit Process(const std::shared_ptr<MemoryStore>& store) : log(open_memory_log(store)) {}

  void write(Replica replica) {
    auto tail = log->claim();
    KRING_CHECK(tail.has_value());
    auto started = Engine::start({}, *log, *tail, std::move(replica), {[] { return Instant{1'704'067'200'000'000}; }, [this] {
                                                                          Token token{};
                                                                          token.back() = ++random;
                                                                          return token;
                                                                        }});
    KRING_CHECK(started.has_value());
    engine = std::move(*started);
  }
  Answer ask(const std::string& command) {
    auto request = json::parse_command(command);
    KRING_CHECK(request.has_value());
    request->command.actor = "test:1";
    std::promise<Answer> promise;
    engine->submit(std::move(*request), [&](Answer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
  Replica replica() { return {*index, sealer, nullptr}; }

  std::uint8_t random = 0;
  PlainSealer sealer;
  std::unique_ptr<CommandIndex> index = CommandIndex::in_memory();
  std::unique_ptr<EventLog> log;
  std::unique_ptr<Engine> engine;
};

std::string theme(const std::string& id) { return concat(R"({"type":"add_theme","theme":")", id, R"(","title":"T","id":"add-)", id, "\"}"); }

TEST(Replicas, take_over_from_where_they_are) {
  auto store = std::make_shared<MemoryStore>();
  Process first(store), second(store);
  Replica following = second.replica();
  ASSERT_TRUE(following.follow(*second.log));
  EXPECT_EQ(following.reached().position, 0u);  // there is nothing yet

  first.write(first.replica());
  first.ask(R"({"type":"define_programme","programme":"p","title":"P","from":"2024-01-01","to":"2024-12-31","id":"define"})");
  first.ask(theme("a"));
  ASSERT_TRUE(following.follow(*second.log));
  EXPECT_EQ(following.reached().position, 2u);
  EXPECT_EQ(following.state().programmes.defined(), 1u);
  first.ask(theme("b"));
  first.engine.reset();
  first.log.reset();

  second.write(std::move(following));  // without having seen the third
  EXPECT_EQ(second.ask(theme("c")).position, 4u);
  for (const auto& [id, position] : {std::pair("a", 2u), {"b", 3u}}) {
    const Answer again = second.ask(theme(id));
    EXPECT_EQ(again.status, AnswerStatus::duplicate);
    EXPECT_EQ(again.position, position);
  }
}

TEST(Replicas, followed_in_steps_or_at_once_are_the_same) {
  auto store = std::make_shared<MemoryStore>();
  Process writer(store), stepping(store), late(store);
  Replica in_steps = stepping.replica(), at_once = late.replica();
  writer.write(writer.replica());
  writer.ask(R"({"type":"define_programme","programme":"p","title":"P","from":"2024-01-01","to":"2024-12-31"})");
  for (const char* id : {"a", "b", "a", "c"}) {
    writer.ask(theme(id));
    ASSERT_TRUE(in_steps.follow(*stepping.log));
  }
  ASSERT_TRUE(at_once.follow(*late.log));
  EXPECT_EQ(in_steps.reached().hash, at_once.reached().hash);
  EXPECT_EQ(encode_snapshot(in_steps.state()), encode_snapshot(at_once.state()));
  EXPECT_EQ((*stepping.index->find({"p"}, "add-c"))->position, (*late.index->find({"p"}, "add-c"))->position);
}

}  // namespace
}  // namespace kring
