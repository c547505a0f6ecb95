// What events/log/event_log.h promises, asked of every engine.
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <random>

#include "events/log/frame.h"
#include "tests/contract/engines.h"

namespace kring::testing {
namespace {

struct Seen {
  Position position;
  Instant recorded_at;
  Hash previous, hash;
  Bytes body;
  Bookmark after;
};

class LogContract : public ::testing::TestWithParam<LogEngine> {
 protected:
  static std::vector<Draft> drafts(int count, const std::string& prefix = "body ") {
    std::vector<Draft> list;
    for (int i = 0; i < count; ++i) list.push_back({Instant{1'000'000 + i}, prefix + std::to_string(i)});
    return list;
  }

  static std::vector<Seen> all(LogReader& reader, const Bookmark& from = {}) {
    std::vector<Seen> seen;
    const auto reached = reader.read(from, [&](const LogEntry& e) {
      seen.push_back({e.position, e.recorded_at, e.previous, e.hash, Bytes(e.body), e.after});
      return true;
    });
    EXPECT_TRUE(reached) << reached.error().message;
    if (reached && !seen.empty()) {
      EXPECT_EQ(reached->position, seen.back().position);
      EXPECT_EQ(reached->hash, seen.back().hash);
    }
    return seen;
  }

  std::unique_ptr<EventLog> claimed() {
    auto log = fixture_->writer();
    const auto tail = log->claim();
    EXPECT_TRUE(tail) << tail.error().message;
    return log;
  }

  std::unique_ptr<LogFixture> fixture_ = GetParam().make();
};

TEST_P(LogContract, NothingWrittenIsTheEmptyLog) {
  const auto reader = fixture_->reader();
  EXPECT_EQ(reader->history().value(), HistoryId{});
  EXPECT_TRUE(all(*reader).empty());
  EXPECT_EQ(reader->read({}, [](auto&) { return true; })->position, 0u);
  EXPECT_EQ(reader->read_at(1, [](auto&) {}).error().code, "not_found");
  EXPECT_EQ(reader->read_at(0, [](auto&) {}).error().code, "not_found");
  EXPECT_EQ(reader->read({1, Hash{}, 0}, [](auto&) { return true; }).error().code, "log_replaced");
}

TEST_P(LogContract, ReadsBackWhatWasAppended) {
  const auto log = claimed();
  const auto list = drafts(20);
  const auto tail = log->append(list, 0);
  ASSERT_TRUE(tail) << tail.error().message;
  EXPECT_EQ(tail->position, 20u);
  const auto reader = fixture_->reader();
  const auto seen = all(*reader);
  ASSERT_EQ(seen.size(), 20u);
  EXPECT_EQ(seen.back().hash, tail->hash);
  RecordHasher hasher;
  Hash previous{};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].position, i + 1);
    EXPECT_EQ(seen[i].body, list[i].body);
    EXPECT_EQ(seen[i].recorded_at, list[i].recorded_at);
    EXPECT_EQ(seen[i].previous, previous);
    previous = hasher(reader->history().value(), i + 1, previous, list[i].recorded_at, list[i].body);
    EXPECT_EQ(seen[i].hash, previous);
  }
}

TEST_P(LogContract, TheWriterReadsItsOwn) {
  const auto log = claimed();
  EXPECT_TRUE(all(*log).empty());
  ASSERT_TRUE(log->append(drafts(3), 0));
  EXPECT_EQ(all(*log).size(), 3u);
}

TEST_P(LogContract, HistoryIsKnownFromTheClaimOnAndStays) {
  auto log = claimed();
  const HistoryId history = log->history().value();
  EXPECT_NE(history, HistoryId{});
  ASSERT_TRUE(log->append(drafts(1), 0));
  log.reset();
  log = claimed();
  EXPECT_EQ(log->history().value(), history);
  EXPECT_EQ(fixture_->reader()->history().value(), history);
}

TEST_P(LogContract, ClaimReturnsTheTail) {
  Bookmark tail;
  for (Position before = 0; before < 12; before += 3) {
    const auto log = fixture_->writer();
    const auto claimed = log->claim();
    ASSERT_TRUE(claimed) << claimed.error().message;
    EXPECT_EQ(claimed->position, before);
    EXPECT_EQ(claimed->hash, tail.hash);
    tail = log->append(drafts(3), before).value();
  }
  EXPECT_EQ(all(*fixture_->reader()).size(), 12u);
}

TEST_P(LogContract, TwoWritersNeverBothAppend) {
  auto first = claimed();
  ASSERT_TRUE(first->append(drafts(2), 0));
  const auto second = fixture_->writer();
  const auto claim = second->claim();
  if (GetParam().second_claim == SecondClaim::is_busy) {
    ASSERT_FALSE(claim);
    EXPECT_EQ(claim.error().kind, ErrorKind::busy);
    ASSERT_TRUE(first->append(drafts(1), 2));
    first.reset();
    EXPECT_EQ(second->claim()->position, 3u);
  } else {
    ASSERT_TRUE(claim) << claim.error().message;
    EXPECT_EQ(claim->position, 2u);
    EXPECT_EQ(first->append(drafts(1, "late "), 2).error().code, "tail_moved");
    EXPECT_EQ(first->append(drafts(1, "later "), 2).error().code, "writer_ended");
    ASSERT_TRUE(second->append(drafts(1), 2));
  }
  EXPECT_EQ(second->claim().error().kind, ErrorKind::usage);
  ASSERT_TRUE(second->append(drafts(1), 3));
  const auto seen = all(*fixture_->reader());
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen[2].body, "body 0");
}

TEST_P(LogContract, AppendsThatOverlapEndInTheirOrder) {
  const auto log = claimed();
  ASSERT_GE(log->appends_at_once(), 1u);
  std::deque<Position> ends;
  for (Position begun = 0, ended = 0; ended < 60;) {
    if (begun < 60 && ends.size() < log->appends_at_once()) {
      const int count = 1 + static_cast<int>(begun % 3);
      const auto began = log->begin_append(drafts(count), begun);
      ASSERT_TRUE(began) << began.error().message;
      ends.push_back(begun += static_cast<Position>(count));
      log->interrupt();
      continue;
    }
    const auto finished = log->finish_append();
    ASSERT_TRUE(finished) << finished.error().message;
    if (!*finished) continue;
    EXPECT_EQ((*finished)->position, ends.front());
    ended = ends.front();
    ends.pop_front();
  }
  EXPECT_EQ(all(*fixture_->reader()).size(), 60u);
  EXPECT_TRUE(log->append(drafts(1), 60));
}

TEST_P(LogContract, AppendNeedsAClaim) {
  const auto log = fixture_->writer();
  EXPECT_EQ(log->append(drafts(1), 0).error().code, "not_claimed");
  EXPECT_EQ(log->begin_append(drafts(1), 0).error().code, "not_claimed");
}

TEST_P(LogContract, AnotherTailAppendsNothingAndEndsTheWriter) {
  auto log = claimed();
  ASSERT_TRUE(log->append(drafts(2), 0));
  EXPECT_EQ(log->append(drafts(1), 1).error().code, "tail_moved");
  EXPECT_EQ(all(*fixture_->reader()).size(), 2u);
  EXPECT_FALSE(log->append(drafts(1), 2));
  log.reset();
  EXPECT_EQ(claimed()->append(drafts(1), 2)->position, 3u);
}

TEST_P(LogContract, BodiesHaveABound) {
  auto log = claimed();
  EXPECT_FALSE(log->append(std::vector<Draft>{{Instant{1}, Bytes(max_body + 1, 'x')}}, 0));
  EXPECT_TRUE(all(*fixture_->reader()).empty());
  log.reset();
  log = claimed();
  const Bytes body(max_body, 'x');
  ASSERT_TRUE(log->append(std::vector<Draft>{{Instant{1}, body}, {Instant{-5}, ""}}, 0));
  const auto seen = all(*fixture_->reader());
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].body, body);
  EXPECT_EQ(seen[1].body, "");
  EXPECT_EQ(seen[1].recorded_at.micros, -5);
}

TEST_P(LogContract, AppendingNothingIsNothing) {
  const auto log = claimed();
  EXPECT_EQ(log->append({}, 0)->position, 0u);
  EXPECT_TRUE(all(*fixture_->reader()).empty());
}

TEST_P(LogContract, AVisitorMayStopAndGoOn) {
  const auto log = claimed();
  ASSERT_TRUE(log->append(drafts(9), 0));
  const auto reader = fixture_->reader();
  Bookmark from;
  for (Position expected = 1; expected <= 9; ++expected) {
    from = reader->read(from, [&](const LogEntry& e) { return e.position < expected; }).value();
    EXPECT_EQ(from.position, expected);
  }
  EXPECT_EQ(reader->read(from, [](auto&) { return true; })->position, 9u);
}

TEST_P(LogContract, AVisitorMayReadThroughTheSameReader) {
  const auto log = claimed();
  ASSERT_TRUE(log->append(drafts(9), 0));
  const auto reader = fixture_->reader();
  Position inner = 0;
  ASSERT_TRUE(reader->read({}, [&](const LogEntry& e) {
    const Bytes body(e.body);
    EXPECT_TRUE(reader->read_at(10 - e.position, [&](const LogEntry& other) { inner += other.position; }));
    EXPECT_EQ(all(*reader).size(), 9u);
    EXPECT_EQ(Bytes(e.body), body);
    return true;
  }));
  EXPECT_EQ(inner, 45u);
}

TEST_P(LogContract, BookmarksResumeInAnotherReader) {
  const auto log = claimed();
  ASSERT_TRUE(log->append(drafts(15), 0));
  const auto seen = all(*fixture_->reader());
  for (const Seen& one : seen) {
    for (const std::uint64_t locator : {one.after.locator, std::uint64_t{0}, std::uint64_t{7777}}) {
      Bookmark from = one.after;
      from.locator = locator;
      EXPECT_EQ(all(*fixture_->reader(), from).size(), 15 - one.position);
    }
  }
}

TEST_P(LogContract, BookmarksOfAnotherLogAreRefused) {
  const auto log = claimed();
  ASSERT_TRUE(log->append(drafts(5), 0));
  const auto seen = all(*log);
  Bookmark other = seen[2].after;
  other.hash[0] ^= 1;
  EXPECT_EQ(fixture_->reader()->read(other, [](auto&) { return true; }).error().code, "log_replaced");
  Bookmark beyond = seen[4].after;
  beyond.position = 6;
  EXPECT_EQ(fixture_->reader()->read(beyond, [](auto&) { return true; }).error().code, "log_replaced");
}

TEST_P(LogContract, ReadsOneRecordByItsPosition) {
  const auto log = claimed();
  ASSERT_TRUE(log->append(drafts(40), 0));
  const auto reader = fixture_->reader();
  const auto seen = all(*reader);
  std::mt19937 random(7);
  for (int i = 0; i < 200; ++i) {
    const Position position = 1 + random() % 40;
    int visits = 0;
    ASSERT_TRUE(reader->read_at(position, [&](const LogEntry& e) {
      ++visits;
      EXPECT_EQ(e.position, position);
      EXPECT_EQ(e.hash, seen[position - 1].hash);
      EXPECT_EQ(Bytes(e.body), seen[position - 1].body);
      EXPECT_EQ(e.after.locator, seen[position - 1].after.locator);
    }));
    EXPECT_EQ(visits, 1);
  }
  EXPECT_EQ(reader->read_at(41, [](auto&) {}).error().kind, ErrorKind::not_found);
}

TEST_P(LogContract, AReaderFollowsAWriter) {
  const auto log = claimed();
  const auto follower = fixture_->reader();
  Bookmark from;
  for (Position tail = 0; tail < 60; tail += 3) {
    ASSERT_TRUE(log->append(drafts(3), tail));
    const auto seen = all(*follower, from);
    ASSERT_EQ(seen.size(), 3u);
    from = seen.back().after;
    EXPECT_TRUE(all(*follower, from).empty());
    EXPECT_TRUE(follower->read_at(tail + 2, [](auto&) {}));
    EXPECT_EQ(follower->read_at(tail + 4, [](auto&) {}).error().code, "not_found");
  }
}

TEST_P(LogContract, TheSameContentOnEveryEngineHasTheSameHash) {
  const auto log = claimed();
  ASSERT_TRUE(log->append(drafts(2), 0));
  RecordHasher hasher;
  const HistoryId history = log->history().value();
  const Hash first = hasher(history, 1, Hash{}, Instant{1'000'000}, "body 0");
  EXPECT_EQ(all(*log)[1].hash, hasher(history, 2, first, Instant{1'000'001}, "body 1"));
}

INSTANTIATE_TEST_SUITE_P(Engines, LogContract, ::testing::ValuesIn(log_engines()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace kring::testing
