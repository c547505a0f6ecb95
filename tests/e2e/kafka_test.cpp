// The program on a log on Kafka, as people use it, and while the broker dies.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "events/base/text.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

// kring on a data directory of its own, and a topic.
class KafkaKring {
 public:
  explicit KafkaKring(std::string url, const std::string& settings = "allow_unreplicated = true\n") : url_(std::move(url)) {
    std::filesystem::create_directories(kring_.data());
    std::ofstream(kring_.data() + "/kring.toml") << "[kafka]\n" << settings;
  }
  Ran operator()(std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"--log", url_});
    return kring_(std::move(arguments), input);
  }
  Ran embedded(const std::vector<std::string>& arguments, const std::string& input) const { return kring_(arguments, input); }

 private:
  Kring kring_;
  std::string url_;
};

std::string url(const KafkaBroker& broker, const std::string& topic) { return concat("kafka://", broker.address(), "/", topic); }

const std::string programme = R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2025-12-31","id":"def"}
{"type":"add_theme","theme":"schulden","title":"Schulden","id":"theme"}
{"type":"register_area","area":"zuid","name":"Zuid","municipality":"Heerlen","id":"area"}
)";

std::string registrations(int from, int to) {
  std::string lines;
  for (int i = from; i < to; ++i)
    lines += concat(R"({"type":"register_person","person":"p-)", i, R"(","area":"zuid","role":"coordinator","name":"Noor Voorbeeld","id":"r-)", i, "\"}\n");
  return lines;
}

const std::string enrolment = R"({"type":"enrol","theme":"schulden","area":"zuid","person":"p-0","id":"enrol"}
)";

std::string statuses(const Ran& ran) {
  std::map<std::string, int> counts;
  for (const auto& line : ran.lines()) ++counts[std::string(line.at("status").as_string())];
  std::string text;
  for (const auto& [status, count] : counts) text += concat(text.empty() ? "" : " ", count, " ", status);
  return text;
}

TEST(OnKafka, EveryCommandOfTheProgramWorks) {
  auto& broker = KafkaBroker::shared();
  const std::string place = url(broker, concat("e2e-", std::chrono::steady_clock::now().time_since_epoch().count()));
  const KafkaKring kring(place);
  EXPECT_EQ(kring({"roster", "schulden"}).exit_code, 2);
  const Ran made = kring({"topic", "create", "--replicas", "1"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(made.object().at("violations").as_array().size(), 0u);
  EXPECT_EQ(kring({"topic", "create", "--replicas", "1"}).exit_code, 2);
  EXPECT_EQ(kring({"topic", "check"}).exit_code, 0);
  EXPECT_NE(kring({"roster", "schulden"}).err.find("there are no data"), std::string::npos);

  const Ran submitted = kring({"submit"}, programme + registrations(0, 3) + enrolment);
  EXPECT_EQ(statuses(submitted), "7 accepted") << submitted.out << submitted.err;
  EXPECT_EQ(submitted.lines().back().at("position").to_number<int>(), 7);
  EXPECT_EQ(statuses(kring({"submit"}, enrolment)), "1 duplicate");
  EXPECT_EQ(kring({"init"}).exit_code, 0);

  const auto roster = kring({"roster", "schulden", "--programme", "proef"}).object();
  EXPECT_EQ(roster.at("seats").as_array().at(0).at("name").as_string(), "Noor Voorbeeld");
  for (const std::string read : {"venues", "sessions", "conflicts", "areas", "programme"})
    EXPECT_EQ(kring({read, "--programme", "proef", "--as-of", "5"}).exit_code, 0) << read;
  EXPECT_EQ(kring({"history", "--person", "p-0", "--programme", "proef"}).lines().size(), 2u);
  EXPECT_EQ(kring({"log", "--from", "6", "--limit", "2"}).lines().size(), 2u);
  EXPECT_EQ(kring({"rebuild"}).exit_code, 0);
  EXPECT_EQ(kring({"stats"}).exit_code, 0);
  const Ran verified = kring({"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_EQ(kring({"repair", "--cut-at", "3"}).exit_code, 1);

  // Another directory on the same log: the same decisions, no keys, and no command is carried out twice.
  const KafkaKring other(place);
  const auto seats = other({"roster", "schulden", "--programme", "proef"}).object().at("seats").as_array();
  EXPECT_EQ(seats.at(0).at("person").as_string(), "p-0");
  EXPECT_TRUE(seats.at(0).at("name").is_null());
}

TEST(OnKafka, WrongPlacesAreNamed) {
  auto& broker = KafkaBroker::shared();
  for (const std::string wrong : {"kafka://", "kafka://localhost/t", "kafka://localhost:9092", "kafka://localhost:9092/", "kafka://localhost:9092/t/x",
                                  "kafka://localhost:99999/t", "kafka://localhost:9092/t/0/1", "rabbit://localhost:9092/t"}) {
    const Ran ran = KafkaKring(wrong)({"programme"});
    EXPECT_EQ(ran.exit_code, 1) << wrong;
    EXPECT_NE(ran.err.find("kafka://HOST:PORT"), std::string::npos) << ran.err;
  }
  const Ran missing = KafkaKring(url(broker, "no-such-topic"))({"submit"}, programme);
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_NE(missing.err.find("kring topic create"), std::string::npos) << missing.err;

  const Ran single = KafkaKring(url(broker, broker.make_topic()), "")({"submit"}, programme);
  EXPECT_EQ(single.exit_code, 2);
  EXPECT_NE(single.err.find("1 replica"), std::string::npos) << single.err;
  EXPECT_NE(single.err.find("min.insync.replicas"), std::string::npos) << single.err;

  const Ran setting = KafkaKring(url(broker, "t"), "sasl.password = 'geheim'\n")({"programme"});
  EXPECT_EQ(setting.exit_code, 3);
  EXPECT_NE(setting.err.find("kring.toml:2"), std::string::npos) << setting.err;
  EXPECT_EQ(setting.err.find("geheim"), std::string::npos);

  const Ran flag = KafkaKring(url(broker, "t"), "answer_by_offsets = 'yes'\n")({"programme"});
  EXPECT_EQ(flag.exit_code, 3);
  EXPECT_NE(flag.err.find("kring.toml:2: 'answer_by_offsets' must be true or false"), std::string::npos) << flag.err;

  const auto begin = std::chrono::steady_clock::now();
  const Ran nowhere = KafkaKring("kafka://127.0.0.1:1/t", "answer_within = 1\n")({"submit"}, programme);
  EXPECT_EQ(nowhere.exit_code, 2);
  EXPECT_NE(nowhere.err.find("127.0.0.1:1 does not answer"), std::string::npos) << nowhere.err;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(OnKafka, ADirectoryRefusesATopicThatIsNotItsOwn) {
  auto& broker = KafkaBroker::shared();
  const std::string topic = broker.make_topic();
  const KafkaKring kring(url(broker, topic));
  ASSERT_EQ(kring({"submit"}, programme).exit_code, 0);
  broker.delete_topic(topic);
  broker.make_topic_named(topic);
  const Ran refused = kring({"submit"}, registrations(0, 1));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("replaced"), std::string::npos) << refused.err;
  EXPECT_EQ(make_kafka_reader(broker.options(topic))->history().value(), HistoryId{}) << "nothing may be written there";
}

// A writer destroys the keys that no record of its log names: those of another log in the same directory, too.
TEST(OnKafka, ADirectoryWithALogOfItsOwnIsNotSharedWithAnother) {
  auto& broker = KafkaBroker::shared();
  const std::string empty = broker.make_topic(), used = broker.make_topic();
  ASSERT_EQ(KafkaKring(url(broker, used))({"submit"}, programme).exit_code, 0);
  const Kring kring;
  std::filesystem::create_directories(kring.data());
  std::ofstream(kring.data() + "/kring.toml") << "[kafka]\nallow_unreplicated = true\n";
  ASSERT_EQ(kring.submit(programme + registrations(0, 3) + enrolment).exit_code, 0);
  for (const bool with_models : {true, false}) {
    if (!with_models) std::filesystem::remove_all(kring.data() + "/read-models");
    for (const std::string& topic : {empty, used}) {
      const auto before = broker.messages(topic).size();
      for (const std::string command : {"submit", "init", "node", "verify"}) {
        if (topic == empty && command == "verify") continue;  // there are no data
        const Ran refused = kring({"--log", url(broker, topic), command}, programme);
        EXPECT_EQ(refused.exit_code, 2) << command;
        EXPECT_NE(refused.err.find(kring.data() + " has an embedded log"), std::string::npos) << command << ": " << refused.err;
      }
      EXPECT_EQ(broker.messages(topic).size(), before) << "not even a claim";
    }
  }
  EXPECT_EQ(kring({"roster", "schulden"}).object().at("seats").as_array().at(0).at("name").as_string(), "Noor Voorbeeld");

  // Nor the other way round: where people forget --log.
  const KafkaKring of_topic(url(broker, empty));
  ASSERT_EQ(of_topic({"submit"}, programme + registrations(0, 1)).exit_code, 0);
  const Ran begun = of_topic.embedded({"submit"}, programme);
  EXPECT_EQ(begun.exit_code, 2);
  EXPECT_NE(begun.err.find("/keys, and no log: where that is on Kafka, name it with --log"), std::string::npos) << begun.err;
  EXPECT_EQ(of_topic({"person", "p-0"}).object().at("name").as_string(), "Noor Voorbeeld");
}

// The topic was fit, and is not any more: whoever turns to it is told why, also who only reads.
TEST(OnKafka, ATopicThatWasChangedSinceIsRefused) {
  auto& broker = KafkaBroker::shared();
  const std::string topic = broker.make_topic();
  const KafkaKring kring(url(broker, topic));
  ASSERT_EQ(kring({"submit"}, programme).exit_code, 0);
  for (const auto& [name, value] : {std::pair("cleanup.policy", "compact"), std::pair("retention.ms", "604800000"), std::pair("retention.bytes", "1000000")}) {
    broker.change_topic(topic, {{name, value}});
    for (const std::string command : {"submit", "log", "topic"}) {
      const Ran refused = kring(command == "topic" ? std::vector<std::string>{"topic", "check"} : std::vector<std::string>{command}, registrations(0, 1));
      EXPECT_EQ(refused.exit_code, 2) << command;
      EXPECT_NE(refused.err.find(concat(name, " is ", value)), std::string::npos) << command << ": " << refused.err;
    }
  }
  broker.change_topic(topic, {});
  EXPECT_EQ(kring({"log"}).lines().size(), 3u) << "nothing was written";
  EXPECT_EQ(kring({"verify"}).exit_code, 0);
}

TEST(OnKafka, ATopicWhoseRecordsAreGoneIsRefused) {
  auto& broker = KafkaBroker::shared();
  const std::string topic = broker.make_topic();
  const KafkaKring kring(url(broker, topic));
  ASSERT_EQ(kring({"submit"}, programme).exit_code, 0);
  broker.delete_records(topic, 2);
  for (const std::string command : {"submit", "log", "verify"}) {
    const Ran refused = kring({command}, registrations(0, 1));
    EXPECT_EQ(refused.exit_code, 2) << command;
    EXPECT_NE(refused.err.find("begins at offset 2"), std::string::npos) << command << ": " << refused.err;
  }
}

// Cut short: the topic was made anew from an older copy of its own records, as a restored backup is.
TEST(OnKafka, ATopicOfAnotherHistoryOrAnOlderOneIsRefused) {
  auto& broker = KafkaBroker::shared();
  const std::string topic = broker.make_topic();
  const KafkaKring kring(url(broker, topic)), other(url(broker, topic));
  ASSERT_EQ(kring({"submit"}, programme).exit_code, 0);
  const std::vector<Bytes> older = broker.messages(topic);
  ASSERT_EQ(kring({"submit"}, registrations(0, 3)).exit_code, 0);
  for (const bool same : {true, false}) {
    broker.delete_topic(topic);
    broker.make_topic_named(topic);
    if (same) {
      broker.produce(topic, older);
    } else {
      for (const std::string& keys : broker.topics(topic + "-")) broker.delete_topic(keys);  // they belong to the first history
      const Ran begun = other({"submit"}, programme + registrations(0, 9));
      ASSERT_EQ(begun.exit_code, 0) << begun.err;
    }
    const std::size_t before = broker.messages(topic).size();
    for (const std::string command : {"submit", "roster"}) {
      const Ran refused = kring(command == "submit" ? std::vector<std::string>{command} : std::vector<std::string>{command, "schulden"}, registrations(3, 4));
      EXPECT_EQ(refused.exit_code, 2) << command << refused.out;
      EXPECT_NE(refused.err.find("replaced"), std::string::npos) << command << ": " << refused.err;
    }
    EXPECT_EQ(broker.messages(topic).size(), before) << "nothing may be written there";
  }
}

// Every command is in the log once, where its answer said.
void expect_each_once(const KafkaKring& kring, std::size_t count) {
  const auto records = kring({"log"}).lines();
  EXPECT_EQ(records.size(), count);
  std::set<std::string> ids;
  for (const auto& record : records) EXPECT_TRUE(ids.insert(std::string(record.at("command").at("id").as_string())).second);
}

TEST(OnKafka, ABrokerThatIsKilledLosesNothingAndDoublesNothing) {
  KafkaBroker broker;
  const std::string topic = broker.make_topic();
  const KafkaKring kring(url(broker, topic), "allow_unreplicated = true\nanswer_within = 20\ndeliver_within = 60\n");
  const KafkaKring hasty(url(broker, topic), "allow_unreplicated = true\nanswer_within = 1\n");
  ASSERT_EQ(kring({"submit"}, programme).exit_code, 0);

  // Fed through a pipe: some commands are in the log, then the broker is killed, some wait for it, and it comes back.
  const TemporaryDirectory directory;
  const std::string pipe = directory.path() + "/commands";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const std::string load = registrations(0, 150);
  Ran first;
  std::thread submitting([&] { first = kring({"submit", pipe}); });
  {
    std::ofstream commands(pipe);
    commands << registrations(0, 50) << std::flush;
    const auto reader = make_kafka_reader(broker.options(topic));
    Bookmark place;
    while (place.position < 53) place = reader->read(place, [](const LogEntry&) { return true; }).value();
    broker.kill();
    commands << registrations(50, 100) << std::flush;
    EXPECT_EQ(hasty({"roster", "schulden"}).exit_code, 2);
    broker.start();
    commands << registrations(100, 150);
  }
  submitting.join();
  EXPECT_EQ(first.lines().size(), 150u) << first.err;

  std::map<std::string, std::int64_t> answered;
  for (const auto& line : first.lines())
    if (line.at("status").as_string() == "accepted") answered[std::string(line.at("id").as_string())] = line.at("position").to_number<std::int64_t>();
  EXPECT_GE(answered.size(), 50u);
  const Ran again = kring({"submit"}, load);
  ASSERT_EQ(again.exit_code, 0) << again.err;
  for (const auto& line : again.lines()) {
    const std::string id(line.at("id").as_string());
    const auto found = answered.find(id);
    if (found == answered.end()) continue;
    EXPECT_EQ(line.at("status").as_string(), "duplicate") << id;
    EXPECT_EQ(line.at("position").to_number<std::int64_t>(), found->second) << id;
  }
  expect_each_once(kring, 153);
  EXPECT_EQ(kring({"verify"}).exit_code, 0);
}

}  // namespace
}  // namespace kring::test
