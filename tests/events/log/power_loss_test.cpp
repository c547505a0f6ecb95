// The log on a disk that fails: whatever fails and whenever, what was appended is there afterwards, and nothing else than
// what somebody wanted to append.
#include <gtest/gtest.h>

#include "events/filesystem/faulty_filesystem.h"
#include "tests/events/log/support.h"
#include "tests/support/seeds.h"

namespace kring::testing {
namespace {

using Operation = FaultyFileSystem::Operation;
using Loss = FaultyFileSystem::Loss;

// A log that is opened again and again, each time as by a new process.
class Life {
 public:
  explicit Life(unsigned seed) : dice(seed), files(seed), segment_size_(600 + dice.below(9000)) {}

  Dice dice;
  FaultyFileSystem files;
  Position answered = 0;

  // Appends until something fails, or `batches` times, and is gone without closing.
  void live(int batches, Loss loss) {
    {
      auto options = small_options("log", segment_size_);
      options.random = tokens_;
      options.now = [this] { return now_ += std::chrono::milliseconds(dice.below(500)); };
      const auto log = make_embedded_log(options, files);
      const auto tail = log->claim();
      if (tail) {
        expect_everything(*tail);
        append(*log, batches);
      } else {
        EXPECT_EQ(tail.error().kind, ErrorKind::io) << tail.error().message;
      }
      files.stop(loss);
    }
    files.start();
  }

  // Opens for the last time, and reads what there is.
  void check() {
    auto options = small_options("log", segment_size_);
    options.random = tokens_;
    const auto log = make_embedded_log(options, files);
    const auto tail = log->claim();
    ASSERT_TRUE(tail) << tail.error().message;
    expect_everything(*tail);
    ASSERT_TRUE(log->append(some_drafts(1, tail->position), tail->position));
    Position next = 1;
    const auto read = log->read({}, [&](const LogEntry& entry) {
      EXPECT_EQ(entry.body, some_drafts(1, next - 1).front().body);
      ++next;
      return true;
    });
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->position, tail->position + 1);
    for (const std::string& path : files.paths()) EXPECT_FALSE(path.ends_with(".new")) << path;
  }

 private:
  void expect_everything(const Bookmark& tail) {
    EXPECT_GE(tail.position, answered) << "an answered record is gone";
    EXPECT_LE(tail.position, wanted_);
    answered = tail.position;  // what a writer found is durable from then on
  }

  void append(EventLog& log, int batches) {
    for (int i = 0; i < batches; ++i) {
      const auto drafts = some_drafts(1 + dice.below(5), answered);
      wanted_ = std::max(wanted_, answered + drafts.size());
      const auto done = log.append(drafts, answered);
      if (!done) return;
      answered = done->position;
    }
  }

  const std::uint64_t segment_size_;
  std::function<Token()> tokens_ = counting_tokens();
  std::chrono::steady_clock::time_point now_;
  Position wanted_ = 0;
};

TEST(PowerLoss, AtAnyChangeLosesNothingThatWasAnswered) {
  for (const unsigned seed : test::seeds(1000)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    Life life(seed);
    for (int times = 0; times < 3; ++times) {  // the second one may come while the first is recovered from
      life.files.stop_at(Loss::power, life.dice.below(times == 0 ? 60 : 12));
      life.live(30, Loss::power);
    }
    life.check();
    ASSERT_FALSE(HasFailure());
  }
}

TEST(PowerLoss, AfterAnythingThatFailedLosesNothingThatWasAnswered) {
  for (const unsigned seed : test::seeds(1000)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    Life life(seed);
    life.live(static_cast<int>(life.dice.below(8)), Loss::process);
    if (life.dice.chance(15)) life.files.limit_room(2000 + life.dice.below(9000));
    else life.files.fail_at(static_cast<Operation>(life.dice.below(6)), life.dice.below(20));
    life.live(20, Loss::process);
    // Opened once more before the power goes: what a failed sync has left in the cache alone must not be relied on.
    life.live(static_cast<int>(life.dice.below(3)), life.dice.chance(50) ? Loss::power : Loss::process);
    life.live(static_cast<int>(life.dice.below(3)), Loss::power);
    life.check();
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace kring::testing
