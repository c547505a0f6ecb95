// Nodes that share the partitions of a topic, as people run them.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "events/base/text.h"
#include "events/log/share.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

constexpr std::int32_t partitions = 3;

// A topic of its own.
std::string new_topic(KafkaBroker& broker) {
  static int number = 0;
  return concat("kafka://", broker.address(), "/node-", std::chrono::steady_clock::now().time_since_epoch().count(), "-", ++number);
}

Ran kring(const std::string& data, const std::string& url, std::vector<std::string> arguments, const std::string& input = "") {
  arguments.insert(arguments.begin(), {"--data", data, "--log", url});
  return run(Kring::program(), arguments, input);
}

void prepare(const std::string& data) {
  std::filesystem::create_directories(data);
  std::ofstream(data + "/kring.toml") << "[kafka]\nallow_unreplicated = true\n";
}

void make_topic(const std::string& data, const std::string& url) {
  const Ran made = kring(data, url, {"topic", "create", "--replicas", "1", "--partitions", concat(partitions)});
  ASSERT_EQ(made.exit_code, 0) << made.err;
}

class RunningNode {
 public:
  RunningNode(const std::string& data, const std::string& url, const std::string& name)
      : node_(Kring::program(), {"--data", data, "--log", url, "node", "--name", name, "--takeover-after", "6"}) {}

  json::Object ask(const std::string& command) const {
    node_.write(command + "\n");
    const auto answer = json::parse(node_.read_line());
    return answer ? answer->as_object() : json::Object{};
  }
  // Sends it again while another node writes, or this one has not claimed yet.
  json::Object ask_until_decided(const std::string& command) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
      json::Object answer = ask(command);
      if (answer.at("status").as_string() != "unknown") return answer;
      EXPECT_EQ(answer.at("error").at("code").as_string(), "not_here");
      if (std::chrono::steady_clock::now() > deadline) return answer;
    }
  }
  Running& process() { return node_; }
  ~RunningNode() {
    if (node_.is_alive()) node_.send(SIGKILL);  // a test that failed half way; a node goes on at the end of its input
  }
  Ran end() {
    node_.send(SIGTERM);
    return node_.finish();
  }

 private:
  Running node_;
};

std::string define(const std::string& programme) {
  return concat(R"({"type":"define_programme","programme":")", programme, R"(","title":"P","from":"2024-01-01","to":"2025-12-31","id":"define"})");
}
std::string add_person(const std::string& programme, const std::string& person) {
  return concat(R"({"type":"register_person","programme":")", programme, R"(","person":")", person, R"(","role":"coordinator","name":"Noor Voorbeeld","id":"person-)", person, "\"}");
}

// A programme for each partition.
std::vector<std::string> one_for_each_partition() {
  std::vector<std::string> programmes(partitions);
  for (int i = 0; std::ranges::find(programmes, "") != programmes.end(); ++i)
    programmes[static_cast<std::size_t>(home_of({concat("p-", i)}, partitions))] = concat("p-", i);
  return programmes;
}

TEST(Nodes, TakeCommandsForAllPartitionsAndKeepTheirReadModelsWarm) {
  auto& broker = KafkaBroker::shared();
  const TemporaryDirectory directory;
  const std::string data = directory.path() + "/a", url = new_topic(broker);
  prepare(data);
  make_topic(data, url);
  const auto programmes = one_for_each_partition();
  {
    RunningNode node(data, url, "a");
    for (const std::string& programme : programmes) EXPECT_EQ(node.ask_until_decided(define(programme)).at("position").to_number<int>(), 1);
    for (int i = 0; i < partitions; ++i) {
      const std::string& programme = programmes[static_cast<std::size_t>(i)];
      EXPECT_EQ(node.ask(add_person(programme, "x-1")).at("position").to_number<int>(), 2);
      const Ran person = kring(data, concat(url, "/", i), {"person", "x-1", "--min-position", "2"});
      ASSERT_EQ(person.exit_code, 0) << person.err;
      EXPECT_EQ(person.object().at("name").as_string(), "Noor Voorbeeld");
      EXPECT_EQ(person.object().at("position").to_number<int>(), 2);
    }
    const auto nowhere = node.ask(R"({"type":"add_theme","theme":"t","title":"T"})");
    EXPECT_EQ(nowhere.at("status").as_string(), "invalid");
    EXPECT_EQ(nowhere.at("error").at("member").as_string(), "programme");
    EXPECT_EQ(node.ask(R"({"type":"add_theme","programme":"unheard-of","theme":"t","title":"T"})").at("rejection").at("code").as_string(), "unknown_programme");
    EXPECT_EQ(node.ask("no json").at("line").to_number<int>() > 0, true);
    // Its directory has one process, and one node.
    const Ran second = kring(data, url, {"node"});
    EXPECT_EQ(second.exit_code, 2);
    EXPECT_NE(second.err.find("process "), std::string::npos) << second.err;
    EXPECT_EQ(kring(data, concat(url, "/1"), {"submit"}, add_person(programmes[1], "x-9")).exit_code, 2);
    const Ran ended = node.end();
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
  }
  RunningNode again(data, url, "a");
  for (const std::string& programme : programmes) {
    const auto answer = again.ask_until_decided(add_person(programme, "x-1"));
    EXPECT_EQ(answer.at("status").as_string(), "duplicate");
    EXPECT_EQ(answer.at("position").to_number<int>(), 2);
  }
  EXPECT_EQ(again.end().exit_code, 0);
  for (int i = 0; i < partitions; ++i) EXPECT_EQ(kring(data, concat(url, "/", i), {"verify"}).exit_code, 0);
  // Without a node a command still has to go to the right place.
  const Ran elsewhere = kring(data, concat(url, "/", (home_of({"new"}, partitions) + 1) % partitions), {"submit"}, define("new"));
  EXPECT_EQ(elsewhere.exit_code, 3);
  EXPECT_EQ(elsewhere.lines().at(0).at("rejection").at("code").as_string(), "wrong_log");
  const Ran wrong_place = kring(data, concat(url, "/0"), {"programme", "--programme", programmes[2]});
  EXPECT_EQ(wrong_place.exit_code, 3);
  EXPECT_NE(wrong_place.err.find(url.substr(url.rfind('/')) + "/2"), std::string::npos) << wrong_place.err;
}

TEST(Nodes, NeverMakeAKeyEncryptionKeyOfTheirOwnWhereSeveralPartitionsShareOne) {
  auto& broker = KafkaBroker::shared();
  const TemporaryDirectory directory;
  const std::string data = directory.path() + "/a", other = directory.path() + "/b", url = new_topic(broker);
  prepare(data);
  prepare(other);
  make_topic(data, url);
  EXPECT_TRUE(std::filesystem::exists(data + ".kek")) << "whoever makes the topic makes it";
  const Ran refused = kring(other, url + "/1", {"submit"}, define(one_for_each_partition()[1]));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("kring topic create"), std::string::npos) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(other + ".kek"));
  std::filesystem::copy_file(data + ".kek", other + ".kek");
  EXPECT_EQ(kring(other, url + "/1", {"submit"}, define(one_for_each_partition()[1])).exit_code, 0);
}

// What an engine alone may say, a node does not say from what it has happened to see.
TEST(Nodes, DecideCommandsThatNameNoProgrammeInTheOneLogThatThereIs) {
  auto& broker = KafkaBroker::shared();
  const TemporaryDirectory directory;
  const std::string data = directory.path() + "/a", url = new_topic(broker);
  prepare(data);
  ASSERT_EQ(kring(data, url, {"topic", "create", "--replicas", "1"}).exit_code, 0);
  RunningNode node(data, url, "a");
  EXPECT_EQ(node.ask_until_decided(define("first")).at("position").to_number<int>(), 1);
  node.process().write(concat(define("second"), "\n", R"({"type":"register_area","area":"a","name":"A","municipality":"M","id":"x"})", "\n"));
  EXPECT_NE(node.process().read_line().find("accepted"), std::string::npos);
  EXPECT_NE(node.process().read_line().find("'programme' is required"), std::string::npos) << "the log holds two by then";
  EXPECT_EQ(node.end().exit_code, 0);
}

TEST(Nodes, GoOnAtTheEndOfTheInputAndEndWhenToldTo) {
  auto& broker = KafkaBroker::shared();
  const TemporaryDirectory directory;
  const std::string data = directory.path() + "/a", url = new_topic(broker);
  prepare(data);
  make_topic(data, url);
  Running node(Kring::program(), {"--data", data, "--log", url, "node"});
  node.write(define("p-1") + "\n");
  for (std::string line = node.read_line(); line.find("accepted") == std::string::npos; line = node.read_line()) node.write(define("p-1") + "\n");
  node.close_input();
  EXPECT_EQ(kring(data, concat(url, "/", home_of({"p-1"}, partitions)), {"programme", "--min-position", "1"}).exit_code, 0);
  EXPECT_TRUE(node.is_alive());
  node.send(SIGINT);
  EXPECT_EQ(node.finish().exit_code, 0);

  const Ran embedded = run(Kring::program(), {"--data", data, "node"});
  EXPECT_EQ(embedded.exit_code, 1);
  EXPECT_NE(embedded.err.find("kafka://"), std::string::npos) << embedded.err;
  EXPECT_EQ(kring(data, url + "/1", {"node"}).exit_code, 1);
  EXPECT_EQ(kring(data, concat("kafka://", broker.address(), "/no-such-topic"), {"node"}).exit_code, 2);
}

}  // namespace
}  // namespace kring::test
