// Three brokers, and a topic as it should be: the loss of one is no more than a pause, the loss of two stops everything, and
// nothing that was answered is lost.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <iostream>

#include "events/base/dice.h"
#include "events/base/text.h"
#include "events/log/kafka/client.h"
#include "events/log/kafka/topic.h"
#include "tests/faults/load.h"
#include "tests/faults/place.h"
#include "tests/support/kafka_broker.h"

namespace kring::test {
namespace {

constexpr std::size_t in_flight = 32;

std::string area(const std::string& id) {
  return concat(R"({"type":"register_area","area":")", id, R"(","name":"Zuid","municipality":"Heerlen","id":")", id, "\"}\n");
}

class Trial {
 public:
  explicit Trial(bool offsets) : by_offsets_(offsets) {
    options = broker.options(topic);
    options.allow_unreplicated = false;
    const Ran made = place({"topic", "create"});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    EXPECT_EQ(place({"submit"}, programme_line).exit_code, 0);
  }
  void run();

 private:
  // Under load.
  void lose_the_leader() {
    const int leader = broker.leader_of(topic);
    clients.wait_for(1 + dice.below(500));
    broker.kill(leader);
    clients.wait_for(10 * in_flight);
    EXPECT_NE(broker.leader_of(topic), leader);
    broker.start();
    clients.wait_for(1);
  }

  void kill_two() {
    const int leader = broker.leader_of(topic);
    broker.kill(leader);
    broker.kill(leader % 3 + 1);
  }

  void expect_not_now() {
    for (const auto& command : {std::vector<std::string>{"submit"}, {"log"}}) {
      const Ran ran = elsewhere(command, area("not-now"));
      EXPECT_EQ(ran.exit_code, 2);
      EXPECT_EQ(ran.out, "");
      EXPECT_NE(ran.err.find("does not answer"), std::string::npos) << ran.err;
    }
  }

  // Under load.
  void lose_two() {
    clients.wait_for(1 + dice.below(500));
    const std::size_t unknown = clients.unknown();
    kill_two();
    clients.wait_for_unknown(unknown + 1);
    expect_not_now();
    broker.start();
    clients.wait_for(10 * in_flight);
  }

  // What people see who type one command after the other.
  void be_there_all_the_time(int round) {
    const auto id = [&](int n) { return concat("r-", round, "-", n); };
    Running kring(Kring::program(), place.arguments({"submit"}));
    kring.write(area(id(1)));
    EXPECT_NE(kring.read_line().find("accepted"), std::string::npos);
    kill_two();
    kring.write(area(id(2)));
    EXPECT_NE(kring.read_line().find("unknown"), std::string::npos);
    expect_not_now();
    broker.start();
    kring.write(area(id(3)));
    EXPECT_NE(kring.read_line().find("unknown"), std::string::npos) << "from then on it knows nothing for certain";
    const Ran ended = kring.finish();
    EXPECT_EQ(ended.exit_code, 2) << ended.err;
    const Ran again = place({"submit"}, area(id(1)) + area(id(2)) + area(id(3)));
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(again.lines().at(0).at("status").as_string(), "duplicate");
    EXPECT_EQ(again.lines().at(2).at("status").as_string(), "accepted") << "it was never sent";
    others += 3;
  }

  const bool by_offsets_;
  KafkaBroker broker{3};
  const std::string topic = "log";
  const std::string url = concat("kafka://", broker.address(), "/", topic);
  const Place place{url, concat("answer_within = 4\ndeliver_within = 6\nanswer_by_offsets = ", by_offsets_ ? "true\n" : "false\n")};
  const Place elsewhere{url, "answer_within = 2\n"};
  KafkaOptions options;
  Clients clients;
  std::size_t others = 1;  // records that no client asked for
  Dice dice{1};
};

void Trial::run() {
  Witness witness(options);
  const int rounds = scaled(5);
  Load::Counts counts;
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(concat("round ", round));
    {
      Load load(clients, place.arguments({"submit"}), in_flight);
      lose_the_leader();
      witness.check(clients);
      lose_two();
      load.finish();
      counts.runs += load.counts().runs;
      counts.in_doubt += load.counts().in_doubt;
      counts.refused += load.counts().refused;
    }
    be_there_all_the_time(round);
    witness.check(clients);
    clients.open();
  }
  EXPECT_EQ(clients.answered().size() + others, witness.ids().size());
  expect_same_elsewhere(elsewhere, witness.ids());
  std::cout << "rounds: " << rounds << ", commands: " << clients.answered().size() << ", unknown: " << clients.unknown() << ", runs: " << counts.runs
            << ", ended in doubt: " << counts.in_doubt << ", not started: " << counts.refused << ", void: " << witness.statistics().voided() << std::endl;
}

class ThreeBrokers : public testing::TestWithParam<bool> {};

TEST_P(ThreeBrokers, lose_one_and_two_of_them_and_nothing_else) {
  // What brokers do is the same in both modes, and one broker that fails is tried in both.
  if (const bool every_mode = scaled(10) > 1; !every_mode && !GetParam()) GTEST_SKIP() << "only at a larger KRING_TEST_SCALE";
  Trial(GetParam()).run();
}

// A client that knows one broker, and is connected to it.
class OneBroker {
 public:
  explicit OneBroker(const KafkaOptions& options) : client_(kafka::Client::make(kafka::Client::Role::consumer, options, {}).value()) { knows("no-topic"); }

  bool knows(const std::string& topic) const {
    const std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> name(rd_kafka_topic_new(client_->handle(), topic.c_str(), nullptr), rd_kafka_topic_destroy);
    const rd_kafka_metadata_t* metadata = nullptr;
    if (rd_kafka_metadata(client_->handle(), 0, name.get(), &metadata, 60'000) != RD_KAFKA_RESP_ERR_NO_ERROR) return false;
    const auto& found = metadata->topics[0];
    bool complete = found.err == RD_KAFKA_RESP_ERR_NO_ERROR && found.partition_cnt > 0;
    for (int i = 0; i < found.partition_cnt; ++i) complete = complete && found.partitions[i].leader >= 0;
    rd_kafka_metadata_destroy(metadata);
    return complete;
  }

 private:
  std::unique_ptr<kafka::Client> client_;
};

// Whichever broker is asked first by whoever uses it.
TEST(ANewTopic, is_known_to_each_broker_when_it_is_made) {
  KafkaBroker broker(3);
  std::vector<OneBroker> each;
  for (std::size_t begin = 0; begin < broker.address().size();) {
    const auto end = std::min(broker.address().find(',', begin), broker.address().size());
    KafkaOptions one = broker.options("");
    one.brokers = broker.address().substr(begin, end - begin);
    each.emplace_back(one);
    begin = end + 1;
  }
  ASSERT_EQ(each.size(), 3u);
  for (int i = 0; i < scaled(100); ++i) {
    const KafkaOptions options = broker.options(concat("new-", i));
    const auto made = create_topics(options, 10, 3);
    ASSERT_TRUE(made) << made.error().message;
    for (const OneBroker& one : each)
      for (const std::string& topic : {key_topic_name(options.topic), options.topic}) EXPECT_TRUE(one.knows(topic)) << topic;
  }
}

INSTANTIATE_TEST_SUITE_P(AnswersReadBackAndByOffsets, ThreeBrokers, testing::Bool(), [](const auto& param) { return param.param ? "by_offsets" : "read_back"; });

}  // namespace
}  // namespace kring::test
