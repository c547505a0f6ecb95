// What a topic must be to hold a log.
#include "events/log/kafka/topic.h"

#include <gtest/gtest.h>

namespace kring {
namespace {

KafkaTopic fit() { return {1, 3, topic_settings(3)}; }
KafkaTopic fit_for_keys() { return {1, 3, key_topic_settings(3)}; }

std::vector<std::string> violations_of(const KafkaTopic& log, const std::optional<KafkaTopic>& keys, const KafkaOptions& options = {}) {
  KafkaTopics topics;
  topics.log = log;
  topics.keys = keys;
  return topic_violations(topics, options);
}

KafkaOptions options_for(const std::string& topic) {
  KafkaOptions options;
  options.topic = topic;
  return options;
}

TEST(KafkaTopicRules, ATopicAsWeMakeItIsFit) {
  EXPECT_TRUE(violations_of(fit(), fit_for_keys()).empty());
  EXPECT_TRUE(violations_of(fit(), {}).empty()) << "who needs the other one asks for it";
  KafkaOptions options;
  options.allow_unreplicated = true;
  EXPECT_TRUE(violations_of({1, 1, topic_settings(1)}, KafkaTopic{1, 1, key_topic_settings(1)}, options).empty());
}

TEST(KafkaTopicRules, EachSettingThatCouldLoseRecordsIsNamed) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"cleanup.policy", "compact"},
                                                                      {"cleanup.policy", "compact,delete"},
                                                                      {"retention.ms", "604800000"},
                                                                      {"retention.bytes", "1073741824"},
                                                                      {"unclean.leader.election.enable", "true"},
                                                                      {"max.message.bytes", "1048588"},
                                                                      {"min.insync.replicas", "1"}}) {
    KafkaTopic topic = fit();
    topic.settings[name] = value;
    auto violations = violations_of(topic, {});
    ASSERT_EQ(violations.size(), 1u) << name;
    EXPECT_NE(violations[0].find(name), std::string::npos) << violations[0];
    EXPECT_NE(violations[0].find(value), std::string::npos) << violations[0];
    topic.settings.erase(name);  // what the broker does not tell is no reason to trust it
    EXPECT_EQ(violations_of(topic, {}).size(), 1u) << name;
  }
}

TEST(KafkaTopicRules, AllViolationsAreListed) {
  KafkaOptions options;
  options.partition = 1;
  KafkaTopic topic{1, 1, {}};
  EXPECT_EQ(violations_of(topic, {}, options).size(), 8u);
  options.allow_unreplicated = true;
  EXPECT_EQ(violations_of(topic, {}, options).size(), 6u);
}

TEST(KafkaTopicRules, FewReplicasNeedASettingThatSaysSo) {
  KafkaTopic topic = fit();
  topic.replicas = 2;
  ASSERT_EQ(violations_of(topic, {}).size(), 1u);
  EXPECT_NE(violations_of(topic, {})[0].find("2 replicas"), std::string::npos);
}

TEST(KafkaTopicRules, TheTopicForKeysIsLookedAtAsWell) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"cleanup.policy", "delete"},
                                                                      {"cleanup.policy", "compact,delete"},
                                                                      {"unclean.leader.election.enable", "true"},
                                                                      {"max.compaction.lag.ms", "9223372036854775807"},
                                                                      {"segment.ms", "604800000"},
                                                                      {"min.insync.replicas", "1"}}) {
    KafkaTopic keys = fit_for_keys();
    keys.settings[name] = value;
    const auto violations = violations_of(fit(), keys, options_for("kring"));
    ASSERT_EQ(violations.size(), 1u) << name;
    EXPECT_NE(violations[0].find("kring-keys: " + name), std::string::npos) << violations[0];
    EXPECT_NE(violations[0].find(value), std::string::npos) << violations[0];
    keys.settings.erase(name);
    EXPECT_EQ(violations_of(fit(), keys).size(), 1u) << name;
  }
  KafkaTopic keys = fit_for_keys();
  keys.settings["max.compaction.lag.ms"] = "86400000";
  EXPECT_TRUE(violations_of(fit(), keys).empty()) << "a day at most";
  keys.replicas = 1;
  EXPECT_EQ(violations_of(fit(), keys).size(), 1u);
}

// Where a programme belongs is reckoned by the number of partitions: it must stay what it was.
TEST(KafkaTopicRules, PartitionsThatWereAddedAreNoticed) {
  KafkaTopic more = fit();
  more.partitions = 3;
  const auto violations = violations_of(more, fit_for_keys(), options_for("kring"));
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_NE(violations[0].find("it has 1 partition, and kring has 3"), std::string::npos) << violations[0];
}

}  // namespace
}  // namespace kring
