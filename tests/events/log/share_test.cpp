// Where programmes are defined: for ever the same, or a programme would be defined twice.
#include "events/log/share.h"

#include <gtest/gtest.h>

#include <vector>

namespace kring {
namespace {

TEST(Shares, the_home_of_a_programme_is_what_the_sha_256_of_its_id_says) {
  // hashlib.sha256(id).digest()[:8], big-endian, modulo
  const auto homes = [](const char* id) { return std::vector{home_of({id}, 1), home_of({id}, 2), home_of({id}, 4), home_of({id}, 6), home_of({id}, 12)}; };
  EXPECT_EQ(homes("leerkringen"), (std::vector{0, 1, 1, 1, 1}));
  EXPECT_EQ(homes("a"), (std::vector{0, 0, 2, 4, 10}));
  EXPECT_EQ(homes("2025"), (std::vector{0, 1, 1, 3, 9}));
}

}  // namespace
}  // namespace kring
