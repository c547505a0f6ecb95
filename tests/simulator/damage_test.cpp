// A bit that flips in what is made from the log: in the read models or the index of command ids. It is found, or made good,
// or of no consequence; never is anything shown or answered that the log does not say.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/json/json.h"
#include "tests/support/seeds.h"
#include "tools/simulator/checks.h"
#include "tools/simulator/clients.h"
#include "tools/simulator/failure.h"
#include "tools/simulator/log_checks.h"
#include "tools/simulator/world.h"

namespace kring::simulator {
namespace {

class FlippedBit : public testing::Test {
 protected:
  // A history without any failure; the process has closed everything.
  void live(unsigned seed) {
    trace = std::make_unique<Trace>();
    world = std::make_unique<World>(seed, *trace);
    clients = std::make_unique<Clients>(seed, *trace);
    ASSERT_TRUE(world->start());
    ASSERT_EQ(clients->run(*world), "");
    ASSERT_TRUE(clients->wishes().content());
    world->close();
    world->lose(FaultyFileSystem::Loss::process);
  }

  Answer ask(const std::string& text) {
    auto request = json::parse_command(text);
    KRING_CHECK(request.has_value());
    request->command.actor = "simulator";
    std::optional<Answer> answered;
    world->engine().submit(std::move(*request), [&](Answer answer) { answered = std::move(answer); });
    while (world->engine().step(Engine::Step::decide) || world->engine().step(Engine::Step::commit)) {}
    KRING_CHECK(answered.has_value());
    return *answered;
  }

  std::unique_ptr<Trace> trace;
  std::unique_ptr<World> world;
  std::unique_ptr<Clients> clients;
};

// Runs it in a process of its own, because Debian's RocksDB ends the process for some damage. Returns what that said.
template <class Body>
std::string apart(Body body) {
  int ends[2];
  KRING_CHECK(pipe(ends) == 0);
  const pid_t child = fork();
  KRING_CHECK(child >= 0);
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);  // the assertion's words
    const std::string said = body();
    _exit(write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string said;
  char piece[4096];
  while (const auto got = read(ends[0], piece, sizeof piece)) said.append(piece, static_cast<std::size_t>(std::max<ssize_t>(0, got)));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? "found: RocksDB has ended the process" : said;
}

TEST_F(FlippedBit, in_the_read_models_shows_nothing_that_the_log_does_not_say) {
  int found = 0;
  for (const unsigned seed : test::seeds(1000)) {
    const std::string said = apart([&]() -> std::string {
      live(seed);
      if (HasFailure()) return "the history without a failure";
      Dice dice(seed);
      const auto flip = flip_a_bit(world->disk(), dice, "data/read-models");
      if (!world->start()) return "found";
      const auto wrong = check_models(*world);  // verifies, and compares every row with those of a rebuild
      if (wrong.empty()) return "no harm";
      return wrong.find("built anew, ") == std::string::npos ? "found" : concat(flip, ": verify was content, and ", wrong);
    });
    found += said.starts_with("found");
    ASSERT_TRUE(said.starts_with("found") || said == "no harm") << "seed " << seed << ": " << said;
  }
  EXPECT_GT(found, 0);
}

TEST_F(FlippedBit, in_the_index_of_command_ids_lets_no_command_be_decided_twice) {
  for (const unsigned seed : test::seeds(1000)) {
    live(seed);
    Dice dice(seed);
    const auto flip = flip_a_bit(world->disk(), dice, "data/command-ids");
    if (!world->start()) continue;
    for (const Client& client : clients->wishes().all()) {
      if (!client.told->position) continue;
      const Answer answer = ask(client.wish.text);
      if (answer.status == AnswerStatus::unknown) break;  // found
      ASSERT_EQ(answer.status, AnswerStatus::duplicate) << "seed " << seed << ": " << flip << ": " << client.wish.text;
      ASSERT_EQ(answer.position, client.told->position) << "seed " << seed << ": " << flip;
    }
    ASSERT_EQ(check_log(*world->reader(), clients->wishes()), "") << "seed " << seed << ": " << flip;
  }
}

}  // namespace
}  // namespace kring::simulator
