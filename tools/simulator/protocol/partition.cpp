#include "tools/simulator/protocol/partition.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace kring::simulator::protocol {
namespace {

using kafka::Delivery;
using kafka::Message;
using kafka::Watermarks;

constexpr Micros answer_within = 10 * second, deliver_within = 30 * second;

std::unexpected<Error> gone() { return fail(ErrorKind::io, "gone", "the process has ended"); }
std::unexpected<Error> unreachable() { return fail(ErrorKind::io, "log_unreachable", "the broker does not answer"); }

class SimulatedPartition final : public kafka::Partition {
 public:
  SimulatedPartition(Broker& broker, Process* process, std::uint64_t seed, Happenings& happenings)
      : broker_(broker), process_(process), dice_(seed), happenings_(happenings) {}

  const std::string& name() const override { return name_; }
  std::uint64_t interruptions() override { return interruptions_; }
  Result<void> open() override { return reach(); }

  Result<Watermarks> watermarks() override {
    if (auto reached = reach(); !reached) return std::unexpected(std::move(reached.error()));
    Offset high = broker_.end();
    // As one that is cut off from the others, and does not know that it leads no more.
    if (high > 0 && happens(broker_.weather().old_end)) {
      ++happenings_.old_ends;
      high -= dice_.below(std::min<Offset>(high, 4) + 1);
    }
    if (auto back = pause(3 * millisecond); !back) return std::unexpected(std::move(back.error()));
    return Watermarks{0, high};
  }

  Result<Message> message_at(Offset offset) override {
    if (happens(broker_.weather().connection)) {
      ++interruptions_;
      ++happenings_.interruptions;
      if (auto reached = reach(); !reached) return std::unexpected(std::move(reached.error()));
    }
    if (happens(4))
      if (auto lagged = pause(20 * millisecond); !lagged) return std::unexpected(std::move(lagged.error()));
    if (offset >= broker_.end() && process_ != nullptr) process_->pass(answer_within);
    if (!alive()) return gone();
    if (offset >= broker_.end()) return unreachable();
    Message message;
    message.offset = offset;
    message.value = broker_.message(offset);
    return message;
  }

  Result<void> send(std::span<const Bytes> frames) override;
  std::optional<std::vector<Delivery>> delivered() override;

 private:
  struct Sent {
    std::shared_ptr<ProduceRequest> request;
    Fate fate;
  };

  bool alive() const { return process_ == nullptr || process_->alive(); }
  bool happens(unsigned percent) { return process_ != nullptr && dice_.chance(percent); }
  Micros moment(Micros most) { return 1 + static_cast<Micros>(dice_.below(static_cast<std::uint64_t>(most))); }
  // From a moment to a minute; short ones as often as long ones.
  Micros while_() { return moment(millisecond << dice_.below(17)); }

  // Time passes; the process may stop here, and wake up later.
  Result<void> pause(Micros most) {
    if (process_ == nullptr) return {};
    if (happens(broker_.weather().freeze)) {
      ++happenings_.freezes;
      const Micros duration = while_();
      broker_.trace()(broker_.schedule().now(), " ", name_, " freezes for ", duration / millisecond, " ms");
      process_->freeze_for(duration);
    }
    process_->pass(moment(most));
    if (!process_->alive()) return gone();
    return {};
  }

  Result<void> reach() {
    if (auto asked = pause(3 * millisecond); !asked) return asked;
    if (broker_.answers() || process_ == nullptr) return {};
    ++interruptions_;
    process_->pass(std::min(answer_within, broker_.answers_from() - broker_.schedule().now()));
    if (!process_->alive()) return gone();
    return broker_.answers() ? Result<void>() : unreachable();
  }

  Fate choose_fate();
  Sent dispatch(std::span<const Bytes> frames);
  static void report(const Sent& sent, std::vector<Delivery>& deliveries);

  Broker& broker_;
  Process* const process_;
  Dice dice_;
  Happenings& happenings_;
  const std::string name_ = "made-up/0";
  std::uint64_t interruptions_ = 0;
  struct Shipment {
    std::vector<Sent> sent;
    Micros until;  // reports are waited for
  };
  std::deque<Shipment> shipments_;
  Micros last_arrival_ = 0;  // requests of one producer do not overtake each other
};

Fate SimulatedPartition::choose_fate() {
  if (!happens(broker_.weather().request)) return Fate::stored;
  return static_cast<Fate>(1 + dice_.below(fate_count - 1));
}

SimulatedPartition::Sent SimulatedPartition::dispatch(std::span<const Bytes> frames) {
  Sent sent{std::make_shared<ProduceRequest>(), choose_fate()};
  sent.request->frames.assign(frames.begin(), frames.end());
  ++happenings_.requests[static_cast<std::size_t>(sent.fate)];
  if (sent.fate != Fate::stored) broker_.trace()(broker_.schedule().now(), " what becomes of ", frames.size(), " frames: ", name_of(sent.fate));
  if (sent.fate == Fate::refused || sent.fate == Fate::lost) return sent;
  if (sent.fate == Fate::late) {
    broker_.arrive(broker_.schedule().now() + deliver_within + while_(), sent.request, {});
    return sent;
  }
  last_arrival_ = std::max(last_arrival_ + 1, broker_.schedule().now() + moment(happens(5) ? second : 8 * millisecond));
  const bool answered = sent.fate != Fate::unreported;
  broker_.arrive(last_arrival_, sent.request, [request = sent.request, process = process_, answered] {
    if (!answered || request->acknowledged) return;
    request->acknowledged = true;
    process->wake();
  });
  if (sent.fate == Fate::doubled) broker_.arrive(last_arrival_ + while_(), sent.request, {});
  return sent;
}

void SimulatedPartition::report(const Sent& sent, std::vector<Delivery>& deliveries) {
  for (std::size_t i = 0; i < sent.request->frames.size(); ++i) {
    if (sent.fate == Fate::refused) deliveries.push_back({Delivery::Outcome::absent, -1, "refused"});
    else if (!sent.request->acknowledged) deliveries.push_back({Delivery::Outcome::unknown, -1, "no report of its delivery came"});
    else if (sent.fate == Fate::retried) deliveries.push_back({Delivery::Outcome::stored, static_cast<std::int64_t>(i) - 1, {}});
    else deliveries.push_back({Delivery::Outcome::stored, static_cast<std::int64_t>(*sent.request->first + i), {}});
  }
}

Result<void> SimulatedPartition::send(std::span<const Bytes> frames) {
  // Between the check and the send is where a process that stops does most harm.
  if (auto ready = pause(millisecond); !ready) return ready;
  happenings_.overlapping += !shipments_.empty();
  Shipment& shipment = shipments_.emplace_back();
  shipment.until = broker_.schedule().now() + deliver_within;
  while (!frames.empty()) {
    const std::size_t size = 1 + dice_.below(frames.size());
    shipment.sent.push_back(dispatch(frames.first(size)));
    frames = frames.subspan(size);
  }
  return {};
}

std::optional<std::vector<Delivery>> SimulatedPartition::delivered() {
  const Shipment shipment = std::move(shipments_.front());
  shipments_.pop_front();
  const auto missing = [](const Sent& one) { return one.fate != Fate::refused && !one.request->acknowledged; };
  while (alive() && broker_.schedule().now() < shipment.until && std::ranges::any_of(shipment.sent, missing)) process_->sleep_until(shipment.until);
  std::vector<Delivery> deliveries;
  for (const Sent& one : shipment.sent) report(one, deliveries);
  if (pause(3 * millisecond)) return deliveries;
  for (Delivery& delivery : deliveries) delivery = {Delivery::Outcome::unknown, -1, "the process has ended"};
  return deliveries;
}

}  // namespace

std::unique_ptr<kafka::Partition> make_partition(Broker& broker, Process* process, std::uint64_t seed, Happenings& happenings) {
  return std::make_unique<SimulatedPartition>(broker, process, seed, happenings);
}

}  // namespace kring::simulator::protocol
