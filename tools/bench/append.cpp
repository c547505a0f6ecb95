// Durable append: commands through the engine, into the embedded log, with the real keyring, so many in flight.
#include <functional>

#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "tools/bench/appending.h"
#include "tools/bench/bare_committer.h"
#include "tools/bench/measure.h"
#include "tools/bench/suites.h"

namespace kring::bench {
namespace {

std::unique_ptr<EventLog> embedded(const DataDirectory& directory) {
  EmbeddedOptions options;
  options.directory = directory.log();
  return make_embedded_log(std::move(options));
}

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
      measured.push_back(Subject(directory, embedded(directory)).rate(work, in_flight));
      committer.push_back(committer_rate(directory.path + "/bare", frames_in(*make_embedded_reader(directory.log()), work), in_flight));
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
