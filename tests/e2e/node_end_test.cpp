// How a node ends when something keeps it: nobody reads its answers, or a broker says nothing any more.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "events/base/text.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds soon{14};  // it is seven at most, and others use this machine too

class AnEndingNode : public ::testing::Test {
 protected:
  // A topic of one partition, and a programme in it.
  void begin(KafkaBroker& broker) {
    topic_ = broker.make_topic();
    url_ = concat("kafka://", broker.address(), "/", topic_);
    std::filesystem::create_directories(data_);
    std::ofstream(data_ + "/kring.toml") << "[kafka]\nallow_unreplicated = true\n";
    const Ran made = run(Kring::program(), {"--data", data_, "--log", url_, "submit"},
                         R"({"type":"define_programme","programme":"p","title":"P","from":"2024-01-01","to":"2025-12-31","id":"define"})" "\n");
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }

  std::unique_ptr<Running> start() const {
    auto node = std::make_unique<Running>(Kring::program(), std::vector<std::string>{"--data", data_, "--log", url_, "node", "--takeover-after", "6"});
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    std::string answer;
    do {
      node->write(area("first"));
      answer = node->read_line();
    } while (answer.find("not_here") != std::string::npos && Clock::now() < deadline);
    EXPECT_NE(answer.find(R"("position":2)"), std::string::npos) << answer;
    return node;
  }

  static std::string area(const std::string& name) {
    return concat(R"({"type":"register_area","programme":"p","area":")", name, R"(","name":"A","municipality":"M","id":")", name, "\"}\n");
  }

  const TemporaryDirectory directory_;
  const std::string data_ = directory_.path() + "/a";
  std::string topic_, url_;
};

TEST_F(AnEndingNode, DoesNotWaitForWhoNeverReadsItsAnswersNorTakesCommandsWithoutEnd) {
  constexpr Position most_unread = 4096, many = 40'000;
  auto& broker = KafkaBroker::shared();
  begin(broker);
  const auto node = start();
  std::thread feeding([&] {
    for (Position i = 0; i < many && node->try_write(area(concat("a-", i)));) ++i;
  });
  const auto reader = make_kafka_reader(broker.options(topic_));
  Bookmark place;
  while (place.position < most_unread) place = reader->read(place, [](const LogEntry&) { return true; }).value();
  EXPECT_TRUE(node->is_alive());

  const auto told = Clock::now();
  node->send(SIGTERM);
  node->wait_for_end();
  EXPECT_LT(Clock::now() - told, soon);
  feeding.join();
  const Ran ended = node->finish();
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("answers were not read"), std::string::npos) << ended.err;
  place = reader->read(place, [](const LogEntry&) { return true; }).value();
  EXPECT_LT(place.position, 2 * most_unread) << "it took more than may wait for a reader";
  EXPECT_TRUE(ended.out.empty() || ended.out.ends_with('\n')) << "an answer was cut in two";

  // Whoever asks again is told what was decided.
  const auto again = start();
  again->write(area("a-0"));
  EXPECT_NE(again->read_line().find("duplicate"), std::string::npos);
  again->send(SIGTERM);
  EXPECT_EQ(again->finish().exit_code, 0);
}

TEST_F(AnEndingNode, DoesNotWaitForABrokerThatIsFrozen) {
  KafkaBroker broker;
  begin(broker);
  for (const bool busy : {true, false}) {
    const auto node = start();
    broker.freeze();
    if (busy) {
      node->write(area("under-way"));
      node->wait_until_taken();
    }
    const auto told = Clock::now();
    node->send(SIGTERM);
    node->wait_for_end();
    EXPECT_LT(Clock::now() - told, soon);
    const Ran ended = node->finish();
    EXPECT_EQ(ended.exit_code, busy ? 2 : 0) << ended.err;
    if (busy) {
      ASSERT_EQ(ended.lines().size(), 1u);
      EXPECT_EQ(ended.lines()[0].at("id").as_string(), "under-way");
      EXPECT_EQ(ended.lines()[0].at("status").as_string(), "unknown");
    } else {
      EXPECT_EQ(ended.out, "");
    }
    broker.thaw();
  }
  const Ran again = run(Kring::program(), {"--data", data_, "--log", url_, "submit"}, area("under-way"));
  EXPECT_EQ(again.exit_code, 0) << again.err << again.out;
}

// What is removed under it does not come back: it says what is gone, instead of trying for ever.
TEST_F(AnEndingNode, EndsWhenItsTopicOrItsDataDirectoryIsRemoved) {
  auto& broker = KafkaBroker::shared();
  for (const bool of_topic : {true, false}) {
    std::filesystem::remove_all(data_);
    std::filesystem::remove(data_ + ".kek");
    begin(broker);
    const auto node = start();
    if (of_topic) broker.delete_topic(topic_);
    else std::filesystem::remove_all(data_);
    node->wait_for_end();
    const Ran ended = node->finish();
    EXPECT_EQ(ended.exit_code, 2);
    const std::string gone = of_topic ? concat("the topic ", topic_, " at ", broker.address(), " is not there") : concat("the data directory ", data_, " was removed");
    EXPECT_NE(ended.err.find(gone), std::string::npos) << ended.err;
  }
}

}  // namespace
}  // namespace kring::test
