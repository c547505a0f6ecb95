#include "tools/bench/appending.h"

#include "events/base/text.h"
#include "events/codec/codec.h"
#include "events/log/frame.h"
#include "tools/bench/measure.h"

namespace kring::bench {
namespace {

Request request_of(const Made& made) { return {made.decision.command, made.at}; }

}  // namespace

Work work_of(std::uint64_t timed, std::uint64_t seed) {
  auto programmes = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, timed / 4000));
  Work work;
  History history({seed, programmes, static_cast<std::uint32_t>(timed / programmes) + 400, 0});
  for (Made made; history.next(made);) work.made.push_back(std::move(made));
  work.before = work.made.size() - timed;
  return work;
}

Subject::Subject(const DataDirectory& directory, std::unique_ptr<EventLog> log) : log_(std::move(log)) {
  auto tail = must(log_->claim());
  sealer_ = open_keys(directory, must(log_->history()), true);
  index_ = must(CommandIndex::open(directory.command_ids()));
  engine_ = must(Engine::start({}, *log_, tail, *index_, *sealer_, real_environment()));
}

double Subject::rate(const Work& work, std::size_t in_flight) {
  std::vector<Request> requests;
  for (const Made& made : work.made) requests.push_back(request_of(made));
  std::size_t wrong = 0;
  submit(requests, 0, work.before, 1024, wrong);
  auto taken = seconds([&] { submit(requests, work.before, requests.size(), in_flight, wrong); });
  if (wrong > 0) throw Failed{{ErrorKind::io, "not_decided", "", concat(wrong, " commands were answered neither accepted nor rejected")}};
  return static_cast<double>(work.timed()) / taken;
}

void Subject::submit(std::vector<Request>& requests, std::size_t from, std::size_t to, std::size_t in_flight, std::size_t& wrong) {
  Gate gate(in_flight);
  for (std::size_t i = from; i < to; ++i) {
    gate.enter();
    engine_->submit(std::move(requests[i]), [&](const Answer& answer) {
      wrong += answer.status != AnswerStatus::accepted && answer.status != AnswerStatus::rejected;
      gate.leave();
    });
  }
  gate.wait_until_empty();
}

std::vector<Bytes> frames_in(LogReader& log, const Work& work) {
  std::vector<Bytes> frames;
  must(log.read({}, [&](const LogEntry& entry) {
    if (entry.position > work.before) frames.push_back(Bytes(frame_header_size, 'h') += entry.body);
    return true;
  }));
  return frames;
}

double decide_encode_hash_rate(const DataDirectory& directory, const Work& work) {
  auto keys = open_keys(directory, HistoryId{1}, true);
  std::vector<Command> commands;
  for (const Made& made : work.made) {
    Decision asked;
    asked.command = made.decision.command;
    must(seal(asked, true, *keys));
    commands.push_back(std::move(asked.command));
  }
  std::unordered_map<std::string, domain::State> states;
  RecordHasher hasher;
  Hash head{};
  Bytes batch;
  auto decide = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      Decision decision;
      decision.recording_day = work.made[i].decision.recording_day;
      decision.effective = work.made[i].decision.effective;
      decision.command = std::move(commands[i]);
      auto verdict = domain::decide(states[decision.command.programme.text], decision.command, {decision.recording_day, decision.effective});
      if (verdict) {
        decision.events = std::move(verdict->events);
        decision.warnings = std::move(verdict->warnings);
      } else {
        decision.rejection = std::move(verdict.error());
      }
      head = hasher(HistoryId{1}, i, head, work.made[i].at, codec::encode(decision));
    }
  };
  decide(0, work.before);
  auto taken = seconds([&] { decide(work.before, commands.size()); });
  keep(head);
  return static_cast<double>(work.timed()) / taken;
}

}  // namespace kring::bench
