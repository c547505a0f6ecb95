// What a writer and its readers make of a partition that other programs write to, and of brokers that say odd things.
#include "events/log/kafka/writer.h"

#include <gtest/gtest.h>

#include "events/log/frame.h"
#include "tests/events/log/support.h"
#include "tests/support/fake_partition.h"

namespace kring::testing {
namespace {

using kafka::Delivery;

class KafkaWriter : public ::testing::Test {
 protected:
  std::unique_ptr<KafkaLog> writer(const Bookmark& known = {}) {
    KafkaOptions options;
    options.known = known;
    options.answer_by_offsets = answer_by_offsets;
    options.random = [this] {
      Token token;
      token.fill(++tokens_);
      return token;
    };
    return kafka::make_log(std::move(options), std::make_unique<FakePartition>(topic));
  }
  std::unique_ptr<KafkaLog> claimed() {
    auto log = writer();
    const auto tail = log->claim();
    EXPECT_TRUE(tail) << tail.error().message;
    return log;
  }
  std::unique_ptr<KafkaReader> reader() { return kafka::make_reader(std::make_unique<FakePartition>(topic)); }
  std::size_t records() {
    const auto read = read_all(*reader());
    EXPECT_TRUE(read.end) << read.end.error().message;
    return read.hashes.size();
  }

  std::shared_ptr<FakeTopic> topic = std::make_shared<FakeTopic>();
  bool answer_by_offsets = false;

 private:
  std::uint8_t tokens_ = 0;
};

TEST_F(KafkaWriter, AppendsWhatEveryReaderSees) {
  const auto log = claimed();
  const auto tail = log->append(some_drafts(3), 0);
  ASSERT_TRUE(tail);
  EXPECT_EQ(tail->position, 3u);
  EXPECT_EQ(tail->locator, 3u);  // behind the claim
  EXPECT_EQ(records(), 3u);
}

TEST_F(KafkaWriter, WhatIsNoFrameIsVoidAndCounted) {
  topic->messages = {"nonsense", "KRNG", Bytes(200, 'x')};
  const auto log = claimed();
  topic->messages.push_back("more nonsense");
  ASSERT_TRUE(log->append(some_drafts(2), 0));
  topic->messages.push_back(topic->messages.back() + "x");  // a frame, and something behind it
  EXPECT_EQ(records(), 2u);
  const auto reader = this->reader();
  ASSERT_TRUE(read_all(*reader).end);
  EXPECT_EQ(reader->statistics().voided(), 5u);
  EXPECT_EQ(reader->statistics().messages[0], 3u);
}

TEST_F(KafkaWriter, ASealThatComesLateIsVoidAndOneThatCountsEndsEverybody) {
  const auto old = claimed();
  ASSERT_TRUE(old->append(some_drafts(1), 0));
  topic->instead_of_storing = [&](std::span<const Bytes>) {
    EXPECT_TRUE(claimed()->append(some_drafts(1, 1), 1));
    return std::vector<Delivery>();  // the seal is stored behind the record of the new writer
  };
  EXPECT_EQ(old->seal("elsewhere", 1).error().code, "tail_moved");
  EXPECT_EQ(reader()->successor().value(), "");

  const auto young = claimed();
  topic->instead_of_storing = [&](std::span<const Bytes>) {
    EXPECT_TRUE(claimed()->seal("elsewhere", 2));
    return std::vector<Delivery>();
  };
  EXPECT_EQ(young->append(some_drafts(1, 2), 2).error().code, "log_sealed");
  EXPECT_EQ(records(), 2u);
  EXPECT_EQ(reader()->successor().value(), "elsewhere");
}

TEST_F(KafkaWriter, AClaimThatMeetsASealIsTold) {
  const auto sealing = claimed();
  const auto late = writer();
  topic->instead_of_storing = [&](std::span<const Bytes>) {  // between its look at the end and its claim
    EXPECT_TRUE(sealing->seal("elsewhere", 0));
    return std::vector<Delivery>();
  };
  EXPECT_EQ(late->claim().error().code, "log_sealed");
}

TEST_F(KafkaWriter, ASealWhoseDeliveryIsUnknownIsNoAnswer) {
  const auto log = claimed();
  topic->then = [](std::vector<Delivery>& reports) { reports[0] = {Delivery::Outcome::unknown, -1, "timed out"}; };
  EXPECT_EQ(log->seal("elsewhere", 0).error().code, "outcome_unknown");
  EXPECT_EQ(log->seal("elsewhere", 0).error().code, "writer_ended");
  EXPECT_EQ(writer()->claim().error().code, "log_sealed");  // it was stored, after all
}

TEST_F(KafkaWriter, AZombieIsVoidAndIsTold) {
  const auto old = claimed();
  ASSERT_TRUE(old->append(some_drafts(1), 0));
  // Frozen between its check and its send; meanwhile another one claims and appends.
  topic->instead_of_storing = [&](std::span<const Bytes>) {
    const auto young = claimed();
    EXPECT_TRUE(young->append(some_drafts(2, 1), 1));
    return std::vector<Delivery>();  // and then the late frames are stored
  };
  EXPECT_EQ(old->append(some_drafts(2, 1), 1).error().code, "tail_moved");
  EXPECT_EQ(old->append(some_drafts(1, 1), 1).error().code, "writer_ended");
  EXPECT_EQ(records(), 3u);
}

TEST_F(KafkaWriter, AppendingNothingAsksWhetherItIsTheWriterStill) {
  const auto old = claimed();
  ASSERT_TRUE(old->append(some_drafts(1), 0));
  EXPECT_TRUE(old->append({}, 1));
  const auto messages = topic->messages.size();
  EXPECT_TRUE(old->append({}, 1));
  EXPECT_EQ(topic->messages.size(), messages) << "nothing is sent for it";

  const auto next = claimed();
  EXPECT_EQ(old->append({}, 1).error().code, "tail_moved");
  EXPECT_EQ(old->append({}, 1).error().code, "writer_ended");
  EXPECT_TRUE(next->append({}, 1));
}

TEST_F(KafkaWriter, WhatCountedBeforeItWasDeposedIsItsSuccess) {
  const auto old = claimed();
  std::unique_ptr<KafkaLog> young;
  topic->then = [&](std::vector<Delivery>& reports) {
    young = claimed();
    EXPECT_TRUE(young->append(some_drafts(1, 2), 2));
    for (Delivery& report : reports) report.offset = -1;  // so that the whole log is looked at
  };
  const auto tail = old->append(some_drafts(2), 0);
  ASSERT_TRUE(tail) << tail.error().message;
  EXPECT_EQ(tail->position, 2u);
  EXPECT_EQ(old->append(some_drafts(1, 3), 3).error().code, "tail_moved");
  EXPECT_EQ(records(), 3u);
}

TEST_F(KafkaWriter, ABatchThatWasCutInTwoByAClaimIsUnknown) {
  const auto old = claimed();
  topic->instead_of_storing = [&](std::span<const Bytes> frames) {
    topic->messages.push_back(frames[0]);
    const auto young = claimed();
    topic->messages.push_back(frames[1]);
    return std::vector<Delivery>{{Delivery::Outcome::stored, 1, {}}, {Delivery::Outcome::stored, 3, {}}};
  };
  EXPECT_EQ(old->append(some_drafts(2), 0).error().code, "outcome_unknown");
  EXPECT_EQ(records(), 1u);
}

TEST_F(KafkaWriter, OffsetsThatTheBrokerDoesNotNameAreLookedUp) {
  const auto log = claimed();
  topic->then = [](std::vector<Delivery>& reports) {
    for (std::size_t i = 0; i < reports.size(); ++i) reports[i].offset = static_cast<std::int64_t>(i) - 1;
  };
  ASSERT_TRUE(log->append(some_drafts(3), 0));
  topic->then = [](std::vector<Delivery>& reports) { reports.back().offset = -1; };
  ASSERT_TRUE(log->append(some_drafts(2, 3), 3));
  EXPECT_EQ(records(), 5u);
}

TEST_F(KafkaWriter, MayAnswerByOffsetsThatFollowOnWhatWasRead) {
  answer_by_offsets = true;
  const auto log = claimed();
  const auto reads = topic->reads;
  ASSERT_TRUE(log->append(some_drafts(3), 0));
  const auto tail = log->append(some_drafts(2), 3);
  ASSERT_TRUE(tail);
  EXPECT_EQ(topic->reads, reads) << "nothing was read back";
  EXPECT_FALSE(topic->reading) << "and nothing is fetched ahead";
  EXPECT_EQ(tail->locator, 5u);
  EXPECT_EQ(records(), 5u);
}

TEST_F(KafkaWriter, AnswersByNoOffsetsThatLeaveRoomForAnother) {
  answer_by_offsets = true;
  const auto old = claimed();
  ASSERT_TRUE(old->append(some_drafts(1), 0));
  const auto next = claimed();
  EXPECT_EQ(old->append(some_drafts(1), 1).error().code, "tail_moved");
  EXPECT_TRUE(next->append(some_drafts(1), 1)) << "a void frame lies between: it is read back";
  ++topic->interruptions;
  const auto reads = topic->reads;
  EXPECT_TRUE(next->append(some_drafts(1), 2));
  EXPECT_GT(topic->reads, reads) << "what is there since the connection was lost may be another log";
}

TEST_F(KafkaWriter, AppendsOnTheirWayEndInTheirOrder) {
  for (const bool by_offsets : {false, true}) {
    topic = std::make_shared<FakeTopic>();
    answer_by_offsets = by_offsets;
    const auto log = claimed();
    ASSERT_TRUE(log->begin_append(some_drafts(2), 0));
    ASSERT_TRUE(log->begin_append(some_drafts(3, 2), 2));
    EXPECT_EQ(log->finish_append().value()->position, 2u);
    ASSERT_TRUE(log->begin_append(some_drafts(1, 5), 5));
    EXPECT_EQ(log->finish_append().value()->position, 5u);
    const auto last = log->finish_append().value();
    EXPECT_EQ(last->position, 6u);
    EXPECT_EQ(last->locator, 6u);
    EXPECT_EQ(records(), 6u);
  }
}

TEST_F(KafkaWriter, AnAppendThatIsInterruptedIsFinishedLater) {
  const auto log = claimed();
  ASSERT_TRUE(log->begin_append(some_drafts(2), 0));
  log->interrupt();
  EXPECT_FALSE(log->finish_append().value());
  EXPECT_EQ(log->finish_append().value()->position, 2u);
}

TEST_F(KafkaWriter, OfTwoOnTheirWayTheOneBehindAClaimIsVoid) {
  for (const bool by_offsets : {false, true}) {
    topic = std::make_shared<FakeTopic>();
    answer_by_offsets = by_offsets;
    const auto old = claimed();
    ASSERT_TRUE(old->begin_append(some_drafts(2), 0));
    const auto young = claimed();
    ASSERT_TRUE(old->begin_append(some_drafts(2, 2), 2));
    ASSERT_TRUE(old->begin_append(some_drafts(1, 4), 4));
    EXPECT_EQ(old->finish_append().value()->position, 2u);
    EXPECT_EQ(old->finish_append().error().code, "tail_moved");
    EXPECT_EQ(old->finish_append().error().code, "writer_ended");
    EXPECT_EQ(old->begin_append(some_drafts(1, 2), 2).error().code, "writer_ended");
    EXPECT_TRUE(young->append(some_drafts(1, 2), 2));
    EXPECT_EQ(records(), 3u);
  }
}

TEST_F(KafkaWriter, WhatIsOnItsWayBehindAFailedDeliveryIsLostWithIt) {
  answer_by_offsets = true;
  const auto log = claimed();
  topic->instead_of_storing = [&](std::span<const Bytes>) { return std::vector<Delivery>{{Delivery::Outcome::unknown, -1, "timed out"}}; };
  ASSERT_TRUE(log->begin_append(some_drafts(1), 0));
  ASSERT_TRUE(log->begin_append(some_drafts(1, 1), 1));  // stored, and void: nothing is before it
  EXPECT_EQ(log->finish_append().error().code, "outcome_unknown");
  EXPECT_EQ(log->finish_append().error().code, "writer_ended");
  EXPECT_EQ(records(), 0u);
}

TEST_F(KafkaWriter, OffsetsThatAreNotNamedAreLookedUpPastWhatCameLater) {
  answer_by_offsets = true;
  const auto log = claimed();
  topic->then = [](std::vector<Delivery>& reports) { reports[0].offset = -1; };
  ASSERT_TRUE(log->begin_append(some_drafts(1), 0));
  ASSERT_TRUE(log->begin_append(some_drafts(2, 1), 1));
  EXPECT_EQ(log->finish_append().value()->position, 1u);
  EXPECT_EQ(log->finish_append().value()->position, 3u);
  EXPECT_TRUE(log->append(some_drafts(1, 3), 3));
}

TEST_F(KafkaWriter, AFrameThatWasStoredTwiceStandsForNoLaterOne) {
  const auto log = claimed();
  ASSERT_TRUE(log->append(some_drafts(1), 0));
  topic->messages.push_back(topic->messages.back());
  topic->then = [&](std::vector<Delivery>& reports) {
    reports[0].offset = -1;
    topic->messages.pop_back();  // not shown yet, as by a broker that is behind
  };
  EXPECT_EQ(log->append(some_drafts(1, 1), 1).error().code, "outcome_unknown");
}

TEST_F(KafkaWriter, AFailedDeliveryEndsTheWriterAndIsNoRefusal) {
  for (const auto outcome : {Delivery::Outcome::unknown, Delivery::Outcome::absent}) {
    const auto log = claimed();
    const Position tail = log->read({}, [](const LogEntry&) { return true; })->position;
    topic->instead_of_storing = [&](std::span<const Bytes> frames) {
      topic->messages.push_back(frames[0]);  // the first one is there, but nobody says so
      return std::vector<Delivery>{{outcome, -1, "the broker went away"}, {outcome, -1, "so it did"}};
    };
    const auto failed = log->append(some_drafts(2, tail), tail);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, "outcome_unknown");
    EXPECT_NE(failed.error().message.find("the broker went away"), std::string::npos);
    EXPECT_EQ(log->append(some_drafts(1, tail), tail).error().code, "writer_ended");
    EXPECT_EQ(claimed()->read({}, [](const LogEntry&) { return true; })->position, tail + 1);
  }
}

TEST_F(KafkaWriter, OfTwoThatClaimAtOnceTheFirstWins) {
  const auto slow = writer();
  std::unique_ptr<KafkaLog> quick;
  topic->instead_of_storing = [&](std::span<const Bytes>) {
    quick = claimed();
    return std::vector<Delivery>();
  };
  EXPECT_EQ(slow->claim().error().kind, ErrorKind::busy);
  ASSERT_TRUE(quick->append(some_drafts(1), 0));
  EXPECT_EQ(slow->claim()->position, 1u);
  EXPECT_EQ(quick->append(some_drafts(1, 1), 1).error().code, "tail_moved");
}

TEST_F(KafkaWriter, AClaimGoesOnFromAKnownRecord) {
  const auto tail = claimed()->append(some_drafts(200), 0);
  ASSERT_TRUE(tail);
  const auto log = writer(*tail);
  EXPECT_EQ(log->claim()->position, 200u);
  EXPECT_LT(log->statistics().messages[0], 5u);
  ASSERT_TRUE(log->append(some_drafts(1, 200), 200));
  EXPECT_EQ(records(), 201u);
}

TEST_F(KafkaWriter, AClaimOnALogWithoutTheKnownRecordIsRefused) {
  Bookmark tail = claimed()->append(some_drafts(3), 0).value();
  topic = std::make_shared<FakeTopic>();
  EXPECT_EQ(writer(tail)->claim().error().code, "log_replaced");
  EXPECT_TRUE(topic->messages.empty());
  claimed()->append(some_drafts(9), 0).value();
  EXPECT_EQ(writer(tail)->claim().error().code, "log_replaced");
}

TEST_F(KafkaWriter, AHoleInTheOffsetsIsDamage) {
  ASSERT_TRUE(claimed()->append(some_drafts(5), 0));
  topic->messages[3].clear();
  const auto read = read_all(*reader());
  EXPECT_EQ(read.end.error().code, "log_damaged");
  EXPECT_EQ(read.hashes.size(), 2u);
  EXPECT_EQ(writer()->claim().error().code, "log_damaged");
}

TEST_F(KafkaWriter, ABeginningThatIsGoneIsDamage) {
  ASSERT_TRUE(claimed()->append(some_drafts(5), 0));
  topic->low = 2;
  EXPECT_EQ(read_all(*reader()).end.error().code, "log_damaged");
  EXPECT_EQ(reader()->history().error().code, "log_damaged");
  EXPECT_EQ(writer()->claim().error().code, "log_damaged");
}

TEST_F(KafkaWriter, ANewerFormatIsRefused) {
  ASSERT_TRUE(claimed()->append(some_drafts(1), 0));
  Bytes newer = topic->messages.back();
  newer[4] = 2;
  std::fill(newer.begin() + 12, newer.begin() + 16, '\0');
  const std::uint32_t sum = crc32c(newer);
  for (int i = 0; i < 4; ++i) newer[12 + i] = static_cast<char>(sum >> (8 * i));
  topic->messages.push_back(newer);
  EXPECT_EQ(read_all(*reader()).end.error().code, "unsupported_format");
}

TEST_F(KafkaWriter, ALogThatWasReplacedWhileTheConnectionWasLostIsNoticed) {
  const auto log = claimed();
  ASSERT_TRUE(log->append(some_drafts(4), 0));
  const auto follower = reader();
  const Bookmark place = read_all(*follower).end.value();

  // Another history of the same length, and more.
  topic->messages.clear();
  const auto other = claimed();
  ASSERT_TRUE(other->append(some_drafts(6), 0));
  ++topic->interruptions;
  EXPECT_EQ(read_all(*follower, place).end.error().code, "log_replaced");
  EXPECT_FALSE(log->append(some_drafts(1, 4), 4));
  EXPECT_EQ(records(), 6u);
}

TEST_F(KafkaWriter, WhatIsStoredWhereItShouldNotBeIsUnknown) {
  const auto log = claimed();
  ASSERT_TRUE(log->append(some_drafts(1), 0));
  topic->messages.insert(topic->messages.end(), 5, "void");
  ASSERT_TRUE(log->append(some_drafts(1, 1), 1));
  topic->messages.resize(3);  // the tail is lost, and with it a record that was answered
  EXPECT_EQ(log->append(some_drafts(1, 2), 2).error().code, "outcome_unknown");
}

TEST_F(KafkaWriter, ALostConnectionAloneChangesNothing) {
  const auto log = claimed();
  const auto follower = reader();
  Bookmark place;
  for (Position tail = 0; tail < 20; tail += 2) {
    ++topic->interruptions;
    ASSERT_TRUE(log->append(some_drafts(2, tail), tail));
    ++topic->interruptions;
    const auto read = read_all(*follower, place);
    ASSERT_TRUE(read.end) << read.end.error().message;
    EXPECT_EQ(read.hashes.size(), 2u);
    place = *read.end;
  }
}

}  // namespace
}  // namespace kring::testing
