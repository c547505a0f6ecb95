// A process that is frozen while it works, and wakes up when another one has taken over: what it sends then is void for
// everybody, and it promises nothing that is not so.
#include <gtest/gtest.h>
#include <signal.h>

#include <iostream>

#include "events/base/dice.h"
#include "events/base/text.h"
#include "tests/faults/load.h"
#include "tests/faults/place.h"
#include "tests/support/kafka_broker.h"

namespace kring::test {
namespace {

class AFrozenProcess : public testing::TestWithParam<bool> {};

TEST_P(AFrozenProcess, wakes_up_after_another_one_and_harms_nothing) {
  KafkaBroker& broker = KafkaBroker::shared();
  const std::string topic = broker.make_topic();
  const std::string url = concat("kafka://", broker.address(), "/", topic);
  const Place one(url, by_offsets(GetParam()));
  ASSERT_EQ(one({"submit"}, programme_line).exit_code, 0);
  const Place other = one;
  Clients clients;
  Witness witness(broker.options(topic));
  const int rounds = scaled(50);
  std::size_t in_doubt = 0;
  Dice dice(1);
  auto old = std::make_unique<Submitting>(clients, one.arguments({"submit"}), 64);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE(concat("round ", round));
    clients.wait_for(1 + dice.below(300));
    old->send(SIGSTOP);
    // Some clients have waited long enough, and turn to the new one.
    if (dice.chance(50)) clients.again(old->in_hand());
    const Place& next = round % 2 == 0 ? other : one;
    auto young = std::make_unique<Submitting>(clients, next.arguments({"submit"}), 1 + dice.below(64));
    clients.wait_for(1 + dice.below(100));
    old->send(SIGCONT);
    // It finds out with its next command, or had all answers in hand when it was frozen.
    in_doubt += old->finish().exit_code == 2;
    clients.wait_for(1);
    witness.check(clients);
    old = std::move(young);
  }
  clients.close();
  EXPECT_EQ(old->finish().exit_code, 0);
  Load rest(clients, one.arguments({"submit"}), 8);
  rest.finish();
  witness.check(clients);
  EXPECT_EQ(clients.answered().size() + 1, witness.ids().size());
  expect_same_elsewhere(one, witness.ids());
  std::cout << "freezes: " << rounds << ", commands: " << clients.answered().size() << ", unknown: " << clients.unknown() << ", ended in doubt: " << in_doubt
            << ", void: " << witness.statistics().voided() << std::endl;
}

INSTANTIATE_TEST_SUITE_P(AnswersReadBackAndByOffsets, AFrozenProcess, testing::Bool(), [](const auto& param) { return param.param ? "by_offsets" : "read_back"; });

}  // namespace
}  // namespace kring::test
