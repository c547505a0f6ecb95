// Nodes that die or hang under load: another one takes over, and nothing that was answered is lost, doubled or reordered.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "events/base/text.h"
#include "events/log/share.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::int32_t partitions = 4;
constexpr int silence = 6;  // seconds, the least that brokers take

// What a command was answered, by whichever node, in the order in which it came.
struct Told {
  std::string status;
  std::int64_t position = 0;
};
using Answers = std::map<std::string, std::vector<Told>>;

// A node, and who talks to it.
class RunningNode {
 public:
  RunningNode(const std::string& data, const std::string& url, const std::string& name, Answers& answers)
      : process_(Kring::program(), {"--data", data, "--log", url, "node", "--name", name, "--takeover-after", concat(silence)}), answers_(answers) {}

  // None where it did not answer in time, or is dead. A later answer is noted all the same, when it comes.
  std::optional<json::Object> ask(const std::string& id, const std::string& command, milliseconds patience) {
    if (!process_.try_write(command + "\n")) return std::nullopt;
    const auto deadline = Clock::now() + patience;
    for (;;) {
      const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
      const auto line = process_.read_line_within(std::max(left, milliseconds(0)));
      if (!line) return std::nullopt;
      const auto answer = note(*line);
      if (answer.at("id").as_string() == id) return answer;
    }
  }
  // What it has still to say, until it is silent for so long.
  void listen(milliseconds patience) {
    while (const auto line = process_.read_line_within(patience)) note(*line);
  }
  Running& process() { return process_; }

 private:
  json::Object note(const std::string& line) {
    const auto answer = json::parse(line).value().as_object();
    const auto& position = answer.at("position");
    std::string status(answer.at("status").as_string());
    if (status == "duplicate") status = std::string(answer.at("first_status").as_string());
    answers_[std::string(answer.at("id").as_string())].push_back({status, position.is_null() ? 0 : position.to_number<std::int64_t>()});
    return answer;
  }

  Running process_;
  Answers& answers_;
};

class Failover : public testing::Test {
 protected:
  Failover() {
    const std::string key = directory.path() + "/shared.kek";
    for (const std::string name : {"a", "b"}) {
      std::filesystem::create_directories(data(name));
      std::ofstream(data(name) + "/kring.toml") << "key_encryption_key = '" << key << "'\n[kafka]\nallow_unreplicated = true\n";
    }
    const Ran made = kring("a", url, {"topic", "create", "--replicas", "1", "--partitions", concat(partitions)});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    programmes.resize(partitions);
    for (int i = 0; std::ranges::find(programmes, "") != programmes.end(); ++i)
      programmes[static_cast<std::size_t>(home_of({concat("p-", i)}, partitions))] = concat("p-", i);
  }

  std::string data(const std::string& name) const { return directory.path() + "/" + name; }
  Ran kring(const std::string& name, const std::string& place, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--data", data(name), "--log", place});
    return run(Kring::program(), arguments);
  }
  void start(const std::string& name) { nodes[name] = std::make_unique<RunningNode>(data(name), url, name, answers); }

  // Asks one node after the other, again and again, until one has decided it. Returns which.
  std::string decide(const std::string& id, const std::string& command, const std::string& not_this = "") {
    const auto deadline = Clock::now() + std::chrono::seconds(120);
    while (Clock::now() < deadline)
      for (const auto& [name, node] : nodes) {
        if (name == not_this) continue;
        const auto answer = node->ask(id, command, milliseconds(20'000));
        if (answer && answer->at("status").as_string() != "unknown") return name;
      }
    ADD_FAILURE() << id << " was never decided";
    return {};
  }

  std::pair<std::string, std::string> next_command(std::size_t partition) {
    const std::string id = concat("c-", ++sent);
    return {id, concat(R"({"type":"register_person","programme":")", programmes[partition], R"(","person":"x-)", sent,
                       R"(","role":"coordinator","name":"Noor Voorbeeld","id":")", id, "\"}")};
  }

  // Everybody's answers, against the log as somebody reads it who was never there.
  void check() {
    std::map<std::string, std::int64_t> lies_at;
    for (int partition = 0; partition < partitions; ++partition) {
      const Ran log = kring("a", concat(url, "/", partition), {"log"});
      ASSERT_EQ(log.exit_code, 0) << log.err;
      std::int64_t position = 0;
      for (const auto& record : log.lines()) {
        EXPECT_EQ(record.at("position").to_number<std::int64_t>(), ++position);
        EXPECT_TRUE(lies_at.emplace(std::string(record.at("command").at("id").as_string()), position).second) << "a command is in the log twice";
      }
    }
    for (const auto& [id, told] : answers)
      for (const Told& one : told) {
        if (one.status == "unknown") continue;
        EXPECT_EQ(one.status, "accepted") << id;
        EXPECT_TRUE(lies_at.contains(id) && lies_at[id] == one.position) << id << " was answered at " << one.position;
      }
    for (int partition = 0; partition < partitions; ++partition)
      for (const std::string name : {"a", "b"}) EXPECT_EQ(kring(name, concat(url, "/", partition), {"verify"}).exit_code, 0) << name << partition;
  }

  // Hurts the node that writes to a partition, in the middle of a load, and waits until another one does. Returns its name.
  std::string hurt(std::size_t partition, int signal) {
    const auto [id, command] = next_command(partition);
    const std::string writer = decide(id, command);
    std::map<std::string, std::string> under_way;  // sent to it, and perhaps not answered any more
    for (int i = 0; i < 20; ++i) under_way.insert(next_command(partition));
    for (const auto& [own_id, own] : under_way) nodes[writer]->process().try_write(own + "\n");
    nodes[writer]->process().send(signal);
    const auto begin = Clock::now();
    const auto [other_id, other] = next_command(partition);
    const std::string heir = decide(other_id, other, writer);
    EXPECT_NE(heir, writer);
    takeovers.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    for (const auto& [own_id, own] : under_way) decide(own_id, own, writer);
    return writer;
  }

  KafkaBroker& broker = KafkaBroker::shared();
  const TemporaryDirectory directory;
  const std::string url = concat("kafka://", broker.address(), "/failover-", Clock::now().time_since_epoch().count());
  std::vector<std::string> programmes;
  Answers answers;
  std::map<std::string, std::unique_ptr<RunningNode>> nodes;
  int sent = 0;
  std::vector<double> takeovers;  // seconds until another node had accepted something
};

TEST_F(Failover, NodesThatAreKilledOrStoppedLoseNothing) {
  start("a");
  for (std::size_t i = 0; i < programmes.size(); ++i)
    decide(concat("define-", i), concat(R"({"type":"define_programme","programme":")", programmes[i], R"(","title":"P","from":"2024-01-01","to":"2025-12-31","id":"define-)", i, "\"}"));
  start("b");
  for (int round = 0; round < scaled(20); ++round) {
    const auto partition = static_cast<std::size_t>(round) % programmes.size();
    const bool killed = round % 2 == 0;
    const std::string hurt_one = hurt(partition, killed ? SIGKILL : SIGSTOP);
    if (killed) {
      nodes.erase(hurt_one);
      start(hurt_one);
    } else {
      nodes[hurt_one]->process().send(SIGCONT);  // a zombie, with what it had been sent
      nodes[hurt_one]->listen(milliseconds(2000));
    }
    for (std::size_t i = 0; i < programmes.size(); ++i) {
      const auto [id, command] = next_command(i);
      decide(id, command);
    }
  }
  for (auto& [name, node] : nodes) {
    node->process().send(SIGTERM);
    node->listen(milliseconds(10'000));
  }
  nodes.clear();
  check();
  std::ranges::sort(takeovers);
  std::cout << takeovers.size() << " takeovers, until the first command was accepted: median " << takeovers[takeovers.size() / 2] << " s, longest " << takeovers.back()
            << " s; a node is thought dead after " << silence << " s\n";
}

}  // namespace
}  // namespace kring::test
