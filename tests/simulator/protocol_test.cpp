// The simulator of the protocol on Kafka, and many runs of it.
#include <gtest/gtest.h>

#include "tests/simulator/same_again.h"
#include "tests/support/seeds.h"
#include "tools/simulator/protocol/run.h"

namespace kring::simulator::protocol {
namespace {

TEST(Protocol, whatever_the_broker_does_and_whoever_wakes_up_every_answer_holds_and_all_readers_agree) {
  std::size_t freezes = 0, crashes = 0, overtaken = 0, voided = 0;
  for (const unsigned seed : test::seeds(20'000)) {
    const Outcome outcome = run(seed);
    ASSERT_EQ(outcome.wrong, "") << "protocol_simulator --seed " << seed << " --verbose\n" << outcome.trace;
    freezes += outcome.happenings.freezes;
    crashes += outcome.crashes;
    overtaken += outcome.takings.given_up;
    voided += outcome.voided;
  }
  const auto least = static_cast<std::size_t>(test::scaled(20'000));
  EXPECT_GE(freezes, least);
  EXPECT_GE(crashes, least);
  EXPECT_GE(overtaken, least);
  EXPECT_GE(voided, least);
}

TEST(Protocol, a_seed_does_the_same_again_to_the_letter) { expect_the_same_again(run, 500); }

}  // namespace
}  // namespace kring::simulator::protocol
