// A partition in memory, for tests of what the log on Kafka makes of delays, losses and lies.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "events/log/kafka/partition.h"

namespace kring::testing {

// What all objects on one topic share.
struct FakeTopic {
  std::deque<Bytes> messages;  // a deque keeps its elements where they are
  kafka::Offset low = 0;
  std::uint64_t interruptions = 0;
  std::size_t reads = 0;  // messages that were asked for
  bool interrupted = false;
  bool reading = false;   // since the last one, the next ones are fetched ahead

  // Called before frames are stored; what it returns is reported for them, and where it is set, they are not stored.
  std::function<std::vector<kafka::Delivery>(std::span<const Bytes>)> instead_of_storing;
  // Called after frames were stored, and may change the reports.
  std::function<void(std::vector<kafka::Delivery>&)> then;
};

class FakePartition final : public kafka::Partition {
 public:
  explicit FakePartition(std::shared_ptr<FakeTopic> topic) : topic_(std::move(topic)) {}

  const std::string& name() const override { return name_; }
  Result<void> open() override { return {}; }
  std::uint64_t interruptions() override { return topic_->interruptions; }
  Result<kafka::Watermarks> watermarks() override { return kafka::Watermarks{topic_->low, topic_->messages.size()}; }

  Result<kafka::Message> message_at(kafka::Offset offset) override {
    ++topic_->reads;
    topic_->reading = true;
    while (offset < topic_->messages.size() && topic_->messages[offset].empty()) ++offset;  // a hole
    if (offset >= topic_->messages.size()) return fail(ErrorKind::io, "log_unreachable", "nothing comes");
    kafka::Message message;
    message.offset = offset;
    message.value = topic_->messages[offset];
    return message;
  }

  void stop_reading() override { topic_->reading = false; }

  Result<void> send(std::span<const Bytes> frames) override {
    if (auto instead = std::exchange(topic_->instead_of_storing, {})) {
      auto reports = instead(frames);
      if (!reports.empty()) {
        reports_.push_back(std::move(reports));
        return {};
      }
    }
    std::vector<kafka::Delivery> reports;
    for (const Bytes& frame : frames) {
      reports.push_back({kafka::Delivery::Outcome::stored, static_cast<std::int64_t>(topic_->messages.size()), {}});
      topic_->messages.push_back(frame);
    }
    if (auto then = std::exchange(topic_->then, {})) then(reports);
    reports_.push_back(std::move(reports));
    return {};
  }

  std::optional<std::vector<kafka::Delivery>> delivered() override {
    if (std::exchange(topic_->interrupted, false)) return std::nullopt;
    auto reports = std::move(reports_.front());
    reports_.pop_front();
    return reports;
  }

  void interrupt() override { topic_->interrupted = true; }

 private:
  const std::shared_ptr<FakeTopic> topic_;
  const std::string name_ = "fake/0";
  std::deque<std::vector<kafka::Delivery>> reports_;  // that nobody has asked for yet
};

}  // namespace kring::testing
