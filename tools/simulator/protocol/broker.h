// The broker that is made up: one partition of a topic, what is on its way to it, and when it answers at all.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "events/log/kafka/partition.h"
#include "tools/simulator/protocol/schedule.h"
#include "tools/simulator/protocol/weather.h"
#include "tools/simulator/trace.h"

namespace kring::simulator::protocol {

using kafka::Offset;

// Frames that travel together: stored one behind the other, or not at all.
struct ProduceRequest {
  std::vector<Bytes> frames;
  std::optional<Offset> first;  // once stored: where
  bool acknowledged = false;    // the broker's word has come back
};

class Broker {
 public:
  Broker(std::uint64_t seed, const Weather& weather, Schedule& schedule, Trace& trace)
      : weather_(weather), schedule_(schedule), trace_(trace), dice_(seed) {}

  const Bytes& message(Offset offset) const { return messages_[offset]; }
  Offset end() const { return high_; }  // the high watermark: what is beyond is not shown to anybody yet
  Micros answers_from() const { return down_until_; }
  bool answers() const { return schedule_.now() >= down_until_; }
  void stop_for(Micros duration);

  // The request comes in at that moment, or as soon as the broker answers; `acknowledge` is called when all replicas have it.
  void arrive(Micros when, std::shared_ptr<ProduceRequest> request, std::function<void()> acknowledge);

  const Weather& weather() const { return weather_; }
  Schedule& schedule() { return schedule_; }
  Trace& trace() { return trace_; }

 private:
  const Weather& weather_;
  Schedule& schedule_;
  Trace& trace_;
  Dice dice_;
  std::deque<Bytes> messages_;  // a deque keeps its elements where they are
  Offset high_ = 0;
  Micros down_until_ = 0;
};

}  // namespace kring::simulator::protocol
