// A history that moves: whenever the move is cut short, doing it again completes it, and at no moment do two logs take records.
#include "events/log/copy_log.h"

#include <gtest/gtest.h>

#include "events/base/text.h"
#include "events/filesystem/faulty_filesystem.h"
#include "events/log/memory/memory_log.h"
#include "tests/events/log/support.h"
#include "tests/support/seeds.h"

namespace kring::testing {
namespace {

using Loss = FaultyFileSystem::Loss;

const std::string successor = "file:/new";

class CopyLog : public ::testing::Test {
 protected:
  void write(Position records) {
    const auto log = open_memory_log(source);
    ASSERT_TRUE(log->claim());
    const Position before = source->state().position;
    ASSERT_TRUE(log->append(some_drafts(records, before), before));
  }
  std::unique_ptr<EventLog> new_log() { return open_memory_log(target, source->state().history); }
  Result<Copied> copy(CopyOptions options = {}) {
    options.successor = successor;
    return copy_log(*open_memory_log(source), *new_log(), options);
  }
  std::string code_of_copy(const CopyOptions& options = {}) {
    const auto copied = copy(options);
    return copied ? "" : copied.error().code;
  }

  std::shared_ptr<MemoryStore> source = std::make_shared<MemoryStore>(), target = std::make_shared<MemoryStore>();
};

TEST_F(CopyLog, TakesEveryRecordAndSealsTheSource) {
  write(2500);  // more than a batch
  std::vector<Position> reports;
  CopyOptions options;
  options.report = [&](Position reached, Position end) {
    reports.push_back(reached);
    EXPECT_EQ(end, 2500u);
    return true;
  };
  options.before_seal = [&]() -> Result<void> {
    EXPECT_EQ(target->state().position, 2500u);
    EXPECT_EQ(source->state().successor, "");
    return {};
  };
  const auto copied = copy(options);
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(copied->copied, 2500u);
  EXPECT_EQ(copied->tail.position, 2500u);
  EXPECT_FALSE(copied->sealed_before);
  EXPECT_EQ(reports, (std::vector<Position>{1000, 2000, 2500}));
  EXPECT_EQ(read_all(*open_memory_reader(target)).hashes, read_all(*open_memory_reader(source)).hashes);
  EXPECT_EQ(target->state().history, source->state().history);
  EXPECT_EQ(source->state().successor, successor);
}

TEST_F(CopyLog, AgainIsDoneBeforeAlsoWhenTheTargetWentOn) {
  write(3);
  ASSERT_TRUE(copy());
  for (int times = 0; times < 2; ++times) {
    const auto again = copy();
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->sealed_before);
    EXPECT_EQ(again->copied, 0u);
    EXPECT_EQ(again->tail.position, 3u);
    const auto log = new_log();
    const auto tail = log->claim();
    ASSERT_TRUE(log->append(some_drafts(1, tail->position), tail->position));
  }
}

TEST_F(CopyLog, GoesOnWhereItWasStopped) {
  write(2500);
  CopyOptions options;
  options.report = [](Position, Position) { return false; };
  EXPECT_EQ(code_of_copy(options), "interrupted");
  EXPECT_EQ(source->state().successor, "");
  write(10);  // nothing is sealed: the source may go on meanwhile
  const auto copied = copy();
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(copied->copied, 1510u);
}

TEST_F(CopyLog, WhatMustBeThereBeforeTheSealPreventsIt) {
  write(3);
  CopyOptions options;
  options.before_seal = []() -> Result<void> { return fail(ErrorKind::io, "keys_missing", "no keys"); };
  EXPECT_EQ(code_of_copy(options), "keys_missing");
  EXPECT_EQ(source->state().successor, "");
  EXPECT_EQ(code_of_copy(), "");
}

TEST_F(CopyLog, ATargetThatHoldsSomethingElseIsRefused) {
  write(3);
  {
    const auto other = open_memory_log(target);  // another history
    ASSERT_TRUE(other->claim());
    ASSERT_TRUE(other->append(some_drafts(1), 0));
  }
  EXPECT_EQ(code_of_copy(), "target_not_empty");

  target = std::make_shared<MemoryStore>();
  const auto gone_on = [&](std::size_t records, const std::string& body) {
    const auto log = new_log();
    ASSERT_TRUE(log->claim());
    ASSERT_TRUE(log->append(std::vector<Draft>(records, {Instant{1}, body}), 0));
  };
  gone_on(2, "another record of the same history");
  EXPECT_EQ(code_of_copy(), "target_not_empty");
  target = std::make_shared<MemoryStore>();
  gone_on(5, "more than the source has");
  EXPECT_EQ(code_of_copy(), "target_not_empty");
  EXPECT_EQ(source->state().successor, "");
}

TEST_F(CopyLog, ASourceThatWentElsewhereIsRefused) {
  write(3);
  {
    const auto log = open_memory_log(source);
    ASSERT_TRUE(log->claim());
    ASSERT_TRUE(log->seal("file:/elsewhere", 3));
  }
  EXPECT_EQ(code_of_copy(), "log_sealed");
  EXPECT_EQ(target->state().position, 0u);
}

TEST_F(CopyLog, ATargetThatWasReplacedAfterTheSealIsNotCalledDone) {
  write(3);
  ASSERT_TRUE(copy());
  target = std::make_shared<MemoryStore>();
  EXPECT_EQ(code_of_copy(), "target_incomplete");
}

TEST_F(CopyLog, AWriterAtWorkIsCaughtUpWithBeforeTheSeal) {
  write(1500);
  CopyOptions options;
  options.claim_late = true;
  bool first = true;
  options.report = [&](Position, Position) {
    if (std::exchange(first, false)) write(20);  // the source is not claimed yet
    return true;
  };
  const auto copied = copy(options);
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(copied->tail.position, 1520u);
  EXPECT_EQ(source->state().position, 1520u);
  EXPECT_EQ(source->state().successor, successor);
}

// Two logs on one disk that fails.
class FailingCopy {
 public:
  explicit FailingCopy(unsigned seed) : files(seed), dice_(seed), segment_size_(400 + dice_.below(6000)) {
    auto options = small_options("old", segment_size_);
    const auto log = make_embedded_log(options, files);
    const auto tail = log->claim();
    EXPECT_TRUE(tail);
    for (Position position = 0; position < 30;) {
      const auto appended = log->append(some_drafts(1 + dice_.below(6), position), position);
      EXPECT_TRUE(appended);
      position = appended->position;
    }
    hashes = read_all(*log).hashes;
    history = *log->history();
  }

  Result<Copied> copy() {
    auto options = small_options("new", segment_size_);
    options.history = history;
    CopyOptions how;
    how.successor = successor;
    how.batch = 7;
    const auto from = make_embedded_log(small_options("old", segment_size_), files), to = make_embedded_log(options, files);
    return copy_log(*from, *to, how);
  }

  void check() {
    const auto copied = copy();
    ASSERT_TRUE(copied) << copied.error().message;
    for (const char* directory : {"old", "new"}) {
      const auto reader = make_embedded_reader(directory, files);
      EXPECT_EQ(read_all(*reader).hashes, hashes) << directory;
      EXPECT_EQ(reader->history().value(), history) << directory;
    }
    EXPECT_EQ(make_embedded_reader("old", files)->successor().value(), successor);
    EXPECT_EQ(make_embedded_log(small_options("old"), files)->claim().error().code, "log_sealed");
    const auto log = make_embedded_log(small_options("new"), files);
    ASSERT_TRUE(log->claim());
    EXPECT_TRUE(log->append(some_drafts(1, hashes.size()), hashes.size()));
  }

  FaultyFileSystem files;
  std::vector<Hash> hashes;
  HistoryId history{};

 private:
  Dice dice_;
  const std::uint64_t segment_size_;
};

TEST(CopyThatFails, StoppedAtAnyChangeIsCompletedByTheNextOne) {
  for (const unsigned seed : test::seeds(100)) {
    for (const Loss loss : {Loss::process, Loss::power}) {
      bool done = false;
      for (std::uint64_t step = 0; !done; ++step) {
        SCOPED_TRACE(concat("KRING_TEST_SEED=", seed, ", stopped at change ", step));
        FailingCopy life(seed);
        life.files.stop_at(loss, step);
        done = life.copy().has_value();
        life.files.stop(loss);
        life.files.start();
        life.check();
        ASSERT_FALSE(::testing::Test::HasFailure());
      }
    }
  }
}

TEST(CopyThatFails, AfterAnyOperationThatFailedIsCompletedByTheNextOne) {
  for (const unsigned seed : test::seeds(50)) {
    for (int kind = 0; kind < 6; ++kind) {
      bool failed = true;
      for (std::uint64_t number = 0; failed; ++number) {
        SCOPED_TRACE(concat("KRING_TEST_SEED=", seed, ", operation ", kind, " number ", number));
        FailingCopy life(seed);
        life.files.fail_at(static_cast<FaultyFileSystem::Operation>(kind), number);
        (void)life.copy();
        failed = life.files.has_failed();
        life.files.stop(Loss::power);
        life.files.start();
        life.check();
        ASSERT_FALSE(::testing::Test::HasFailure());
      }
    }
  }
}

}  // namespace
}  // namespace kring::testing
