// Seeds of random tests: `full` of them times KRING_TEST_SCALE, from KRING_TEST_SEED (default 1) on. A failure names its seed;
// KRING_TEST_SEED=that KRING_TEST_SCALE=0 runs it alone.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <vector>

namespace kring::test {

// KRING_TEST_SCALE times `full`, at least 1. The default scale is a tenth.
inline int scaled(int full) {
  const char* scale = std::getenv("KRING_TEST_SCALE");
  return std::max(1, static_cast<int>(full * (scale ? std::atof(scale) : 0.1)));
}

inline std::vector<unsigned> seeds(int full) {
  const char* first = std::getenv("KRING_TEST_SEED");
  std::vector<unsigned> all(static_cast<std::size_t>(scaled(full)));
  std::iota(all.begin(), all.end(), first ? static_cast<unsigned>(std::atoi(first)) : 1u);
  return all;
}

}  // namespace kring::test
