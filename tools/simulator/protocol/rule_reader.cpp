#include "tools/simulator/protocol/rule_reader.h"

#include "events/log/kafka/follower.h"
#include "events/log/log_errors.h"

namespace kring::simulator::protocol {

RuleReader::RuleReader(const Broker& broker) {
  for (Offset offset = 0; offset < broker.end(); ++offset) {
    Frame frame;
    const Bytes& message = broker.message(offset);
    if (parse_frame(message, frame) != FrameFault::none || frame.size() != message.size() || !counts(frame)) ++voided_;
    else if (frame.kind == FrameKind::decision) records_.push_back({offset, frame});
  }
}

bool RuleReader::counts(const Frame& frame) {
  const HistoryId none{};
  if (!successor_.empty()) return false;
  const bool of_the_writer = epoch_ > 0 && frame.epoch == epoch_ && frame.writer == writer_;
  const Hash head = records_.empty() ? Hash{} : records_.back().frame.hash;
  if (frame.kind == FrameKind::log_seal) {
    if (!of_the_writer || frame.position != records_.size() || frame.previous != head || frame.body.size() > 4096) return false;
    successor_ = frame.body;
    return !successor_.empty();
  }
  if (frame.kind == FrameKind::decision) {
    return of_the_writer && frame.position == records_.size() + 1 && frame.previous == head &&
           frame.hash == hasher_(history_, frame.position, frame.previous, frame.recorded_at, frame.body);
  }
  HistoryId named{};
  if (frame.kind != FrameKind::claim || frame.position != 0 || frame.body.size() != named.size()) return false;
  std::copy(frame.body.begin(), frame.body.end(), named.begin());
  if (named == none || (history_ != none && history_ != named) || frame.epoch != epoch_ + 1) return false;
  history_ = named;
  epoch_ = frame.epoch;
  writer_ = frame.writer;
  return true;
}

Result<Bookmark> RuleReader::read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) {
  Bookmark reached = from;
  for (auto i = from.position; i < records_.size(); ++i) {
    const LogEntry entry = kafka::entry_of(records_[i].frame, records_[i].offset);
    reached = entry.after;
    if (!visit(entry)) break;
  }
  return reached;
}

Result<void> RuleReader::read_at(Position position, const std::function<void(const LogEntry&)>& visit) {
  if (position == 0 || position > records_.size()) return beyond_end(position);
  visit(kafka::entry_of(records_[position - 1].frame, records_[position - 1].offset));
  return {};
}

}  // namespace kring::simulator::protocol
