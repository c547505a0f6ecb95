// A writer that is frozen between its check and its send, to the letter: the shipped engine and writer on a partition of a real
// broker whose send() waits until it is released, while another one takes over.
#include <gtest/gtest.h>

#include <future>
#include <iostream>

#include "engine/runtime/engine.h"
#include "events/base/dice.h"
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "events/json/json.h"
#include "events/log/kafka/broker_partition.h"
#include "events/log/kafka/writer.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/plain_sealer.h"
#include "tests/support/seeds.h"

namespace kring::test {
namespace {

// Where frames wait on their way to the broker, once it is shut.
class Gate {
 public:
  void shut() {
    std::lock_guard lock(mutex_);
    shut_ = true;
  }
  void open() {
    {
      std::lock_guard lock(mutex_);
      shut_ = false;
    }
    changed_.notify_all();
  }
  void wait_until_held() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_ > 0; });
  }
  std::size_t passed() {  // frames that were held, and those behind them
    std::lock_guard lock(mutex_);
    return late_;
  }
  void pass(std::size_t frames) {
    std::unique_lock lock(mutex_);
    if (shut_ || late_ > 0) late_ += frames;
    if (!shut_) return;
    held_ = frames;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !shut_; });
    held_ = 0;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool shut_ = false;
  std::size_t held_ = 0, late_ = 0;
};

class GatedPartition final : public kafka::Partition {
 public:
  GatedPartition(const KafkaOptions& options, Gate& gate) : partition_(kafka::make_broker_partition(options)), gate_(gate) {}
  const std::string& name() const override { return partition_->name(); }
  Result<void> open() override { return partition_->open(); }
  Result<kafka::Watermarks> watermarks() override { return partition_->watermarks(); }
  Result<kafka::Message> message_at(kafka::Offset offset) override { return partition_->message_at(offset); }
  std::uint64_t interruptions() override { return partition_->interruptions(); }
  Result<void> send(std::span<const Bytes> frames) override {
    gate_.pass(frames.size());
    return partition_->send(frames);
  }
  std::optional<std::vector<kafka::Delivery>> delivered() override { return partition_->delivered(); }
  void interrupt() override { partition_->interrupt(); }

 private:
  const std::unique_ptr<kafka::Partition> partition_;
  Gate& gate_;
};

Request area(const std::string& id) {
  auto request = json::parse_command(concat(R"({"type":"register_area","area":"a-)", id, R"(","name":"Zuid","municipality":"Heerlen","id":")", id, "\"}"));
  EXPECT_TRUE(request) << request.error().message;
  request->command.actor = "cli:test";
  return std::move(*request);
}

// A process that takes commands.
class Node {
 public:
  explicit Node(const KafkaOptions& options) : log_(kafka::make_log(options, std::make_unique<GatedPartition>(options, gate))) {}

  Result<Bookmark> claim() { return log_->claim(); }
  void start() {
    const auto tail = claim();
    ASSERT_TRUE(tail) << tail.error().message;
    auto engine = Engine::start({}, *log_, *tail, *index_, sealer_, real_environment());
    ASSERT_TRUE(engine) << engine.error().message;
    engine_ = std::move(*engine);
  }
  std::future<Answer> submit(Request request) {
    auto promise = std::make_shared<std::promise<Answer>>();
    engine_->submit(std::move(request), [promise](Answer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
  }
  KafkaLog& log() { return *log_; }

  Gate gate;

 private:
  std::unique_ptr<KafkaLog> log_;
  std::unique_ptr<CommandIndex> index_ = CommandIndex::in_memory();
  PlainSealer sealer_;
  std::unique_ptr<Engine> engine_;
};

class AFrozenWriter : public testing::TestWithParam<bool> {
 protected:
  AFrozenWriter() {
    options.answer_by_offsets = GetParam();
    old->start();
    auto define = json::parse_command(R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2025-12-31","id":"def"})");
    define->command.actor = "cli:test";
    note("def", old->submit(std::move(*define)).get());
  }

  std::string fresh() { return concat("c-", ++made); }

  // Must be certain, and the same as ever.
  void note(const std::string& id, const Answer& answer) {
    EXPECT_EQ(answer.first_status.value_or(answer.status), AnswerStatus::accepted) << id << (answer.error ? answer.error->message : "");
    ASSERT_TRUE(answer.position) << id;
    const auto [known, first] = answered.try_emplace(id, *answer.position);
    EXPECT_EQ(known->second, *answer.position) << id;
  }

  // The old one wakes up in the middle of its append.
  void freeze_between_check_and_send() {
    old->gate.shut();
    std::map<std::string, std::future<Answer>> late;
    for (auto n = 1 + dice.below(20); n > 0; --n) {
      const std::string id = fresh();
      late.emplace(id, old->submit(area(id)));
    }
    old->gate.wait_until_held();
    auto young = std::make_unique<Node>(options);
    young->start();
    for (auto n = dice.below(10); n > 0; --n) {
      const std::string id = fresh();
      note(id, young->submit(area(id)).get());
    }
    // Clients that have waited long enough turn to the new one.
    for (const auto& [id, answer] : late)
      if (dice.chance(50)) note(id, young->submit(area(id)).get());
    old->gate.open();
    for (auto& [id, answer] : late) EXPECT_EQ(answer.get().status, AnswerStatus::unknown) << id;
    EXPECT_EQ(old->submit(area(fresh())).get().status, AnswerStatus::unknown) << "it has ended";
    voided[Standing::not_the_writer] += old->gate.passed();
    for (const auto& [id, answer] : late) note(id, young->submit(area(id)).get());
    old = std::move(young);
  }

  // The old one has nothing under way, and is asked for what it would refuse without a record.
  void overtake_an_idle_one() {
    auto young = std::make_unique<Node>(options);
    young->start();
    Request request = area(fresh());
    request.command.programme = ProgrammeId{"nobody-knows-it"};
    EXPECT_EQ(old->submit(request).get().status, AnswerStatus::unknown);
    EXPECT_EQ(young->submit(std::move(request)).get().status, AnswerStatus::rejected);
    old = std::move(young);
  }

  // One is frozen in its claim.
  void freeze_before_the_claim() {
    Node late(options);
    late.gate.shut();
    auto claimed = std::async(std::launch::async, [&] { return late.claim(); });
    late.gate.wait_until_held();
    old = std::make_unique<Node>(options);
    old->start();
    const std::string id = fresh();
    note(id, old->submit(area(id)).get());
    late.gate.open();
    EXPECT_EQ(claimed.get().error().code, "busy");
    ++voided[Standing::old_epoch];
    const std::string next = fresh();
    note(next, old->submit(area(next)).get());
  }

  void check(KafkaReader& reader, const Bookmark& from) {
    Position position = from.position;
    const auto read = reader.read(from, [&](const LogEntry& entry) {
      const auto found = answered.find(codec::decode(entry.body).value().command.id);
      EXPECT_TRUE(found != answered.end() && found->second == entry.position) << entry.position;
      ++position;
      return true;
    });
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(position, answered.size()) << "each once, and nothing else";
    place = *read;
  }

  KafkaBroker& broker = KafkaBroker::shared();
  KafkaOptions options = broker.options(broker.make_topic());
  std::unique_ptr<Node> old = std::make_unique<Node>(options);
  std::map<std::string, Position> answered;
  std::map<Standing, std::uint64_t> voided;
  std::size_t made = 0;
  Bookmark place;
  Dice dice{1};
};

TEST_P(AFrozenWriter, is_void_for_every_reader_and_promises_nothing) {
  const auto follower = make_kafka_reader(options);
  const int rounds = scaled(50);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE(concat("round ", round));
    freeze_between_check_and_send();
    if (round % 5 == 0) overtake_an_idle_one();
    if (round % 5 == 0) freeze_before_the_claim();
    check(*follower, place);
  }
  const auto reader = make_kafka_reader(options);
  check(*reader, {});
  std::uint64_t all = 0;
  for (const auto& [standing, count] : voided) {
    EXPECT_EQ(reader->statistics().messages[static_cast<std::size_t>(standing)], count) << describe(standing);
    all += count;
  }
  EXPECT_EQ(reader->statistics().voided(), all);
  std::cout << "freezes: " << rounds << ", commands: " << answered.size() << ", void: " << all << std::endl;
}

INSTANTIATE_TEST_SUITE_P(AnswersReadBackAndByOffsets, AFrozenWriter, testing::Bool(), [](const auto& param) { return param.param ? "by_offsets" : "read_back"; });

}  // namespace
}  // namespace kring::test
