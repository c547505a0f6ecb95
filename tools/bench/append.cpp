// Durable append: commands through the engine, into the embedded log, with the real keyring, so many in flight.
#include <condition_variable>
#include <functional>

#include "engine/runtime/engine.h"
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "events/log/embedded/embedded_log.h"
#include "events/log/frame.h"
#include "tools/bench/bare_committer.h"
#include "tools/bench/measure.h"
#include "tools/bench/suites.h"

namespace kring::bench {
namespace {

// At most so many in flight: enter() waits for one to leave.
class Gate {
 public:
  explicit Gate(std::size_t most) : most_(most) {}
  void enter() {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [&] { return inside_ < most_; });
    ++inside_;
  }
  void leave() {
    bool was_full;
    {
      std::lock_guard lock(mutex_);
      was_full = inside_-- == most_;
    }
    if (was_full) left_.notify_one();
  }
  void wait_until_empty() {
    for (std::size_t i = 0; i < most_; ++i) enter();
  }

 private:
  const std::size_t most_;
  std::size_t inside_ = 0;
  std::mutex mutex_;
  std::condition_variable left_;
};

// Commands of some programmes; the first `before` set them up and are not timed.
struct Work {
  std::vector<Made> made;
  std::size_t before = 0;

  std::size_t timed() const { return made.size() - before; }
};

Work work_of(std::uint64_t timed, std::uint64_t seed) {
  auto programmes = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, timed / 4000));
  Work work;
  History history({seed, programmes, static_cast<std::uint32_t>(timed / programmes) + 400, 0});
  for (Made made; history.next(made);) work.made.push_back(std::move(made));
  work.before = work.made.size() - timed;
  return work;
}

Request request_of(const Made& made) { return {made.decision.command, made.at}; }

class Subject {
 public:
  explicit Subject(const DataDirectory& directory) {
    EmbeddedOptions options;
    options.directory = directory.log();
    log_ = make_embedded_log(std::move(options));
    auto tail = must(log_->claim());
    sealer_ = open_keys(directory, must(log_->history()), true);
    index_ = must(CommandIndex::open(directory.command_ids()));
    engine_ = must(Engine::start({}, *log_, tail, *index_, *sealer_, real_environment()));
  }

  // Commands a second.
  double rate(const Work& work, std::size_t in_flight) {
    std::vector<Request> requests;
    for (const Made& made : work.made) requests.push_back(request_of(made));
    std::size_t wrong = 0;
    submit(requests, 0, work.before, 1024, wrong);
    auto taken = seconds([&] { submit(requests, work.before, requests.size(), in_flight, wrong); });
    if (wrong > 0) throw Failed{{ErrorKind::io, "not_decided", "", concat(wrong, " commands were answered neither accepted nor rejected")}};
    return static_cast<double>(work.timed()) / taken;
  }

 private:
  void submit(std::vector<Request>& requests, std::size_t from, std::size_t to, std::size_t in_flight, std::size_t& wrong) {
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

  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<CommandIndex> index_;
  std::unique_ptr<Engine> engine_;
};

// The same bytes as the records in the log take.
double committer_rate(const std::string& path, const std::vector<Bytes>& frames, std::size_t in_flight) {
  Gate gate(in_flight);
  const std::function<void()> answered = [&] { gate.leave(); };
  BareCommitter committer(path);
  auto taken = seconds([&] {
    for (const Bytes& frame : frames) {
      gate.enter();
      committer.append(frame, answered);
    }
    gate.wait_until_empty();
  });
  return static_cast<double>(frames.size()) / taken;
}

// The frames of the timed part, as the log has them.
std::vector<Bytes> frames_in(const DataDirectory& directory, const Work& work) {
  std::vector<Bytes> frames;
  auto log = make_embedded_reader(directory.log());
  must(log->read({}, [&](const LogEntry& entry) {
    if (entry.position > work.before) frames.push_back(Bytes(frame_header_size, 'h') += entry.body);
    return true;
  }));
  return frames;
}

// One core that only decides, encodes and hashes. Personal texts come sealed.
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

}  // namespace

void run_append(Bench& bench) {
  struct Level {
    std::size_t in_flight;
    double commands, share;
  };
  for (auto [in_flight, commands, share] : {Level{1, 10'000, 0.8}, Level{16, 60'000, 0.6}, Level{256, 200'000, 0.5}, Level{1024, 200'000, 0.5}}) {
    bench.tell(concat("appending with ", in_flight, " in flight"));
    auto work = work_of(bench.scaled(commands, 100), bench.options().seed);
    std::vector<double> measured, committer, deciding;
    for (int repetition = 0; repetition < (bench.options().scale < 0.1 ? 3 : 5); ++repetition) {
      auto directory = bench.make("append");
      measured.push_back(Subject(directory).rate(work, in_flight));
      committer.push_back(committer_rate(directory.path + "/bare", frames_in(directory, work), in_flight));
      auto other = bench.make("append-keys");
      deciding.push_back(decide_encode_hash_rate(other, work));
      bench.remove(directory);
      bench.remove(other);
    }
    bool large = in_flight >= 256;
    bool decider_is_slower = large && median(deciding) < median(committer);
    bench.add({"append", concat(in_flight, " in flight"), median(measured), "commands/s", decider_is_slower ? median(deciding) : median(committer),
               decider_is_slower ? "one core that only decides, encodes and hashes" : "a bare committer: the same bytes, as many in flight",
               ratio_at_least(share)});
    if (!large) continue;
    bench.add({"append", concat(in_flight, " in flight: the bare committer"), median(committer), "commands/s", {}, "", {}});
    bench.add({"append", concat(in_flight, " in flight: decide + encode + hash"), median(deciding), "commands/s", {}, "", {}});
  }
}

}  // namespace kring::bench
