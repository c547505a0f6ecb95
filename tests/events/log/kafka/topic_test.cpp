// What a topic must be to hold a log.
#include "events/log/kafka/topic.h"

#include <gtest/gtest.h>

namespace kring {
namespace {

KafkaTopic fit() { return {1, 3, topic_settings(3)}; }

TEST(KafkaTopicRules, ATopicAsWeMakeItIsFit) {
  EXPECT_TRUE(topic_violations(fit(), {}).empty());
  KafkaOptions options;
  options.allow_unreplicated = true;
  EXPECT_TRUE(topic_violations({1, 1, topic_settings(1)}, options).empty());
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
    auto violations = topic_violations(topic, {});
    ASSERT_EQ(violations.size(), 1u) << name;
    EXPECT_NE(violations[0].find(name), std::string::npos) << violations[0];
    EXPECT_NE(violations[0].find(value), std::string::npos) << violations[0];
    topic.settings.erase(name);  // what the broker does not tell is no reason to trust it
    EXPECT_EQ(topic_violations(topic, {}).size(), 1u) << name;
  }
}

TEST(KafkaTopicRules, AllViolationsAreListed) {
  KafkaOptions options;
  options.partition = 1;
  KafkaTopic topic{1, 1, {}};
  EXPECT_EQ(topic_violations(topic, options).size(), 8u);
  options.allow_unreplicated = true;
  EXPECT_EQ(topic_violations(topic, options).size(), 6u);
}

TEST(KafkaTopicRules, FewReplicasNeedASettingThatSaysSo) {
  KafkaTopic topic = fit();
  topic.replicas = 2;
  ASSERT_EQ(topic_violations(topic, {}).size(), 1u);
  EXPECT_NE(topic_violations(topic, {})[0].find("2 replicas"), std::string::npos);
}

}  // namespace
}  // namespace kring
