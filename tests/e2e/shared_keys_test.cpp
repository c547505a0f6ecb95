// Several data directories on one log on Kafka, with one key-encryption key: names, registering and forgetting, on a real broker.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "events/base/text.h"
#include "events/log/kafka/topic.h"
#include "events/privacy/key_slot.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/moved.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

const std::string begin = R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2027-12-31","id":"def"}
{"type":"add_theme","theme":"schulden","title":"Schulden","id":"theme"}
{"type":"register_area","area":"zuid","name":"Zuid","municipality":"Heerlen","id":"area"}
)";

std::string registered(const std::string& person, const std::string& name) {
  return concat(R"({"type":"register_person","person":")", person, R"(","area":"zuid","role":"coordinator","name":")", name, R"(","id":"r-)", person, "\"}\n");
}
std::string forgotten(const std::string& person) { return concat(R"({"type":"forget_person","person":")", person, R"(","id":"f-)", person, "\"}\n"); }

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class SharedKeysOnKafka : public testing::Test {
 protected:
  SharedKeysOnKafka() {
    ::setenv("KRING_KAFKA_ALLOW_UNREPLICATED", "1", 1);
    for (const std::string& data : {a, b, c}) std::filesystem::create_directories(data);
    for (const std::string& data : {b, c}) std::ofstream(data + "/kring.toml") << "key_encryption_key = '" << a << ".kek'\n";
  }
  ~SharedKeysOnKafka() override { ::unsetenv("KRING_KAFKA_ALLOW_UNREPLICATED"); }

  Ran kring(const std::string& data, std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"--data", data, "--log", url});
    return run(Kring::program(), arguments, input);
  }
  void submit(const std::string& data, const std::string& commands) const {
    const Ran ran = kring(data, {"submit"}, commands);
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  }
  json::Value name(const std::string& data, const std::string& person) const {
    const Ran ran = kring(data, {"person", person});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.object().at("name");
  }
  // The key that the slot with this number has, wrapped, and whether all of these files hold it.
  static Bytes wrapped(const std::string& data, std::size_t slot) {
    const KeySlot found = parse_key_slot(BytesView(content(data + "/keys")).substr((1 + slot) * key_slot_size, key_slot_size));
    EXPECT_TRUE(found.has_key());
    return found.wrapped;
  }
  static bool holds(const std::string& bytes, BytesView what) { return bytes.find(what) != std::string::npos; }

  KafkaBroker& broker = KafkaBroker::shared();
  TemporaryDirectory directory;
  const std::string a = directory.path() + "/a", b = directory.path() + "/b", c = directory.path() + "/c";
  const std::string topic = concat("keys-", std::chrono::steady_clock::now().time_since_epoch().count());
  std::string url = concat("kafka://", broker.address(), "/", topic);
};

TEST_F(SharedKeysOnKafka, every_directory_reads_registers_and_forgets) {
  ASSERT_EQ(kring(a, {"topic", "create", "--replicas", "1"}).exit_code, 0);
  submit(a, begin + registered("p-1", "Planteneen Eerste") + registered("p-2", "Plantentwee Tweede"));
  EXPECT_EQ(name(b, "p-1"), "Planteneen Eerste");
  const Bytes key = wrapped(a, 0);
  EXPECT_TRUE(holds(content(b + "/keys"), key));
  EXPECT_TRUE(holds(broker.stored(topic + "-keys"), key));

  submit(b, registered("p-3", "Plantendrie Derde"));
  EXPECT_EQ(name(a, "p-3"), "Plantendrie Derde");
  submit(b, forgotten("p-1"));
  EXPECT_FALSE(holds(content(b + "/keys"), key));
  EXPECT_TRUE(holds(content(a + "/keys"), key)) << "it has not read on";
  EXPECT_TRUE(name(a, "p-1").is_null());
  EXPECT_FALSE(holds(content(a + "/keys"), key));
  EXPECT_EQ(content(a + ".erased"), content(b + ".erased"));
  EXPECT_TRUE(name(c, "p-1").is_null());
  EXPECT_FALSE(holds(content(c + "/keys"), key));
  submit(a, registered("p-4", "Plantenvier Vierde"));
  for (const std::string& data : {a, b, c}) {
    EXPECT_EQ(name(data, "p-2"), "Plantentwee Tweede");
    EXPECT_EQ(name(data, "p-4"), "Plantenvier Vierde");
    const Ran verified = kring(data, {"verify"});
    EXPECT_EQ(verified.exit_code, 0) << verified.err;
    EXPECT_NE(verified.out.find("every text of those who are not forgotten"), std::string::npos) << verified.out;
  }
  for (const std::string& place : {topic, topic + "-keys"})
    for (const char* word : {"Planteneen", "Plantentwee", "Plantendrie", "Plantenvier"}) EXPECT_FALSE(holds(broker.stored(place), word)) << place << word;
}

TEST_F(SharedKeysOnKafka, without_the_key_encryption_key_names_are_null_and_nobody_writes) {
  ASSERT_EQ(kring(a, {"topic", "create", "--replicas", "1"}).exit_code, 0);
  submit(a, begin + registered("p-1", "Noor Voorbeeld"));
  std::filesystem::remove(b + "/kring.toml");
  const Ran read = kring(b, {"person", "p-1"});
  EXPECT_EQ(read.exit_code, 0) << read.err;
  EXPECT_TRUE(read.object().at("name").is_null());
  EXPECT_NE(read.err.find("b.kek"), std::string::npos) << read.err;
  const Ran refused = kring(b, {"submit"}, registered("p-2", "Bo Voorbeeld"));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("copy it from a data directory of the same log"), std::string::npos) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(b + ".kek"));
  std::ofstream(b + ".kek") << std::string(64, '7') << '\n';
  const Ran wrong = kring(b, {"submit"}, registered("p-2", "Bo Voorbeeld"));
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("another key-encryption key"), std::string::npos) << wrong.err;
  std::filesystem::copy_file(a + ".kek", b + ".kek", std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(name(b, "p-1"), "Noor Voorbeeld");
  submit(b, registered("p-2", "Bo Voorbeeld"));
}

TEST_F(SharedKeysOnKafka, the_topic_for_keys_is_checked_and_made_where_it_is_missing) {
  const std::string keys = topic + "-keys";
  url += "/1";  // where this programme belongs
  ASSERT_EQ(kring(a, {"topic", "create", "--replicas", "1", "--partitions", "2"}).exit_code, 0);
  submit(a, begin + registered("p-1", "Noor Voorbeeld"));
  broker.delete_topic(keys);
  const Ran missing = kring(a, {"topic", "check"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_NE(missing.err.find(keys), std::string::npos) << missing.err;
  EXPECT_TRUE(missing.object().at("keys").is_null());
  EXPECT_EQ(name(a, "p-1"), "Noor Voorbeeld") << "what is here can be read";
  const Ran refused = kring(a, {"submit"}, registered("p-2", "Bo Voorbeeld"));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("kring topic create"), std::string::npos) << refused.err;

  broker.make_topic_named(keys, key_topic_settings(1));  // of one partition
  const Ran fewer = kring(a, {"submit"}, registered("p-2", "Bo Voorbeeld"));
  EXPECT_EQ(fewer.exit_code, 2);
  EXPECT_NE(fewer.err.find("has 1 partition, and"), std::string::npos) << fewer.err;
  broker.delete_topic(keys);

  const Ran made = kring(a, {"topic", "create", "--replicas", "1"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(made.object().at("keys").at("partitions").to_number<int>(), 2) << "as many as the log's has";
  EXPECT_EQ(kring(b, {"submit"}, registered("p-2", "Bo Voorbeeld")).exit_code, 2) << "who has no keys does not begin";
  submit(a, registered("p-2", "Bo Voorbeeld"));
  EXPECT_EQ(name(b, "p-1"), "Noor Voorbeeld") << "they were published anew";
}

// A key that was destroyed goes from the brokers' disks, once its segment is closed and compacted.
TEST_F(SharedKeysOnKafka, compaction_takes_a_destroyed_key_from_the_brokers_disks) {
  const std::string keys = topic + "-keys";
  broker.make_topic_named(topic);
  auto settings = key_topic_settings(1);
  for (const auto& [setting, value] : KafkaBroker::Settings{{"segment.ms", "1"}, {"max.compaction.lag.ms", "1"}, {"min.cleanable.dirty.ratio", "0"}, {"file.delete.delay.ms", "1"}})
    settings[setting] = value;
  broker.make_topic_named(keys, settings);
  submit(a, begin + registered("p-1", "Noor Voorbeeld") + registered("p-2", "Bo Voorbeeld"));
  const Bytes key = wrapped(a, 0), other = wrapped(a, 1);
  submit(a, forgotten("p-1"));
  submit(a, registered("p-3", "Li Voorbeeld"));  // what comes later closes the segment
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (holds(broker.stored(keys), key) && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(holds(broker.stored(keys), key));
  EXPECT_TRUE(holds(broker.stored(keys), other));
  EXPECT_EQ(name(b, "p-2"), "Bo Voorbeeld");
}

TEST_F(SharedKeysOnKafka, a_node_that_follows_has_the_names_and_loses_those_who_are_forgotten) {
  ASSERT_EQ(kring(a, {"topic", "create", "--replicas", "1"}).exit_code, 0);
  submit(a, begin + registered("p-1", "Noor Voorbeeld"));
  Running node(Kring::program(), {"--data", b, "--log", url, "node", "--takeover-after", "6"});
  // Until it writes.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  std::string answer;
  while (answer.find("accepted") == std::string::npos && std::chrono::steady_clock::now() < deadline) {
    node.write(registered("p-2", "Bo Voorbeeld"));
    answer = node.read_line();
  }
  ASSERT_NE(answer.find("accepted"), std::string::npos) << answer;
  EXPECT_EQ(name(a, "p-2"), "Bo Voorbeeld");
  const Bytes key = wrapped(b, 0);
  submit(a, forgotten("p-1"));  // takes over, and the node finds that out
  node.write(registered("p-3", "Li Voorbeeld"));
  EXPECT_NE(node.read_line().find("unknown"), std::string::npos);
  const Ran gone = kring(b, {"person", "p-1", "--min-position", "6"});
  EXPECT_EQ(gone.exit_code, 0) << gone.err;
  EXPECT_TRUE(gone.object().at("name").is_null());
  EXPECT_FALSE(holds(content(b + "/keys"), key)) << "before it serves that position";
  node.send(SIGTERM);
  EXPECT_EQ(node.finish().exit_code, 0);
}

TEST_F(SharedKeysOnKafka, a_log_that_is_copied_there_and_away_takes_its_keys_along) {
  ASSERT_EQ(run(Kring::program(), {"--data", a, "submit"}, begin + registered("p-1", "Noor Voorbeeld")).exit_code, 0);
  ASSERT_EQ(kring(a, {"topic", "create", "--replicas", "1"}).exit_code, 0);
  const Ran there = run(Kring::program(), {"--data", a, "copy", "--from", "embedded", "--to", url});
  ASSERT_EQ(there.exit_code, 0) << there.err;
  EXPECT_EQ(name(b, "p-1"), "Noor Voorbeeld") << "the other directory may go on at once";
  submit(b, registered("p-2", "Bo Voorbeeld"));

  // From a directory that has not read the newest name yet.
  const std::string away = directory.path() + "/away";
  const Ran back = run(Kring::program(), {"--data", a, "copy", "--from", url, "--to", away});
  ASSERT_EQ(back.exit_code, 0) << back.err;
  for (const auto& [person, expected] : std::map<std::string, std::string>{{"p-1", "Noor Voorbeeld"}, {"p-2", "Bo Voorbeeld"}})
    EXPECT_EQ(run(Kring::program(), {"--data", away, "person", person}).object().at("name").as_string(), expected);
  const Ran latest = kring(c, {"person", "p-1"});
  EXPECT_EQ(latest.exit_code, 0) << latest.err;
  EXPECT_TRUE(latest.object().at("name").is_null()) << "nothing is published there any more";

  // And once more to a topic, beside which the first directory begins anew.
  const std::string next = url + "-2";
  ASSERT_EQ(run(Kring::program(), {"--data", away, "--log", next, "topic", "create", "--replicas", "1"}).exit_code, 0);
  const Ran again = run(Kring::program(), {"--data", away, "copy", "--from", "embedded", "--to", next});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  const Ran old = run(Kring::program(), {"--data", a, "--log", next, "submit"}, registered("p-3", "Li Voorbeeld"));
  EXPECT_EQ(old.exit_code, 0) << old.out << old.err;
  for (const std::string& data : {a, away}) EXPECT_EQ(run(Kring::program(), {"--data", data, "--log", next, "person", "p-1"}).object().at("name").as_string(), "Noor Voorbeeld");
}

}  // namespace
}  // namespace kring::test
