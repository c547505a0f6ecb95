// Laws of the read models: however they came about, they are what the log makes of it.
#include <sstream>

#include "tests/support/models.h"
#include "tests/support/seeds.h"

namespace kring::test {
namespace {

using ModelLaws = Models;

TEST_F(ModelLaws, a_rebuild_equals_what_was_built_step_by_step) {
  for (unsigned seed : seeds(50)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    store = std::make_shared<MemoryStore>();
    auto incremental = open(directory + "/" + std::to_string(seed));
    for (int part = 0; part < 5; ++part) {
      ASSERT_GT(decide(store, random_commands(seed, 150, part * 1000)), 20u);
      catch_up(*incremental);
    }
    auto before = everything(*incremental);
    auto reader = open_memory_reader(store);
    ASSERT_TRUE(Projector(*incremental, *reader).rebuild({Model::directory, Model::theme_roster, Model::venue_assignments, Model::history}));
    ASSERT_EQ(everything(*incremental), before);
    ASSERT_TRUE(verify(*incremental));
  }
}

// Without forgetting: a name that was known then is not shown to those who ask since.
std::string without_forgetting(const std::string& commands) {
  std::istringstream lines(commands);
  std::string kept;
  for (std::string line; std::getline(lines, line);)
    if (line.find("forget_person") == std::string::npos) kept += line + "\n";
  return kept;
}

// The first `cut` records, in a store of their own.
std::shared_ptr<MemoryStore> shorter(LogReader& reader, Position cut) {
  auto store = std::make_shared<MemoryStore>();
  auto log = open_memory_log(store);
  std::vector<Draft> drafts;
  EXPECT_TRUE(log->claim());
  EXPECT_TRUE(reader.read({}, [&](const LogEntry& entry) {
    drafts.push_back({entry.recorded_at, Bytes(entry.body)});
    return entry.position < cut;
  }));
  EXPECT_TRUE(log->append(drafts, 0));
  return store;
}

TEST_F(ModelLaws, as_of_any_position_equals_models_that_know_no_more) {
  for (unsigned seed : seeds(30)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    store = std::make_shared<MemoryStore>();
    ASSERT_GT(decide(store, without_forgetting(random_commands(seed, 160))), 20u);
    auto whole = open(directory + "/whole" + std::to_string(seed));
    catch_up(*whole);
    auto reader = open_memory_reader(store);
    Position head = whole->progress()[0].position;
    for (Position cut : {Position{1}, Position{27 + seed % 7}, head / 2, head - 20, head - 1}) {
      auto part = open(directory + "/part" + std::to_string(seed) + "-" + std::to_string(cut));
      auto cut_reader = open_memory_reader(shorter(*reader, cut));
      ASSERT_TRUE(Projector(*part, *cut_reader).catch_up());
      ASSERT_EQ(reads(*whole, cut), reads(*part, cut)) << cut;
    }
  }
}

}  // namespace
}  // namespace kring::test
