// Which settings of librdkafka may be made from outside, and how secrets come in. Nothing here needs a broker.
#include <gtest/gtest.h>

#include <fstream>

#include "events/log/kafka/kafka_log.h"
#include "tests/events/log/support.h"

namespace kring::testing {
namespace {

// Port 1: nobody listens there.
KafkaOptions nowhere() {
  KafkaOptions options;
  options.brokers = "127.0.0.1:1";
  options.topic = "log";
  options.answer_within = std::chrono::milliseconds(300);
  return options;
}

Error with(const std::string& name, const std::string& value) {
  KafkaOptions options = nowhere();
  options.client = {{name, value}};
  return make_kafka_reader(options)->history().error();
}

TEST(KafkaSettings, WhatIsNotOnTheListIsRefused) {
  for (const std::string name : {"sasl.password", "ssl.key.password", "enable.idempotence", "acks", "plugin.library.paths",
                                 "sasl.kerberos.kinit.cmd", "no.such.setting"}) {
    const Error error = with(name, "1");
    EXPECT_EQ(error.code, "invalid_settings") << name;
    EXPECT_EQ(error.member, name);
  }
}

TEST(KafkaSettings, AWrongValueIsRefusedInTheWordsOfTheLibrary) {
  const Error error = with("security.protocol", "secret");
  EXPECT_EQ(error.code, "invalid_settings");
  EXPECT_NE(error.message.find("security.protocol"), std::string::npos) << error.message;
}

TEST(KafkaSettings, SecretsComeFromFiles) {
  const TempDirectory directory;
  std::ofstream(directory / "password") << "geheim\n";
  KafkaOptions options = nowhere();
  options.client = {{"security.protocol", "SASL_PLAINTEXT"}, {"sasl.mechanisms", "PLAIN"}, {"sasl.username", "kring"}};
  EXPECT_EQ(make_kafka_reader(options)->history().error().code, "invalid_settings");  // no password at all
  options.client.emplace_back("sasl.password_file", directory / "password");
  EXPECT_EQ(make_kafka_reader(options)->history().error().code, "log_unreachable");
  options.client.back().second = directory / "missing";
  const Error error = make_kafka_reader(options)->history().error();
  EXPECT_EQ(error.code, "invalid_settings");
  EXPECT_NE(error.message.find("missing"), std::string::npos);
}

TEST(KafkaSettings, ABrokerThatIsNotThereIsNamedSoon) {
  const auto begin = std::chrono::steady_clock::now();
  const auto log = make_kafka_log(nowhere());
  const auto claimed = log->claim();
  ASSERT_FALSE(claimed);
  EXPECT_EQ(claimed.error().code, "log_unreachable");
  EXPECT_NE(claimed.error().message.find("127.0.0.1:1"), std::string::npos) << claimed.error().message;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace kring::testing
