// A run can be made again: the same seed, the same trace.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/seeds.h"

namespace kring::simulator {

template <class Run>
void expect_the_same_again(Run run, int seeds) {
  for (const unsigned seed : test::seeds(seeds)) {
    const auto first = run(seed), second = run(seed);
    ASSERT_EQ(first.trace, second.trace) << seed;
    ASSERT_GT(first.trace.size(), 1000u);
  }
}

}  // namespace kring::simulator
