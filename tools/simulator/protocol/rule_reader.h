// Which records count, read from what the broker holds and decided by docs/log-format.md alone, in other words than
// events/log/acceptance.cpp: so that a mistake there is not made here as well.
#pragma once

#include <string>
#include <vector>

#include "events/log/frame.h"
#include "tools/simulator/protocol/broker.h"

namespace kring::simulator::protocol {

class RuleReader final : public LogReader {
 public:
  explicit RuleReader(const Broker& broker);

  struct Found {
    Offset offset = 0;
    Frame frame;  // its body lies in the broker
  };
  const std::vector<Found>& records() const { return records_; }
  std::size_t voided() const { return voided_; }

  Result<HistoryId> history() override { return history_; }
  Result<std::string> successor() override { return successor_; }
  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override;
  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override;

 private:
  bool counts(const Frame& frame);

  HistoryId history_{};
  std::uint64_t epoch_ = 0;
  WriterId writer_{};
  std::string successor_;
  RecordHasher hasher_;
  std::vector<Found> records_;
  std::size_t voided_ = 0;
};

}  // namespace kring::simulator::protocol
