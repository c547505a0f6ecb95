// What the group of nodes suggests, on a real broker.
#include "events/log/kafka/membership.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "events/base/text.h"
#include "events/log/kafka/topic.h"
#include "tests/support/kafka_broker.h"

namespace kring::testing {
namespace {

constexpr std::int32_t partitions = 4;

class Memberships : public ::testing::Test {
 protected:
  struct Member {
    std::set<std::int32_t> has;
    bool lost = false;
    std::unique_ptr<Membership> membership;  // goes first, and takes back what it gave
  };

  Memberships() {
    static int number = 0;
    kafka = broker.options(concat("group-", std::chrono::steady_clock::now().time_since_epoch().count(), "-", ++number));
    const auto made = create_topics(kafka, partitions, 1);
    EXPECT_TRUE(made) << made.error().message;
  }

  std::unique_ptr<Member> member(const std::string& name) {
    auto one = std::make_unique<Member>();
    MembershipOptions options;
    options.kafka = kafka;
    options.group = kafka.topic;
    options.node = name;
    options.silence = std::chrono::milliseconds(6000);  // the least that brokers take
    options.given = [raw = one.get()](std::span<const std::int32_t> given) { raw->has.insert(given.begin(), given.end()); };
    options.taken = [raw = one.get()](std::span<const std::int32_t> taken, bool lost) {
      raw->lost |= lost;
      for (const std::int32_t partition : taken) raw->has.erase(partition);
    };
    auto joined = join(std::move(options));
    EXPECT_TRUE(joined) << joined.error().message;
    one->membership = std::move(*joined);
    return one;
  }

  // Polls these until it is so. False: it took too long.
  static bool until(std::initializer_list<Member*> members, const std::function<bool()>& so, const std::function<void()>& always = {}) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!so()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      for (Member* member : members) {
        const auto polled = member->membership->poll(std::chrono::milliseconds(50));
        EXPECT_TRUE(polled) << polled.error().message;
      }
      if (always) always();
    }
    return true;
  }

  test::KafkaBroker& broker = test::KafkaBroker::shared();
  KafkaOptions kafka;
};

TEST_F(Memberships, NodesShareThePartitionsAndGiveThemUpBeforeOthersHaveThem) {
  const auto first = member("first");
  ASSERT_TRUE(until({first.get()}, [&] { return first->has.size() == partitions; }));
  auto second = member("second");
  const auto nobody_twice = [&] {
    for (const std::int32_t partition : first->has) EXPECT_FALSE(second->has.contains(partition)) << partition;
  };
  ASSERT_TRUE(until({first.get(), second.get()}, [&] { return first->has.size() == 2 && second->has.size() == 2; }, nobody_twice));
  second->membership->leave();
  EXPECT_TRUE(second->has.empty());
  EXPECT_TRUE(until({first.get()}, [&] { return first->has.size() == partitions; }));
  EXPECT_FALSE(first->lost || second->lost);
}

TEST_F(Memberships, ANodeThatHangsLosesItsPartitionsAndIsToldWhenItWakes) {
  const auto first = member("first"), second = member("second");
  ASSERT_TRUE(until({first.get(), second.get()}, [&] { return first->has.size() == 2 && second->has.size() == 2; }));
  ASSERT_TRUE(until({first.get()}, [&] { return first->has.size() == partitions; }));  // the second one does not poll
  EXPECT_EQ(second->has.size(), 2u);
  EXPECT_TRUE(until({first.get(), second.get()}, [&] { return second->lost; }));
  EXPECT_TRUE(until({first.get(), second.get()}, [&] { return first->has.size() == 2 && second->has.size() == 2; }));
}

TEST_F(Memberships, WhoLeavesBeforeAnythingWasGivenLeaves) {
  member("hasty");
  const auto patient = member("patient");
  EXPECT_TRUE(until({patient.get()}, [&] { return patient->has.size() == partitions; }));
}

}  // namespace
}  // namespace kring::testing
