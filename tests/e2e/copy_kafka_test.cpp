// kring copy to a log on Kafka and back, on a real broker.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "events/base/text.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/moved.h"

namespace kring::test {
namespace {

std::string commands() {
  std::string lines = R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2027-12-31","id":"def"}
{"type":"add_theme","theme":"schulden","title":"Schulden","id":"theme"}
{"type":"register_area","area":"zuid","name":"Zuid","municipality":"Heerlen","id":"area"}
)";
  for (int i = 1; i <= 40; ++i)
    lines += concat(R"({"type":"register_person","person":"p-)", i, R"(","area":"zuid","role":"coordinator","name":"Noor Voorbeeld )", i, "\"}\n");
  return lines + R"({"type":"enrol","theme":"schulden","area":"zuid","person":"p-1"}
{"type":"enrol","theme":"schulden","area":"zuid","person":"p-3"}
{"type":"schedule_session","theme":"schulden","session":1,"date":"2025-03-04","part":"morning"}
{"type":"forget_person","person":"p-2"}
)";
}

class CopyingOnKafka : public testing::Test {
 protected:
  CopyingOnKafka() {
    ::setenv("KRING_KAFKA_ALLOW_UNREPLICATED", "1", 1);
    EXPECT_EQ(at({"--data", old}, {"submit"}, commands()).lines().size(), 47u);
  }
  ~CopyingOnKafka() override { ::unsetenv("KRING_KAFKA_ALLOW_UNREPLICATED"); }

  static Ran at(std::vector<std::string> place, const std::vector<std::string>& arguments, const std::string& input = "") {
    place.insert(place.end(), arguments.begin(), arguments.end());
    return run(Kring::program(), place, input);
  }
  std::string topic() { return concat("kafka://", broker.address(), "/", broker.make_topic()); }

  KafkaBroker& broker = KafkaBroker::shared();
  TemporaryDirectory directory;
  const std::string old = directory.path() + "/old", other = directory.path() + "/other";
};

TEST_F(CopyingOnKafka, there_and_back_keeps_every_record_and_every_answer) {
  const auto before = answers({"--data", old});
  const std::string url = topic();
  const std::vector<std::string> on_kafka{"--data", old, "--log", url};
  const Ran there = at({"--data", old}, {"copy", "--from", "embedded", "--to", url});
  ASSERT_EQ(there.exit_code, 0) << there.err;
  EXPECT_EQ(there.object()["position"].to_number<int>(), 47);
  EXPECT_EQ(answers(on_kafka), before);
  EXPECT_EQ(at(on_kafka, {"verify"}).exit_code, 0);
  const Ran refused = at({"--data", old}, {"submit"}, commands());
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find(url), std::string::npos) << refused.err;

  // The same data directory goes on there; asked about the old log without --log it says so.
  const Ran more = at(on_kafka, {"submit"}, R"({"type":"register_person","person":"p-99","area":"zuid","role":"coordinator","name":"Later Gekomen"})");
  ASSERT_EQ(more.exit_code, 0) << more.out << more.err;
  EXPECT_EQ(more.lines().at(0).at("position").to_number<int>(), 48);
  const Ran behind = at({"--data", old}, {"roster", "schulden"});
  EXPECT_EQ(behind.exit_code, 2);
  EXPECT_NE(behind.err.find(url), std::string::npos) << behind.err;
  const Ran again = at({"--data", old}, {"copy", "--from", "embedded", "--to", url});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.err.find("done before"), std::string::npos) << again.err;

  // And to a directory of its own, with the keys.
  const auto on_topic = answers(on_kafka);
  const Ran back = at({"--data", old}, {"copy", "--from", url, "--to", "file:" + other});
  ASSERT_EQ(back.exit_code, 0) << back.err;
  EXPECT_EQ(answers({"--data", other}), on_topic);
  const Ran verified = at({"--data", other}, {"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  const Ran sealed = at(on_kafka, {"submit"}, commands());
  EXPECT_EQ(sealed.exit_code, 2);
  EXPECT_NE(sealed.err.find("file:" + std::filesystem::canonical(other).string()), std::string::npos) << sealed.err;
  EXPECT_EQ(at(on_kafka, {"log"}).lines().size(), 48u);
  EXPECT_EQ(at({"--data", other}, {"submit"}, R"({"type":"forget_person","person":"p-1"})").exit_code, 0);
}

TEST_F(CopyingOnKafka, one_topic_to_another_and_what_is_refused) {
  const std::string first = topic(), second = topic(), third = topic();
  ASSERT_EQ(at({"--data", old}, {"copy", "--from", "embedded", "--to", first}).exit_code, 0);
  EXPECT_EQ(at({"--data", old}, {"copy", "--from", first, "--to", first + "/0"}).exit_code, 1);
  const Ran missing = at({"--data", old}, {"copy", "--from", first, "--to", concat("kafka://", broker.address(), "/no-such-topic")});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_NE(missing.err.find("kring topic create"), std::string::npos) << missing.err;
  ASSERT_EQ(at({"--data", other, "--log", third}, {"init"}).exit_code, 0);
  const Ran refused = at({"--data", old}, {"copy", "--from", first, "--to", third});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("not empty"), std::string::npos) << refused.err;
  const Ran moved = at({"--data", old}, {"copy", "--from", first, "--to", second});
  ASSERT_EQ(moved.exit_code, 0) << moved.err;
  EXPECT_EQ(at({"--data", old, "--log", second}, {"verify"}).exit_code, 0);
  EXPECT_EQ(at({"--data", old}, {"copy", "--from", first, "--to", topic()}).exit_code, 2) << "it went to the second one";
}

// A writer on another machine is at work while its log moves: what it was answered is at the new place.
TEST_F(CopyingOnKafka, a_writer_at_work_loses_nothing) {
  const std::string first = topic(), second = topic();
  ASSERT_EQ(at({"--data", old}, {"copy", "--from", "embedded", "--to", first}).exit_code, 0);
  std::filesystem::copy(old, other, std::filesystem::copy_options::recursive);
  for (const char* suffix : {".kek", ".erased"}) std::filesystem::copy(old + suffix, other + suffix);
  Running writer(Kring::program(), {"--data", other, "--log", first, "submit"});
  const auto add_theme = [](int number) { return concat(R"({"type":"add_theme","theme":"t-)", number, R"(","title":"T","id":"t-)", number, "\"}\n"); };
  for (int i = 0; i < 5; ++i) {
    writer.write(add_theme(i));
    EXPECT_NE(writer.read_line().find("accepted"), std::string::npos);
  }
  ASSERT_EQ(at({"--data", old}, {"copy", "--from", first, "--to", second}).exit_code, 0);
  writer.write(add_theme(5));
  EXPECT_NE(writer.read_line().find("unknown"), std::string::npos);
  const Ran ended = writer.finish();
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find(second), std::string::npos) << "it is told where to send it again: " << ended.err;
  EXPECT_EQ(at({"--data", old, "--log", second}, {"log"}).lines().size(), 52u);
  const Ran again = at({"--data", other, "--log", second}, {"submit"}, add_theme(4) + add_theme(5));
  EXPECT_EQ(again.lines().at(0).at("status").as_string(), "duplicate");
  EXPECT_EQ(again.lines().at(1).at("status").as_string(), "accepted");
}

TEST_F(CopyingOnKafka, killed_on_the_way_is_completed_by_the_next_one) {
  const auto before = answers({"--data", old});
  int killed = 0;
  for (int nth = 1; nth <= 4; ++nth) {
    const std::string url = topic(), here = concat(old, nth);
    std::filesystem::copy(old, here, std::filesystem::copy_options::recursive);
    for (const char* suffix : {".kek", ".erased"}) std::filesystem::copy(old + suffix, here + suffix);
    // 1: as it takes the lock. 2 to 4: as librdkafka sends its second, fourth and sixth packet of a connection, or the seal is written.
    const std::string inject = nth == 1 ? "flock:signal=SIGKILL:when=1" : concat("sendmsg:signal=SIGKILL:when=", 2 * nth - 2);
    killed += 128 + 9 == run("strace", {"-f", "-E", no_leak_check, "-o", "/dev/null", "-e", "inject=" + inject, Kring::program(), "--data", here, "copy", "--from", "embedded", "--to", url}).exit_code;
    const Ran again = at({"--data", here}, {"copy", "--from", "embedded", "--to", url});
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(answers({"--data", here, "--log", url}), before) << nth;
  }
  EXPECT_GE(killed, 3);
}

}  // namespace
}  // namespace kring::test
