// Laws of the engine on a log: restarts and retries change nothing.
#include <gtest/gtest.h>

#include <sstream>

#include "events/base/check.h"
#include "tests/support/history.h"
#include "tests/support/seeds.h"

namespace kring::test {
namespace {

// What stands in the log, but for the hashes: those hold a history id, which is random.
std::vector<Bytes> bodies(const std::shared_ptr<MemoryStore>& store) {
  std::vector<Bytes> all;
  auto reader = open_memory_reader(store);
  KRING_CHECK(reader->read({}, [&](const LogEntry& entry) {
    all.emplace_back(entry.body);
    return true;
  }).has_value());
  return all;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line + "\n");
  return lines;
}

TEST(LogLaws, restarts_at_any_place_record_the_same) {
  for (unsigned seed : seeds(50)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    auto commands = lines_of(random_commands(seed, 150));
    auto in_one_go = std::make_shared<MemoryStore>(), in_pieces = std::make_shared<MemoryStore>();
    std::string all, piece;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      all += commands[i];
      piece += commands[i];
      if ((i * 7 + seed) % 19 != 0 && i + 1 < commands.size()) continue;
      decide(in_pieces, piece);  // an engine of its own
      piece.clear();
    }
    decide(in_one_go, all);
    ASSERT_EQ(bodies(in_pieces), bodies(in_one_go));
  }
}

TEST(LogLaws, what_is_sent_again_is_answered_and_recorded_once) {
  for (unsigned seed : seeds(50)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    auto commands = lines_of(random_commands(seed, 150));
    auto once = std::make_shared<MemoryStore>(), twice = std::make_shared<MemoryStore>();
    std::string all, doubled;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      all += commands[i];
      doubled += commands[i] + commands[(i * 13 + seed) % (i + 1)];  // and an earlier one, or itself
    }
    decide(once, all);
    decide(twice, doubled);
    ASSERT_EQ(bodies(twice), bodies(once));
    decide(twice, all);  // all of it again, to a new engine
    ASSERT_EQ(bodies(twice), bodies(once));
  }
}

}  // namespace
}  // namespace kring::test
