#include "tests/contract/engines.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "events/log/embedded/embedded_log.h"
#include "events/log/kafka/kafka_log.h"
#include "events/log/memory/memory_log.h"
#include "tests/support/kafka_broker.h"

namespace kring::testing {
namespace {

class MemoryFixture final : public LogFixture {
 public:
  std::unique_ptr<EventLog> writer(const HistoryId& history) override { return open_memory_log(store_, history); }
  std::unique_ptr<LogReader> reader() override { return open_memory_reader(store_); }

 private:
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>();
};

class EmbeddedFixture final : public LogFixture {
 public:
  explicit EmbeddedFixture(std::uint64_t segment_size) : segment_size_(segment_size) {
    std::string path = ::testing::TempDir() + "kring-contract-XXXXXX";
    directory_ = ::mkdtemp(path.data());
  }
  ~EmbeddedFixture() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<EventLog> writer(const HistoryId& history) override {
    EmbeddedOptions options;
    options.history = history;
    options.directory = directory_ + "/log";
    options.segment_size = segment_size_;
    options.lock_wait = std::chrono::milliseconds(0);
    return make_embedded_log(options);
  }
  std::unique_ptr<LogReader> reader() override { return make_embedded_reader(directory_ + "/log"); }

 private:
  const std::uint64_t segment_size_;
  std::string directory_;
};

class KafkaFixture final : public LogFixture {
 public:
  std::unique_ptr<EventLog> writer(const HistoryId& history) override {
    auto options = broker_.options(topic_);
    options.history = history;
    return make_kafka_log(std::move(options));
  }
  std::unique_ptr<LogReader> reader() override { return make_kafka_reader(broker_.options(topic_)); }

 private:
  test::KafkaBroker& broker_ = test::KafkaBroker::shared();
  const std::string topic_ = broker_.make_topic();
};

}  // namespace

std::vector<LogEngine> log_engines() {
  return {
      {"Memory", [] { return std::unique_ptr<LogFixture>(new MemoryFixture); }},
      {"Embedded", [] { return std::unique_ptr<LogFixture>(new EmbeddedFixture(64 << 20)); }},
      {"EmbeddedSmallSegments", [] { return std::unique_ptr<LogFixture>(new EmbeddedFixture(1000)); }},
      {"Kafka", [] { return std::unique_ptr<LogFixture>(new KafkaFixture); }, SecondClaim::deposes_the_first},
  };
}

}  // namespace kring::testing
