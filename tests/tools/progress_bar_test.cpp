// The bar: late, seldom, and gone at the end.
#include "tools/kring/progress_bar.h"

#include <gtest/gtest.h>

#include <sstream>

namespace kring::cli {
namespace {

using namespace std::chrono_literals;

class Bar : public testing::Test {
 protected:
  ProgressBar::Clock clock() {
    return [this] { return now; };
  }
  // What was written since the last look.
  std::string written() {
    auto text = out.str();
    out.str("");
    return text;
  }
  std::ostringstream out;
  std::chrono::steady_clock::time_point now{};
};

TEST_F(Bar, is_not_drawn_over_a_pager_that_lets_the_output_wait) {
  ProgressBar bar("history", out, true, clock());
  auto print = [&](std::chrono::milliseconds wait) {
    return bar.unless_waiting([&] { return now += wait, true; });
  };
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(print(400ms));
  bar(1, 4);
  EXPECT_NE(written(), "") << "a reader that is merely slow";
  EXPECT_TRUE(print(501ms));
  EXPECT_EQ(written(), "\r\033[K");
  bar(2, 4);
  EXPECT_EQ(written(), "");
}

TEST_F(Bar, waits_for_a_second_and_then_draws_ten_times_a_second_at_most) {
  ProgressBar bar("verifying", out, true, clock());
  now += 999ms;
  bar(1, 4);
  EXPECT_EQ(written(), "");
  now += 1ms;
  bar(1, 4);
  EXPECT_EQ(written(), "\rverifying [" + std::string(10, '#') + std::string(30, ' ') + "] 25 %\033[K");
  now += 99ms;
  bar(2, 4);
  EXPECT_EQ(written(), "");
  now += 1ms;
  bar(9, 4);  // more than all is all
  EXPECT_EQ(written(), "\rverifying [" + std::string(40, '#') + "] 100 %\033[K");
}

TEST_F(Bar, counts_where_the_end_is_not_known) {
  ProgressBar bar("read models", out, true, clock());
  now += 2s;
  bar(1234, 0);
  EXPECT_EQ(written(), "\rread models 1234\033[K");
}

TEST_F(Bar, erases_itself_and_only_where_something_was_drawn) {
  {
    ProgressBar bar("a", out, true, clock());
    now += 2s;
    bar(1, 2);
    written();
  }
  EXPECT_EQ(written(), "\r\033[K");
  { ProgressBar bar("b", out, true, clock()); }
  EXPECT_EQ(written(), "");
}

TEST_F(Bar, is_not_drawn_where_there_is_no_terminal) {
  {
    ProgressBar bar("a", out, false, clock());
    now += 2s;
    bar(1, 2);
  }
  EXPECT_EQ(written(), "");
}

}  // namespace
}  // namespace kring::cli
