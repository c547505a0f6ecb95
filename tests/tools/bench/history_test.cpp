// The made-up histories of the benchmark: the same for the same seed, and of the mix that is published.
#include "tools/bench/history.h"

#include <gtest/gtest.h>

namespace kring::bench {
namespace {

std::vector<Made> all_of(const Mix& mix) {
  History history(mix);
  std::vector<Made> made;
  for (Made one; history.next(one);) made.push_back(one);
  EXPECT_EQ(made.size(), history.size());
  return made;
}

TEST(BenchHistory, is_the_same_for_the_same_seed_and_another_for_another) {
  auto first = all_of({7, 2, 600, 300}), again = all_of({7, 2, 600, 300}), other = all_of({8, 2, 600, 300});
  ASSERT_EQ(first.size(), 1500u);
  ASSERT_EQ(again.size(), 1500u);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].at, again[i].at);
    EXPECT_EQ(first[i].decision, again[i].decision);
  }
  EXPECT_NE(first[700].decision, other[700].decision);
}

TEST(BenchHistory, refuses_some_commands_and_at_most_a_fifth) {
  for (std::uint64_t seed : {1u, 2u, 3u}) {
    History history(mix_of(12'000, seed));
    for (Made made; history.next(made);) {
    }
    auto shares = history.shares();
    double rejected = shares.at("rejected").to_number<double>();
    EXPECT_GT(rejected, 0.02) << json::to_text(shares);
    EXPECT_LT(rejected, 0.2) << json::to_text(shares);
  }
}

TEST(BenchHistory, has_every_kind_of_command_that_a_programme_lives_by) {
  History history({1, 1, 5000, 0});
  for (Made made; history.next(made);) {
  }
  auto shares = history.shares();
  const auto& commands = shares.at("commands").as_object();
  for (const char* type : {"enrol", "withdraw", "transfer_seat", "substitute", "record_attendance", "move_session", "cancel_session", "assign_venue",
                           "release_schedule", "register_person", "change_person", "set_agenda", "invite_area", "decline_invitation", "set_policy"})
    EXPECT_TRUE(commands.contains(type)) << type;
}

TEST(BenchHistory, gives_a_fifth_of_all_commands_to_one_theme) {
  auto made = all_of(mix_of(20'000, 1));
  auto hot = std::ranges::count_if(made, [](const Made& one) { return one.decision.command.programme.text == "hot"; });
  EXPECT_EQ(hot, 4000);
  auto times_are_in_order = [&](const ProgrammeId& programme) {
    Instant last{};
    for (const Made& one : made) {
      if (one.decision.command.programme != programme) continue;
      if (one.at < last) return false;
      last = one.at;
    }
    return true;
  };
  EXPECT_TRUE(times_are_in_order({"hot"}));
  EXPECT_TRUE(times_are_in_order({"programme-0"}));
}

}  // namespace
}  // namespace kring::bench
