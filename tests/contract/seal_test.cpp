// The end of a log, and the beginning of its copy: what events/log/event_log.h promises of `seal` and of a history that
// goes on elsewhere, asked of every engine.
#include <gtest/gtest.h>

#include "events/log/acceptance.h"
#include "tests/contract/engines.h"
#include "tests/events/log/support.h"

namespace kring::testing {
namespace {

const std::string elsewhere = "file:/elsewhere";

class SealContract : public ::testing::TestWithParam<LogEngine> {
 protected:
  std::unique_ptr<EventLog> claimed(const HistoryId& history = {}) {
    auto log = fixture_->writer(history);
    const auto tail = log->claim();
    EXPECT_TRUE(tail) << tail.error().message;
    return log;
  }

  void expect_sealed(std::size_t records) {
    EXPECT_EQ(fixture_->reader()->successor().value(), elsewhere);
    EXPECT_EQ(read_all(*fixture_->reader()).hashes.size(), records);
    const auto claim = fixture_->writer()->claim();
    ASSERT_FALSE(claim);
    EXPECT_EQ(claim.error().code, "log_sealed");
    EXPECT_EQ(claim.error().kind, ErrorKind::io);
    EXPECT_NE(claim.error().message.find(elsewhere), std::string::npos) << claim.error().message;
  }

  std::unique_ptr<LogFixture> fixture_ = GetParam().make();
};

TEST_P(SealContract, NothingComesBehindTheSealAndEverythingCanBeRead) {
  auto log = claimed();
  ASSERT_TRUE(log->append(some_drafts(9), 0));
  EXPECT_EQ(fixture_->reader()->successor().value(), "");
  const auto follower = fixture_->reader();
  const auto before = read_all(*follower);
  const auto sealed = log->seal(elsewhere, 9);
  ASSERT_TRUE(sealed) << sealed.error().message;
  EXPECT_EQ(log->successor().value(), elsewhere);
  EXPECT_EQ(log->append(some_drafts(1, 9), 9).error().code, "log_sealed");
  log.reset();

  expect_sealed(9);
  // Who was at the end before stays there, time and again.
  for (int times = 0; times < 2; ++times) EXPECT_TRUE(read_all(*follower, *before.end).hashes.empty());
  EXPECT_EQ(follower->successor().value(), elsewhere);
  const auto reader = fixture_->reader();
  EXPECT_EQ(read_all(*reader).hashes, before.hashes);
  EXPECT_EQ(read_all(*reader, *before.end).end->position, 9u);
  EXPECT_TRUE(reader->read_at(9, [](auto&) {}));
  EXPECT_EQ(reader->read_at(10, [](auto&) {}).error().code, "not_found");
  EXPECT_EQ(fixture_->reader()->read_at(10, [](auto&) {}).error().code, "not_found");
  EXPECT_EQ(reader->read({10, Hash{}, 0}, [](auto&) { return true; }).error().code, "log_replaced");
}

TEST_P(SealContract, AnEmptyLogCanBeSealed) {
  ASSERT_TRUE(claimed()->seal(elsewhere, 0));
  expect_sealed(0);
}

TEST_P(SealContract, ALaterWriterSealsWhatAnEarlierOneWrote) {
  ASSERT_TRUE(claimed()->append(some_drafts(4), 0));
  ASSERT_TRUE(claimed()->seal(elsewhere, 4));
  expect_sealed(4);
}

TEST_P(SealContract, ASealNeedsAClaimAndTheRightTailAndASuccessor) {
  EXPECT_EQ(fixture_->writer()->seal(elsewhere, 0).error().code, "not_claimed");
  auto log = claimed();
  ASSERT_TRUE(log->append(some_drafts(3), 0));
  EXPECT_EQ(log->seal("", 3).error().code, "bad_successor");
  EXPECT_EQ(log->seal(std::string(max_successor + 1, 'x'), 3).error().code, "bad_successor");
  EXPECT_EQ(log->seal(elsewhere, 2).error().code, "tail_moved");
  log.reset();
  EXPECT_EQ(fixture_->reader()->successor().value(), "");
  const std::string longest(max_successor, 'x');
  ASSERT_TRUE(claimed()->seal(longest, 3));
  EXPECT_EQ(fixture_->reader()->successor().value(), longest);
}

TEST_P(SealContract, AWriterThatIsOvertakenByTheSealIsToldSo) {
  if (GetParam().second_claim == SecondClaim::is_busy) GTEST_SKIP() << "nobody seals beside a writer that has the lock";
  const auto old = claimed();
  ASSERT_TRUE(old->append(some_drafts(2), 0));
  ASSERT_TRUE(claimed()->seal(elsewhere, 2));
  EXPECT_EQ(old->append(some_drafts(1, 2), 2).error().code, "log_sealed");
  expect_sealed(2);
}

TEST_P(SealContract, AppendingNothingTellsWhetherAWriterWasOvertaken) {
  if (GetParam().second_claim == SecondClaim::is_busy) GTEST_SKIP() << "nobody claims beside a writer that has the lock";
  const auto old = claimed();
  ASSERT_TRUE(old->append(some_drafts(2), 0));
  ASSERT_TRUE(old->append({}, 2));
  const auto young = claimed();
  EXPECT_EQ(old->append({}, 2).error().code, "tail_moved");
  EXPECT_EQ(young->append({}, 2)->position, 2u);
}

TEST_P(SealContract, AnOvertakenWriterCannotSeal) {
  if (GetParam().second_claim == SecondClaim::is_busy) GTEST_SKIP() << "nobody claims beside a writer that has the lock";
  const auto old = claimed();
  ASSERT_TRUE(old->append(some_drafts(2), 0));
  const auto young = claimed();
  EXPECT_EQ(old->seal(elsewhere, 2).error().code, "tail_moved");
  ASSERT_TRUE(young->append(some_drafts(1, 2), 2));
  EXPECT_EQ(fixture_->reader()->successor().value(), "");
}

TEST_P(SealContract, ACopyHasTheHistoryAndEveryHashOfItsSource) {
  const auto memory = log_engines().front().make();
  const auto source = memory->writer();
  ASSERT_TRUE(source->claim());
  ASSERT_TRUE(source->append(some_drafts(12), 0));
  const HistoryId history = source->history().value();
  {
    auto log = claimed(history);
    EXPECT_EQ(log->history().value(), history);
    ASSERT_TRUE(log->append(some_drafts(5), 0));
  }
  auto log = claimed(history);  // the same again goes on
  ASSERT_TRUE(log->append(some_drafts(7, 5), 5));
  log.reset();
  EXPECT_EQ(read_all(*fixture_->reader()).hashes, read_all(*source).hashes);
  EXPECT_EQ(fixture_->reader()->history().value(), history);
  HistoryId other = history;
  other[0] = static_cast<std::uint8_t>(other[0] + 1);
  const auto refused = fixture_->writer(other)->claim();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "other_history");
  ASSERT_TRUE(claimed()->append(some_drafts(1, 12), 12));
}

INSTANTIATE_TEST_SUITE_P(Engines, SealContract, ::testing::ValuesIn(log_engines()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace kring::testing
