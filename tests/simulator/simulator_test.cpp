// The simulator itself, and many runs of it.
#include <gtest/gtest.h>

#include "tests/simulator/same_again.h"
#include "tests/support/seeds.h"
#include "tools/simulator/run.h"

namespace kring::simulator {
namespace {

TEST(Simulator, whatever_fails_every_answer_holds_and_the_read_models_are_what_the_log_makes_of_it) {
  std::size_t power_losses = 0, failed_operations = 0;
  for (const unsigned seed : test::seeds(3000)) {
    const Outcome outcome = run(seed);
    ASSERT_EQ(outcome.wrong, "") << "simulator --seed " << seed << " --verbose\n" << outcome.trace;
    power_losses += outcome.power_losses;
    failed_operations += outcome.failed_operations;
  }
  EXPECT_GE(power_losses, static_cast<std::size_t>(test::scaled(1000)));
  EXPECT_GE(failed_operations, static_cast<std::size_t>(test::scaled(1000)));
}

TEST(Simulator, a_seed_does_the_same_again_to_the_letter) { expect_the_same_again(run, 200); }

}  // namespace
}  // namespace kring::simulator
