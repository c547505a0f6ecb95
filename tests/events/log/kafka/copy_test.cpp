// A history that moves from a log on Kafka, where no lock keeps others away.
#include <gtest/gtest.h>

#include "events/log/copy_log.h"
#include "events/log/kafka/writer.h"
#include "events/log/memory/memory_log.h"
#include "tests/events/log/support.h"
#include "tests/support/fake_partition.h"

namespace kring::testing {
namespace {

class CopyFromKafka : public ::testing::Test {
 protected:
  CopyFromKafka() { EXPECT_TRUE(claimed()->append(some_drafts(10), 0)); }

  std::unique_ptr<KafkaLog> log() { return kafka::make_log({}, std::make_unique<FakePartition>(topic)); }
  std::unique_ptr<KafkaLog> claimed() {
    auto writer = log();
    EXPECT_TRUE(writer->claim());
    return writer;
  }
  std::unique_ptr<KafkaReader> reader() { return kafka::make_reader(std::make_unique<FakePartition>(topic)); }
  Result<Copied> copy(EventLog& to, CopyOptions options = {}) {
    options.successor = "file:/new";
    options.claim_late = true;
    return copy_log(*log(), to, options);
  }
  std::unique_ptr<EventLog> target() { return open_memory_log(store, reader()->history().value()); }

  std::shared_ptr<FakeTopic> topic = std::make_shared<FakeTopic>();
  std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>();
};

TEST_F(CopyFromKafka, TheSameLogUnderAnotherNameIsNotSealed) {
  const auto same = log();
  const auto copied = copy(*same);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, "target_taken");
  EXPECT_EQ(reader()->successor().value(), "");
  EXPECT_TRUE(claimed()->append(some_drafts(1, 10), 10));
}

TEST_F(CopyFromKafka, AWriterThatTakesOverBeforeTheSealPreventsIt) {
  CopyOptions options;
  options.before_seal = [&]() -> Result<void> {
    EXPECT_TRUE(claimed()->append(some_drafts(3, 10), 10));
    return {};
  };
  const auto copied = copy(*target(), options);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, "tail_moved");
  EXPECT_EQ(reader()->successor().value(), "");
  const auto again = copy(*target());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->tail.position, 13u);
  EXPECT_EQ(again->copied, 3u);
  EXPECT_EQ(read_all(*open_memory_reader(store)).hashes, read_all(*reader()).hashes);
}

TEST_F(CopyFromKafka, ASealWhoseDeliveryIsUnknownIsFoundByTheNextOne) {
  CopyOptions options;
  options.before_seal = [&]() -> Result<void> {
    topic->then = [](std::vector<kafka::Delivery>& reports) { reports[0] = {kafka::Delivery::Outcome::unknown, -1, "timed out"}; };
    return {};
  };
  EXPECT_EQ(copy(*target(), options).error().code, "outcome_unknown");
  const auto again = copy(*target());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->sealed_before);
}

}  // namespace
}  // namespace kring::testing
