#include "tools/simulator/protocol/protocol_checks.h"

#include "events/log/kafka/writer.h"

namespace kring::simulator::protocol {
namespace {

std::unique_ptr<KafkaReader> make_calm_reader(Broker& broker) {
  static Happenings nothing_happens;
  return kafka::make_reader(make_partition(broker, nullptr, 0, nothing_happens));
}

bool same(const LogEntry& entry, const RuleReader::Found& record) {
  return entry.position == record.frame.position && entry.hash == record.frame.hash && entry.body == record.frame.body &&
         entry.after.locator == record.offset;
}

// Does the message there say that it is this record? Then it is the record, or a copy that is void.
bool looks_like(const Broker& broker, Offset offset, const Frame& record) {
  Frame frame;
  return offset < broker.end() && parse_frame(broker.message(offset), frame) == FrameFault::none && frame.hash == record.hash;
}

// Reads on from after the record at `from`; `locator` as it was stored, or lost, or one that leads elsewhere.
std::string check_from(Broker& broker, const RuleReader& truth, Position from, std::optional<Offset> locator) {
  const auto& records = truth.records();
  Bookmark bookmark;
  if (from > 0) bookmark = {from, records[from - 1].frame.hash, locator.value_or(records[from - 1].offset)};
  std::string wrong;
  Position next = from;
  auto read = make_calm_reader(broker)->read(bookmark, [&](const LogEntry& entry) {
    if (next >= records.size() || !same(entry, records[next])) wrong = concat("a reader that begins after ", from, " finds another record at ", entry.position);
    ++next;
    return wrong.empty();
  });
  if (!read) return concat("a reader that begins after ", from, " fails: ", read.error().message);
  if (wrong.empty() && next != records.size()) return concat("a reader that begins after ", from, " ends at ", next, ", and the log at ", records.size());
  return wrong;
}

}  // namespace

std::string check_readers(Broker& broker, RuleReader& truth, Dice& dice) {
  const auto& records = truth.records();
  const auto history = make_calm_reader(broker)->history();
  if (!history || *history != *truth.history()) return "a reader finds another history";
  std::string wrong = check_from(broker, truth, 0, {});
  for (int i = 0; i < 6 && wrong.empty() && !records.empty(); ++i) {
    const Position from = 1 + dice.below(records.size());
    std::optional<Offset> locator;
    if (dice.chance(40)) locator = dice.below(broker.end() + 2);
    if (locator && looks_like(broker, *locator, records[from - 1].frame)) locator.reset();  // no reader ever gives that of a copy
    wrong = check_from(broker, truth, from, locator);
  }
  const auto reader = make_calm_reader(broker);
  for (int i = 0; i < 6 && wrong.empty() && !records.empty(); ++i) {
    const Position position = 1 + dice.below(records.size());
    auto read = reader->read_at(position, [&](const LogEntry& entry) {
      if (!same(entry, records[position - 1])) wrong = concat("a reader finds another record at ", position);
    });
    if (!read) wrong = concat("a reader that is asked for ", position, " fails: ", read.error().message);
  }
  return wrong;
}

std::string check_refusals(const RuleReader& truth, const Refusals& refusals) {
  for (const auto& record : truth.records()) {
    const auto refused = refusals.find(record.frame.writer);
    if (refused == refusals.end() || record.frame.position <= refused->second) continue;
    return concat("the record at ", record.frame.position, " counts, and its writer was sure that none behind ", refused->second, " ever would");
  }
  return "";
}

}  // namespace kring::simulator::protocol
