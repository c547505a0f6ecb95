// One broker that is killed, frozen and restarted, again and again, under load: what was answered is in the log, once, where
// the answer says, for whoever reads it.
#include <gtest/gtest.h>

#include <iostream>
#include <thread>

#include "events/base/dice.h"
#include "events/base/text.h"
#include "events/log/kafka/broker_partition.h"
#include "tests/faults/load.h"
#include "tests/faults/place.h"
#include "tests/support/kafka_broker.h"

namespace kring::test {
namespace {

constexpr std::size_t in_flight = 32;
constexpr auto frozen_for = std::chrono::seconds(12);  // longer than a question may take, shorter than a delivery may

void strike(KafkaBroker& broker, int round) {
  switch (round % 3) {
    case 0:
      broker.kill();
      return broker.start();
    case 1:
      broker.freeze();
      std::this_thread::sleep_for(frozen_for);  // the fault itself
      return broker.thaw();
    default:
      broker.stop();
      return broker.start();
  }
}

class ABroker : public testing::TestWithParam<bool> {};

TEST_P(ABroker, may_be_killed_and_frozen_and_restarted_under_load) {
  KafkaBroker broker;
  const std::string topic = broker.make_topic();
  const Place place(concat("kafka://", broker.address(), "/", topic), by_offsets(GetParam()));
  ASSERT_EQ(place({"submit"}, programme_line).exit_code, 0);
  Clients clients;
  Witness witness(broker.options(topic));
  Dice dice(1);
  Load load(clients, place.arguments({"submit"}), in_flight);
  const int rounds = scaled(30);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE(concat("round ", round));
    clients.wait_for(1 + dice.below(500));  // it works; the fault comes at any moment of that
    strike(broker, round);
    clients.wait_for(2 * in_flight);  // it works again
    witness.check(clients);
  }
  load.finish();
  witness.check(clients);
  EXPECT_EQ(clients.answered().size() + 1, witness.ids().size()) << "the programme, and what was asked for";
  expect_same_elsewhere(place, witness.ids());
  std::cout << "faults: " << rounds << ", commands: " << clients.answered().size() << ", unknown: " << clients.unknown()
            << ", runs: " << load.counts().runs << ", ended in doubt: " << load.counts().in_doubt << ", not started: " << load.counts().refused
            << ", void: " << witness.statistics().voided() << std::endl;
}

// Whatever a broker that has the connection and says nothing is asked for, it is not waited for longer than was said.
TEST(AFrozenBroker, is_not_waited_for_for_ever) {
  KafkaBroker broker;
  auto options = broker.options(broker.make_topic());
  options.answer_within = options.deliver_within = std::chrono::seconds(3);
  const auto log = make_kafka_log(options), other = make_kafka_log(options);
  const auto reader = make_kafka_reader(options);
  const Draft draft{Instant{1}, "body"};
  ASSERT_TRUE(log->claim());
  ASSERT_TRUE(log->append({&draft, 1}, 0));
  ASSERT_TRUE(reader->read({}, [](const LogEntry&) { return true; }));
  broker.freeze();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(reader->read({}, [](const LogEntry&) { return true; }).error().code, "log_unreachable");
  EXPECT_EQ(log->append({&draft, 1}, 1).error().code, "outcome_unknown");
  EXPECT_EQ(other->claim().error().code, "log_unreachable");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  broker.thaw();
}

// What lies behind everything that was read, on the connection through which it was read, may be believed; so each loss counts.
TEST(ABrokerThatRestarts, counts_as_an_interruption_for_one_that_only_sends) {
  KafkaBroker broker;
  const auto partition = kafka::make_broker_partition(broker.options(broker.make_topic()));
  ASSERT_TRUE(partition->open());
  const std::vector<Bytes> frames(3, "frame");
  const auto send = [&] {
    ASSERT_TRUE(partition->send(frames));
    const auto deliveries = partition->delivered();
    ASSERT_TRUE(deliveries);
    for (const auto& delivery : *deliveries) EXPECT_EQ(delivery.outcome, kafka::Delivery::Outcome::stored) << delivery.why;
  };
  send();
  const auto before = partition->interruptions();
  send();
  EXPECT_EQ(partition->interruptions(), before);
  broker.kill();
  broker.start();
  send();
  EXPECT_GT(partition->interruptions(), before);
  EXPECT_EQ(partition->watermarks().value().high, 9u);
}

INSTANTIATE_TEST_SUITE_P(AnswersReadBackAndByOffsets, ABroker, testing::Bool(), [](const auto& param) { return param.param ? "by_offsets" : "read_back"; });

}  // namespace
}  // namespace kring::test
