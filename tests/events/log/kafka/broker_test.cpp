// The log on a real broker: damage, zombies, topics that are not fit.
#include <gtest/gtest.h>

#include "events/log/frame.h"
#include "events/log/kafka/kafka_log.h"
#include "tests/events/log/support.h"
#include "tests/support/kafka_broker.h"

namespace kring::testing {
namespace {

class KafkaOnABroker : public ::testing::Test {
 protected:
  std::unique_ptr<KafkaLog> claimed(const Bookmark& known = {}) {
    auto options = broker.options(topic);
    options.known = known;
    auto log = make_kafka_log(options);
    const auto tail = log->claim();
    EXPECT_TRUE(tail) << tail.error().message;
    return log;
  }
  std::unique_ptr<KafkaReader> reader() { return make_kafka_reader(broker.options(topic)); }
  std::vector<Hash> records() {
    const auto read = read_all(*reader());
    EXPECT_TRUE(read.end) << read.end.error().message;
    return read.hashes;
  }

  test::KafkaBroker& broker = test::KafkaBroker::shared();
  std::string topic = broker.make_topic();
};

// A record as the writer of `claim` would have sent it.
Bytes frame_of(const LogState& state, const std::string& body) {
  Frame frame;
  frame.position = state.position + 1;
  frame.epoch = state.epoch;
  frame.writer = state.writer;
  frame.previous = state.head;
  frame.body = body;
  RecordHasher hasher;
  frame.hash = hasher(state.history, frame.position, frame.previous, frame.recorded_at, frame.body);
  Bytes bytes;
  append_frame(bytes, frame);
  return bytes;
}

TEST_F(KafkaOnABroker, AWriterFrozenBeforeItsSendIsVoidForEveryReader) {
  WriterId id;
  id.fill(0x11);
  auto options = broker.options(topic);
  options.random = [&] { return id; };
  const auto old = make_kafka_log(options);
  ASSERT_TRUE(old->claim());
  const Bookmark tail = old->append(some_drafts(2), 0).value();
  const Bytes late = frame_of({old->history().value(), 1, id, tail.position, tail.hash}, "late");

  const auto young = claimed();
  broker.produce(topic, {late, late});  // before the new one has written
  ASSERT_TRUE(young->append(some_drafts(2, 2), 2));
  broker.produce(topic, {late});
  EXPECT_EQ(old->append(some_drafts(1, 2), 2).error().code, "tail_moved");
  ASSERT_TRUE(young->append(some_drafts(1, 4), 4));

  const auto reader = this->reader();
  const auto read = read_all(*reader);
  EXPECT_EQ(read.hashes.size(), 5u);
  EXPECT_EQ(reader->statistics().messages[static_cast<std::size_t>(Standing::not_the_writer)], 4u);
  EXPECT_EQ(read_all(*young).hashes, read.hashes);
}

TEST_F(KafkaOnABroker, WhatOtherProgramsWriteIsVoid) {
  broker.produce(topic, {"hello", ""});
  const auto log = claimed();
  ASSERT_TRUE(log->append(some_drafts(1), 0));
  broker.produce(topic, {Bytes(1000, 'x')});
  ASSERT_TRUE(log->append(some_drafts(1, 1), 1));
  EXPECT_EQ(records().size(), 2u);
}

TEST_F(KafkaOnABroker, ATruncatedTopicIsRefused) {
  auto log = claimed();
  const Bookmark tail = log->append(some_drafts(5), 0).value();
  const auto follower = reader();
  ASSERT_TRUE(read_all(*follower).end);
  broker.delete_records(topic, 3);
  EXPECT_EQ(read_all(*follower, tail).end.error().code, "log_damaged");
  const auto refused = read_all(*reader()).end;
  EXPECT_EQ(refused.error().code, "log_damaged");
  EXPECT_NE(refused.error().message.find("offset 3"), std::string::npos) << refused.error().message;
  EXPECT_EQ(make_kafka_log(broker.options(topic))->claim().error().code, "log_damaged");
}

TEST_F(KafkaOnABroker, ARecreatedTopicIsRefused) {
  const Bookmark tail = claimed()->append(some_drafts(3), 0).value();
  broker.delete_topic(topic);
  EXPECT_EQ(read_all(*reader()).end.error().code, "topic_not_found");
  broker.make_topic_named(topic);
  auto options = broker.options(topic);
  options.known = tail;
  EXPECT_EQ(make_kafka_log(options)->claim().error().code, "log_replaced");
  ASSERT_TRUE(claimed()->append(some_drafts(4), 0));
  EXPECT_EQ(make_kafka_log(options)->claim().error().code, "log_replaced");
  EXPECT_EQ(read_all(*reader(), tail).end.error().code, "log_replaced");
  EXPECT_EQ(records().size(), 4u);
}

TEST_F(KafkaOnABroker, ATopicOfAnotherHistoryIsRefused) {
  const Bookmark tail = claimed()->append(some_drafts(3), 0).value();
  const std::string mine = std::exchange(topic, broker.make_topic());
  ASSERT_TRUE(claimed()->append(some_drafts(3), 0));
  EXPECT_EQ(read_all(*reader(), tail).end.error().code, "log_replaced");
  topic = mine;
  EXPECT_TRUE(read_all(*reader(), tail).end);
}

TEST_F(KafkaOnABroker, ATopicThatCouldLoseRecordsIsRefusedWithAllReasons) {
  topic = broker.make_topic({{"cleanup.policy", "compact"}, {"retention.ms", "1000000"}, {"max.message.bytes", "1000"}});
  auto options = broker.options(topic);
  for (const bool allowed : {true, false}) {
    options.allow_unreplicated = allowed;
    const Error error = make_kafka_log(options)->claim().error();
    EXPECT_EQ(error.code, "topic_refused");
    for (const char* name : {"cleanup.policy is compact", "retention.ms is 1000000", "max.message.bytes is 1000"})
      EXPECT_NE(error.message.find(name), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find("1 replica") == std::string::npos, allowed) << error.message;
    EXPECT_EQ(make_kafka_reader(options)->history().error().code, "topic_refused");
  }
}

TEST_F(KafkaOnABroker, APartitionThatIsNotThereIsRefused) {
  auto options = broker.options(topic);
  options.partition = 7;
  EXPECT_EQ(make_kafka_reader(options)->history().error().code, "topic_refused");
}

TEST_F(KafkaOnABroker, AThousandRecordsAreReadInOrderFromAnywhere) {
  const auto log = claimed();
  for (Position tail = 0; tail < 1000; tail += 100) ASSERT_TRUE(log->append(some_drafts(100, tail), tail));
  const auto all = records();
  ASSERT_EQ(all.size(), 1000u);
  const auto reader = this->reader();
  for (const Position position : {1000, 1, 500, 499, 501, 64, 999})
    ASSERT_TRUE(reader->read_at(position, [&](const LogEntry& entry) {
      EXPECT_EQ(entry.hash, all[position - 1]);
      EXPECT_EQ(read_all(*reader, entry.after).hashes.size(), 1000 - position);
    }));
}

}  // namespace
}  // namespace kring::testing
