#include "tools/simulator/log_checks.h"

#include <map>

#include "engine/domain/decide.h"
#include "engine/runtime/programmes.h"
#include "events/base/text.h"
#include "events/codec/codec.h"

namespace kring::simulator {
namespace {

Told told_by(Position position, const Decision& decision) {
  const Answer answer = answer_for(position, decision);
  return {answer.position, answer.status, answer.events};
}

}  // namespace

std::string each_record(LogReader& log, const std::function<std::string(const Record&)>& visit) {
  std::string wrong;
  auto read = log.read({}, [&](const LogEntry& entry) {
    auto decision = codec::decode(entry.body);
    wrong = decision ? visit(Record{entry.position, entry.recorded_at, entry.previous, entry.hash, std::move(*decision)}) : decision.error().message;
    return wrong.empty();
  });
  return read ? wrong : concat("the log cannot be read: ", read.error().message);
}

std::string check_readable(LogReader& log) {
  return each_record(log, [](const Record&) { return std::string(); });
}

std::string check_log(LogReader& log, const Wishes& wishes, Position proven) {
  std::map<std::string, Told> found;
  auto wrong = each_record(log, [&](const Record& record) -> std::string {
    const std::string& id = record.decision.command.id;
    const auto [there, added] = found.emplace(id, told_by(record.position, record.decision));
    if (added) return "";
    return concat(id, " is recorded twice, at ", *there->second.position, " and at ", record.position);
  });
  if (!wrong.empty()) return wrong;
  for (const Client& client : wishes.all()) {
    if (!client.told || !client.told->position || *client.told->position > proven) continue;
    const auto there = found.find(client.wish.id);
    if (there == found.end()) return concat(client.wish.id, " was answered with position ", *client.told->position, ", and is not in the log");
    if (there->second != *client.told) return concat(client.wish.id, " was answered otherwise than the log has it, at ", *there->second.position);
  }
  return "";
}

std::string check_decisions(LogReader& log) {
  Programmes programmes;
  return each_record(log, [&](const Record& record) -> std::string {
    const Decision& decision = record.decision;
    domain::State& state = programmes.at(decision.command.programme).state;
    const auto verdict = domain::decide(state, decision.command, {decision.recording_day, decision.effective});
    const bool same = verdict ? decision.accepted() && verdict->events == decision.events
                              : decision.rejection && verdict.error().code == decision.rejection->code;
    if (!same) return concat("position ", record.position, " would be decided otherwise now");
    auto noted = programmes.note(record.position, record.recorded_at, decision);
    return noted ? "" : noted.error().message;
  });
}

}  // namespace kring::simulator
