// What somebody may have meant who typed something unknown.
#include "events/base/similar.h"

#include <gtest/gtest.h>

#include <vector>

namespace kring {
namespace {

TEST(EditDistance, counts_what_is_put_in_left_out_replaced_and_swapped) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("roster", "roster"), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("rooster", "roster"), 1u);
  EXPECT_EQ(edit_distance("rster", "roster"), 1u);
  EXPECT_EQ(edit_distance("raster", "roster"), 1u);
  EXPECT_EQ(edit_distance("orster", "roster"), 1u);
  EXPECT_EQ(edit_distance("retsor", "roster"), 3u);
}

const std::vector<std::string> themes{"armoede-en-schulden", "integrale-aanpak", "ontwikkeling-jonge-kind", "re-integratie", "veerkracht-en-weerbaarheid"};

TEST(DidYouMean, names_the_nearest_word) {
  EXPECT_EQ(did_you_mean("armoede-en-schuld", themes), "; did you mean 'armoede-en-schulden'?");
  EXPECT_EQ(did_you_mean("reintegratie", themes), "; did you mean 're-integratie'?");
  EXPECT_EQ(did_you_mean("histroy", std::vector<std::string>{"roster", "history"}), "; did you mean 'history'?");
}

TEST(DidYouMean, completes_a_word_that_only_one_begins_with) {
  EXPECT_EQ(did_you_mean("veerkracht", themes), "; did you mean 'veerkracht-en-weerbaarheid'?");
  EXPECT_EQ(did_you_mean("ses", std::vector<std::string>{"session", "sessions"}), "");
}

TEST(DidYouMean, is_silent_where_nothing_is_near) {
  EXPECT_EQ(did_you_mean("bijen", themes), "");
  EXPECT_EQ(did_you_mean("", themes), "");
  EXPECT_EQ(did_you_mean("xy", std::vector<std::string>{"ab", "x-long-word"}), "");
  EXPECT_EQ(did_you_mean("roster", std::vector<std::string>{}), "");
}

TEST(DidYouMean, names_the_first_of_equally_near_words) {
  EXPECT_EQ(did_you_mean("area-x", std::vector<std::string>{"area-1", "area-2"}), "; did you mean 'area-1'?");
}

}  // namespace
}  // namespace kring
