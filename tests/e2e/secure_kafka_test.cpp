// The log on brokers that want TLS and know their users, with the settings of kring.toml that people make for it.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "events/base/text.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

namespace fs = std::filesystem;

constexpr int refused_within = 2;  // seconds, where brokers let nobody in

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) { return text.replace(text.find(what), what.size(), by); }

class SecureKafka : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { broker_ = new KafkaBroker(1, KafkaBroker::Doors::secure); }
  static void TearDownTestSuite() { delete broker_; }

  SecureKafka() {
    for (const char* name : {"password", "client.password"}) secrets_.push_back(first_line(file(name)));
  }

  static std::string file(const std::string& name) { return broker_->secure_file(name); }
  static std::string url(const std::string& listener) { return concat("kafka://", first_line(file(listener + ".address")), "/", topic_name()); }
  static std::string topic_name() { return ::testing::UnitTest::GetInstance()->current_test_info()->name(); }
  std::string data(const std::string& name = "a") const { return concat(directory_.path(), "/", name); }

  // As docs/kafka.md shows it: the password lies in a file beside kring.toml.
  std::string with_password(const std::string& mechanism = "PLAIN") const {
    return concat("security.protocol = \"SASL_SSL\"\nssl.ca.location = \"", file("ca.pem"), "\"\nsasl.mechanisms = \"", mechanism,
                  "\"\nsasl.username = \"kring\"\nsasl.password_file = \"kafka.password\"\n");
  }
  std::string with_certificate() const {
    return concat("security.protocol = \"SSL\"\nssl.ca.location = \"", file("ca.pem"), "\"\nssl.certificate.location = \"", file("client.pem"),
                  "\"\nssl.key.location = \"", file("client.key"), "\"\nssl.key.password_file = \"", file("client.password"), "\"\n");
  }
  void prepare(const std::string& settings, const std::string& name = "a", int answer_within = 20) const {
    fs::create_directories(data(name));
    std::ofstream(data(name) + "/kring.toml") << "[kafka]\nallow_unreplicated = true\nanswer_within = " << answer_within << "\n" << settings;
    fs::copy_file(file("password"), data(name) + "/kafka.password", fs::copy_options::overwrite_existing);
  }

  Ran kring(const std::string& listener, std::vector<std::string> arguments, const std::string& input = "", const std::string& name = "a") const {
    arguments.insert(arguments.begin(), {"--data", data(name), "--log", url(listener)});
    Ran ran = run(Kring::program(), arguments, input);
    expect_no_secret(ran);
    return ran;
  }
  void expect_no_secret(const Ran& ran) const {
    for (const std::string& secret : secrets_) EXPECT_EQ((ran.out + ran.err).find(secret), std::string::npos);
  }
  // Whichever command it is, with what people are told.
  void expect_refused(const std::string& listener, int exit_code, const std::vector<std::string>& words) const {
    for (const std::string command : {"check", "submit", "node"}) {
      const auto begin = std::chrono::steady_clock::now();
      const Ran ran = kring(listener, command == "check" ? std::vector<std::string>{"topic", command} : std::vector<std::string>{command});
      EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(refused_within + 5)) << command;
      EXPECT_EQ(ran.exit_code, exit_code) << command << ran.err;
      EXPECT_EQ(ran.out, "");
      for (const std::string& word : words) EXPECT_NE(ran.err.find(word), std::string::npos) << command << ", " << word << ": " << ran.err;
    }
  }
  void expect_everything_works(const std::string& listener, const std::string& settings) const;

  static inline KafkaBroker* broker_ = nullptr;
  const TemporaryDirectory directory_;
  std::vector<std::string> secrets_;
};

std::string registration(const std::string& person) {
  return concat(R"({"type":"register_person","person":")", person, R"(","area":"breda-noord","role":"coordinator","name":"Noor Voorbeeld","id":")", person, "\"}\n");
}
const std::string enrolment = R"({"type":"enrol","theme":"re-integratie","area":"breda-noord","person":"p-1"})" "\n";

void SecureKafka::expect_everything_works(const std::string& listener, const std::string& settings) const {
  prepare(settings);
  const Ran made = kring(listener, {"topic", "create", "--replicas", "1"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  ASSERT_EQ(kring(listener, {"init"}).exit_code, 0);
  const Ran submitted = kring(listener, {"submit"}, registration("p-1") + enrolment);
  ASSERT_EQ(submitted.exit_code, 0) << submitted.out << submitted.err;
  EXPECT_EQ(kring(listener, {"verify"}).exit_code, 0);

  // A second directory has the names through the topic of the keys, and a node writes there.
  prepare(settings, "b");
  fs::copy_file(data() + ".kek", data("b") + ".kek");
  const Ran roster = kring(listener, {"roster", "re-integratie"}, "", "b");
  ASSERT_EQ(roster.exit_code, 0) << roster.err;
  EXPECT_EQ(roster.object().at("seats").as_array().at(0).at("name").as_string(), "Noor Voorbeeld");
  Running node(Kring::program(), {"--data", data("b"), "--log", url(listener), "node", "--takeover-after", "6"});
  std::string answer;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  do {
    node.write(registration("p-2"));
    answer = node.read_line();
  } while (answer.find("not_here") != std::string::npos && std::chrono::steady_clock::now() < deadline);
  EXPECT_NE(answer.find("accepted"), std::string::npos) << answer;
  node.send(SIGTERM);
  const Ran ended = node.finish();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  expect_no_secret(ended);
}

TEST_F(SecureKafka, TakesUsersWithAPasswordOverTls) { expect_everything_works("SASL_SSL", with_password()); }

TEST_F(SecureKafka, TakesUsersWithACertificate) { expect_everything_works("SSL", with_certificate()); }

TEST_F(SecureKafka, SaysWhoIsNotLetInAndWhy) {
  const std::string address = first_line(file("SASL_SSL.address"));
  const auto wrong = [this](const std::string& settings) { prepare(settings, "a", refused_within); };
  wrong(with_password());
  std::ofstream(data() + "/kafka.password") << "not-the-password\n";
  secrets_.emplace_back("not-the-password");
  expect_refused("SASL_SSL", 2, {concat(address, " does not let us in"), "Invalid username or password"});

  wrong(replaced(with_password(), "ca.pem", "stranger.pem"));
  expect_refused("SASL_SSL", 2, {address, "certificate verify failed", "ssl.ca.location"});
  wrong("");  // no TLS at all
  expect_refused("SASL_SSL", 2, {address, "security.protocol"});
  wrong(concat("security.protocol = 'SSL'\nssl.ca.location = '", file("ca.pem"), "'\n"));
  expect_refused("SSL", 2, {"alert bad certificate"});

  // Debian 12 has librdkafka 2.0.2, and the broker here is a later one than it can do SCRAM with.
  wrong(with_password("SCRAM-SHA-512"));
  if (rd_kafka_version() >= 0x020601ff) {
    EXPECT_EQ(kring("SASL_SSL", {"topic", "create", "--replicas", "1"}).exit_code, 0);
  } else {
    expect_refused("SASL_SSL", 2, {"does not let us in", rd_kafka_version_str(), "PLAIN over SASL_SSL"});
  }
}

TEST_F(SecureKafka, SaysWhichFileIsWrongAndWhoNamesIt) {
  prepare(with_password());
  fs::remove(data() + "/kafka.password");
  expect_refused("SASL_SSL", 2, {data() + "/kring.toml:8: 'sasl.password_file'", data() + "/kafka.password", "No such file"});
  prepare(replaced(with_password(), "ca.pem", "no.pem"));
  expect_refused("SASL_SSL", 2, {data() + "/kring.toml:5: 'ssl.ca.location'", "no.pem", "No such file"});
  prepare(replaced(with_certificate(), file("client.password"), file("password")));
  expect_refused("SSL", 3, {"ssl.key.location", "ssl.key.password_file"});
}

}  // namespace
}  // namespace kring::test
