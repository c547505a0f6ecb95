// kring bench on a real broker, at a tiny scale.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <map>
#include <thread>

#include "events/base/text.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

Ran bench(const std::string& url, std::vector<std::string> more) {
  TemporaryDirectory directory;
  more.insert(more.begin(), {"--data", directory.path() + "/data", "--log", url, "bench", "--json", "--scale", "0.0005", "--work-dir", directory.path() + "/work"});
  Ran ran = run(Kring::program(), more);
  EXPECT_TRUE(!std::filesystem::exists(directory.path() + "/work") || std::filesystem::is_empty(directory.path() + "/work"));
  return ran;
}

TEST(BenchOnKafka, GivesTheRowsOfItsSuitesAndRemovesItsTopics) {
  auto& broker = KafkaBroker::shared();
  const Ran ran = bench(concat("kafka://", broker.address(), "/measured"), {});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  std::map<std::string, int> rows;
  const json::Object document = ran.object();
  for (const json::Value& row : document.at("rows").as_array()) {
    ++rows[std::string(row.at("suite").as_string())];
    EXPECT_GT(row.at("measured").to_number<double>(), 0) << json::to_text(row);
  }
  EXPECT_EQ(rows, (std::map<std::string, int>{{"kafka-append", 5}, {"kafka-read", 3}, {"kafka-rebuild", 1}}));
  EXPECT_EQ(broker.topics("measured-"), std::vector<std::string>{});
}

TEST(BenchOnKafka, ThatIsInterruptedRemovesItsTopics) {
  auto& broker = KafkaBroker::shared();
  TemporaryDirectory directory;
  Running bench(Kring::program(), {"--data", directory.path() + "/data", "--log", concat("kafka://", broker.address(), "/stopped"), "bench", "kafka-append", "--scale", "1", "--work-dir",
                                   directory.path() + "/work"});
  while (broker.topics("stopped-").empty() && bench.is_alive()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  bench.send(SIGINT);
  const Ran ran = bench.finish();
  EXPECT_EQ(ran.exit_code, 130) << ran.err;
  EXPECT_EQ(broker.topics("stopped-"), std::vector<std::string>{});
  EXPECT_TRUE(std::filesystem::is_empty(directory.path() + "/work"));
}

TEST(BenchOnKafka, SaysWhereItWouldHaveToRun) {
  const Ran nowhere = bench("embedded", {"kafka-append"});
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_NE(nowhere.err.find("--log kafka://"), std::string::npos) << nowhere.err;
  for (const std::string wrong : {"kafka://", "kafka://localhost", "kafka://localhost:9092/a/1", "rabbit://localhost:9092"}) {
    const Ran ran = bench(wrong, {});
    EXPECT_EQ(ran.exit_code, 1) << wrong;
    EXPECT_NE(ran.err.find("[/PREFIX]"), std::string::npos) << ran.err;
  }
}

}  // namespace
}  // namespace kring::test
