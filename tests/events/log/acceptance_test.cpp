#include "events/log/acceptance.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "events/log/memory/memory_log.h"

namespace kring {
namespace {

Token token(std::uint8_t fill) {
  Token token;
  token.fill(fill);
  return token;
}

const HistoryId our_history = token(0x77);

class AcceptanceRule : public ::testing::Test {
 protected:
  static Frame claim(std::uint64_t epoch, const WriterId& writer, const HistoryId& history = our_history) {
    static HistoryId kept;  // the body is borrowed
    kept = history;
    Frame frame;
    frame.kind = FrameKind::claim;
    frame.epoch = epoch;
    frame.writer = writer;
    frame.body = view(kept);
    return frame;
  }

  Frame record(std::uint64_t epoch, const WriterId& writer, BytesView body = "body") const {
    Frame frame;
    frame.position = rule.state().position + 1;
    frame.epoch = epoch;
    frame.writer = writer;
    frame.previous = rule.state().head;
    frame.body = body;
    RecordHasher hasher;
    frame.hash = hasher(our_history, frame.position, frame.previous, frame.recorded_at, body);
    return frame;
  }

  Acceptance rule;
};

TEST_F(AcceptanceRule, TheFirstClaimFixesTheHistory) {
  EXPECT_EQ(rule.offer(claim(1, token(1))), Standing::counts);
  EXPECT_EQ(rule.state().history, our_history);
  EXPECT_EQ(rule.offer(claim(2, token(2), token(0x55))), Standing::other_history);
  EXPECT_EQ(rule.offer(claim(2, token(2))), Standing::counts);
}

TEST_F(AcceptanceRule, OnlyTheNextEpochCounts) {
  EXPECT_EQ(rule.offer(claim(2, token(1))), Standing::epoch_ahead);
  EXPECT_EQ(rule.offer(claim(UINT64_MAX, token(1))), Standing::epoch_ahead);
  EXPECT_EQ(rule.offer(claim(0, token(1))), Standing::old_epoch);
  EXPECT_EQ(rule.offer(claim(1, token(1))), Standing::counts);
  EXPECT_EQ(rule.offer(claim(1, token(2))), Standing::old_epoch);  // of two with the same epoch the first wins
  EXPECT_EQ(rule.state().writer, token(1));
}

TEST_F(AcceptanceRule, AMalformedClaimIsVoid) {
  Frame frame = claim(1, token(1));
  frame.body = "short";
  EXPECT_EQ(rule.offer(frame), Standing::malformed);
  EXPECT_EQ(rule.offer(claim(1, token(1), HistoryId{})), Standing::malformed);
  frame = claim(1, token(1));
  frame.position = 1;
  EXPECT_EQ(rule.offer(frame), Standing::malformed);
  frame = record(1, token(1));
  frame.kind = FrameKind::seal;
  EXPECT_EQ(rule.offer(frame), Standing::malformed);
}

TEST_F(AcceptanceRule, ASealCountsAtTheEndAndUnderTheCurrentClaimOnly) {
  const auto seal = [&] { return log_seal(rule.state(), "elsewhere"); };
  EXPECT_EQ(rule.offer(seal()), Standing::not_the_writer);  // nobody has claimed
  rule.offer(claim(1, token(1)));
  rule.offer(record(1, token(1)));
  const Frame zombie = seal();
  rule.offer(claim(2, token(2)));
  EXPECT_EQ(rule.offer(zombie), Standing::not_the_writer);
  Frame wrong = seal();
  wrong.position = 0;
  EXPECT_EQ(rule.offer(wrong), Standing::wrong_position);
  wrong = seal();
  wrong.previous.fill(9);
  EXPECT_EQ(rule.offer(wrong), Standing::wrong_previous);
  for (const Bytes& body : {Bytes(), Bytes(max_successor + 1, 'x')}) {
    wrong = seal();
    wrong.body = body;
    EXPECT_EQ(rule.offer(wrong), Standing::malformed);
  }
  EXPECT_EQ(rule.state().successor, "");
  EXPECT_EQ(rule.offer(seal()), Standing::counts);
  EXPECT_EQ(rule.state().successor, "elsewhere");
  EXPECT_EQ(rule.state().position, 1u);
}

TEST_F(AcceptanceRule, NothingCountsBehindTheSeal) {
  rule.offer(claim(1, token(1)));
  rule.offer(record(1, token(1)));
  rule.offer(log_seal(rule.state(), "elsewhere"));
  const LogState sealed = rule.state();
  EXPECT_EQ(rule.offer(record(1, token(1))), Standing::after_seal);
  EXPECT_EQ(rule.offer(claim(2, token(2))), Standing::after_seal);
  EXPECT_EQ(rule.offer(log_seal(sealed, "somewhere else")), Standing::after_seal);
  EXPECT_EQ(rule.state(), sealed);
  EXPECT_EQ(rule.voided(), 3u);
}

TEST_F(AcceptanceRule, OnlyTheCurrentWriterCounts) {
  EXPECT_EQ(rule.offer(record(0, WriterId{})), Standing::not_the_writer);  // nobody has claimed
  rule.offer(claim(1, token(1)));
  EXPECT_EQ(rule.offer(record(1, token(1))), Standing::counts);
  EXPECT_EQ(rule.offer(record(1, token(2))), Standing::not_the_writer);
  EXPECT_EQ(rule.offer(record(2, token(1))), Standing::not_the_writer);
  rule.offer(claim(2, token(2)));
  EXPECT_EQ(rule.offer(record(1, token(1))), Standing::not_the_writer);  // a zombie
  EXPECT_EQ(rule.offer(record(2, token(2))), Standing::counts);
  EXPECT_EQ(rule.voided(), 4u);
  EXPECT_EQ(rule.count(Standing::not_the_writer), 4u);
}

TEST_F(AcceptanceRule, RecordsFollowEachOther) {
  rule.offer(claim(1, token(1)));
  const Frame first = record(1, token(1));
  ASSERT_EQ(rule.offer(first), Standing::counts);
  EXPECT_EQ(rule.offer(first), Standing::wrong_position);  // delivered twice
  Frame frame = record(1, token(1));
  frame.position = 3;
  EXPECT_EQ(rule.offer(frame), Standing::wrong_position);
  frame = record(1, token(1));
  frame.previous[0] ^= 1;
  EXPECT_EQ(rule.offer(frame), Standing::wrong_previous);
  frame = record(1, token(1));
  frame.body = "another body";
  EXPECT_EQ(rule.offer(frame), Standing::wrong_hash);
  EXPECT_EQ(rule.state().position, 1u);
}

TEST_F(AcceptanceRule, AnyRecordThatCountedRestoresTheState) {
  rule.offer(claim(1, token(1)));
  const Frame first = record(1, token(1));
  rule.offer(first);
  EXPECT_EQ(after(our_history, first), rule.state());
}

// Whatever several writers put into a log, in whatever order: what counts is one dense chain.
RC_GTEST_PROP(Acceptance, WhatCountsIsOneDenseChain, (std::vector<std::uint8_t> moves)) {
  Acceptance rule;
  std::array<Acceptance, 3> views;  // what each of three writers last saw of the log
  Position counted = 0;
  for (const std::uint8_t move : moves) {
    const std::size_t who = move % views.size();
    const LogState seen = views[who].state();
    const WriterId writer = token(static_cast<std::uint8_t>(who + 1));
    Frame frame;
    frame.writer = writer;
    RecordHasher hasher;
    switch (move / views.size() % 4) {
      case 0:
        views[who].restore(rule.state());
        continue;
      case 1:
        frame.kind = FrameKind::claim;
        frame.epoch = seen.epoch + 1;
        frame.body = view(our_history);
        break;
      default:
        frame.epoch = seen.epoch;
        frame.position = seen.position + 1;
        frame.previous = seen.head;
        frame.hash = hasher(our_history, frame.position, frame.previous, {}, "body");
        frame.body = "body";
        break;
    }
    const LogState before = rule.state();
    if (rule.offer(frame) == Standing::counts && frame.kind == FrameKind::decision) {
      RC_ASSERT(frame.position == ++counted && frame.previous == before.head && before.writer == writer);
    } else if (frame.kind == FrameKind::decision) {
      RC_ASSERT(rule.state() == before);
    }
  }
  RC_ASSERT(rule.state().position == counted);
}

TEST(MemoryStore, VoidFramesChangeNothingForReaders) {
  const auto store = std::make_shared<MemoryStore>();
  const auto log = open_memory_log(store);
  ASSERT_TRUE(log->claim());
  ASSERT_TRUE(log->append(std::vector<Draft>{{Instant{1}, "a"}}, 0));
  EXPECT_EQ(store->add("no frame at all"), Standing::malformed);
  Frame zombie;
  zombie.position = 2;
  zombie.body = "zombie";
  Bytes bytes;
  append_frame(bytes, zombie);
  EXPECT_EQ(store->add(bytes), Standing::not_the_writer);
  ASSERT_TRUE(log->append(std::vector<Draft>{{Instant{2}, "b"}}, 1));
  EXPECT_EQ(store->voided(), 2u);
  std::string bodies;
  const auto reader = open_memory_reader(store);
  ASSERT_TRUE(reader->read({}, [&](const LogEntry& entry) {
    bodies += entry.body;
    return true;
  }));
  EXPECT_EQ(bodies, "ab");
}

TEST(MemoryStore, AClaimFromOutsideDeposesTheWriter) {
  const auto store = std::make_shared<MemoryStore>();
  const auto log = open_memory_log(store);
  ASSERT_TRUE(log->claim());
  Frame claim;
  claim.kind = FrameKind::claim;
  claim.epoch = 2;
  const HistoryId history = log->history().value();
  claim.body = view(history);
  Bytes bytes;
  append_frame(bytes, claim);
  ASSERT_EQ(store->add(bytes), Standing::counts);
  EXPECT_EQ(log->append(std::vector<Draft>{{Instant{1}, "a"}}, 0).error().code, "tail_moved");
  EXPECT_EQ(store->state().position, 0u);
}

}  // namespace
}  // namespace kring
