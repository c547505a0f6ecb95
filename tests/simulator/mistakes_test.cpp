// Mistakes that are planted are found: so the simulator would find the like.
#include <gtest/gtest.h>

#include <cstdio>
#include <iostream>
#include <set>

#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "tests/support/seeds.h"

namespace kring::simulator {
namespace {

// What a command prints, and how it ends.
std::pair<std::string, int> output_of(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {"", -1};
  std::string text;
  char piece[4096];
  while (const auto got = fread(piece, 1, sizeof piece, pipe)) text.append(piece, got);
  return {text, pclose(pipe)};
}

// Which simulator has to find it, and from which seed on it looks.
struct Planted {
  Mistake mistake;
  std::string_view simulator;
  int first_seed;
};

constexpr std::string_view machine = "simulator", protocol = "protocol/protocol_simulator";

// The seeds are a little before the one that found it when this was written, so that nobody waits for the runs before; at
// full scale it begins with the first one. Where that seed finds it no longer, a later one has to.
constexpr Planted all_planted[] = {
    {Mistake::answer_before_sync, machine, 1},
    {Mistake::skip_tail_check, machine, 50},
    {Mistake::trust_the_cache, machine, 1},
    {Mistake::trust_the_cache_for_keys, machine, 1},
    {Mistake::unsynced_directory, machine, 1},
    {Mistake::forget_command_ids, machine, 1},
    {Mistake::keys_after_records, machine, 1},
    {Mistake::owners_not_resumed, machine, 1},
    {Mistake::snapshot_before_owners, machine, 1},
    {Mistake::offset_before_rows, machine, 1},
    {Mistake::read_models_ahead, machine, 240},
    {Mistake::trust_snapshots, machine, 2400},
    {Mistake::forget_command_ids, protocol, 1},
    {Mistake::acknowledge_before_acceptance, protocol, 1},
    {Mistake::ignore_epoch, protocol, 1},
    {Mistake::ignore_writer_id, protocol, 1},
    {Mistake::decide_before_own_claim, protocol, 1},
    {Mistake::reuse_position_after_timeout, protocol, 270},
    {Mistake::trust_any_offset, protocol, 1},
};

void PrintTo(const Planted& planted, std::ostream* out) { *out << name_of(planted.mistake); }

class PlantedMistake : public testing::TestWithParam<Planted> {};

TEST_P(PlantedMistake, is_found_within_ten_thousand_runs) {
  const Planted& planted = GetParam();
  const int first = test::scaled(10) >= 10 ? 1 : planted.first_seed;
  const auto [text, status] =
      output_of(concat(KRING_BINARY_DIR, "/tools/simulator/", planted.simulator, "_of_mistakes --mistake ", name_of(planted.mistake), " --seeds ", first, "..10000 2>&1"));
  // One that is found ends the program with 1, unless it ended it before.
  EXPECT_NE(status, 0) << "nothing was found\n" << text;
  EXPECT_TRUE(text.find("seed ") != std::string::npos || WIFSIGNALED(status) || WEXITSTATUS(status) > 128) << text;
  std::cout << text;
}

INSTANTIATE_TEST_SUITE_P(Simulator, PlantedMistake, testing::ValuesIn(all_planted), [](const auto& tested) {
  return concat(name_of(tested.param.mistake), tested.param.simulator == machine ? "" : "_in_the_protocol");
});

TEST(Mistakes, are_all_looked_for) {
  std::set<Mistake> looked_for;
  for (const Planted& planted : all_planted) looked_for.insert(planted.mistake);
  EXPECT_EQ(looked_for.size(), Names<Mistake>::names.size());
}

// The program that people run has none of it: no symbol and no text.
TEST(Mistakes, are_not_in_the_program) {
  const auto program = concat("'", KRING_BINARY_DIR, "/tools/kring/kring'");
  const auto count = [](const std::string& of) { return output_of(concat("{ nm -C ", of, "; strings -a ", of, "; } | grep -ci -e planted_mistake -e answer_before_sync -e ignore_epoch")).first; };
  EXPECT_EQ(count(program), "0\n");
  EXPECT_NE(count(concat("'", KRING_BINARY_DIR, "/tools/simulator/simulator_of_mistakes'")), "0\n") << "and it would be seen if it had";
}

}  // namespace
}  // namespace kring::simulator
