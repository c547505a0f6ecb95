#include "tools/simulator/run.h"

#include <algorithm>

#include "events/base/text.h"
#include "tools/simulator/checks.h"
#include "tools/simulator/clients.h"
#include "tools/simulator/log_checks.h"
#include "tools/simulator/world.h"

namespace kring::simulator {
namespace {

using Loss = FaultyFileSystem::Loss;

constexpr std::size_t most_failures = 6, most_starts = 12;

class Run {
 public:
  explicit Run(std::uint64_t seed) : dice_(seed), world_(dice_.next(), trace_), clients_(dice_.next(), trace_) {
    failure_ = choose_failure(dice_, clients_.wishes().all().size());
    outcome_.failure = failure_.kind;
    outcome_.commands = clients_.wishes().all().size();
    trace_("seed ", seed, ": ", clients_.wishes().all().size(), " commands, ", name_of(failure_.kind), " at ", failure_.number);
  }

  Outcome go() {
    failure_.arm(world_.disk());
    while (!is_over()) live();
    if (!ended_ && outcome_.wrong.empty()) outcome_.wrong = end();
    outcome_.answers = clients_.wishes().answers();
    if (!outcome_.wrong.empty()) trace_("WRONG: ", outcome_.wrong);
    outcome_.trace = trace_.text();
    return std::move(outcome_);
  }

 private:
  bool is_over() const { return ended_ || !outcome_.wrong.empty() || (outcome_.happened && !unseen_ && clients_.wishes().content()); }

  // The life of one process.
  void live() {
    if (++outcome_.starts > most_starts) return wrong("does not come to an end");
    auto started = world_.start();
    if (!started) return stuck(concat("does not start: ", started.error().message));
    unseen_ = false;
    if (const auto read = check_readable(*world_.reader()); !read.empty()) return stuck(read);
    if (auto missing = check_log(*world_.reader(), clients_.wishes(), proven_); !missing.empty()) {
      if (has_failed()) return lose();
      return wrong(missing);
    }
    if (lost_the_unproven()) return;
    if (auto told = clients_.run(world_); !told.empty()) return wrong(told);
    if (world_.model_error()) return stuck(concat("the read models stopped: ", world_.model_error()->message));
    if (clients_.given_up()) return stuck("gives up");
    lose();
  }

  bool has_failed() { return !world_.disk().running() || world_.disk().has_failed(); }

  // Something could not be done. That is what a disk that fails leads to, and what damage has to lead to.
  void stuck(const std::string& what) {
    if (has_failed()) return lose();
    if (!flipped_) return wrong(what);
    trace_("damage is found: ", what);
    outcome_.refused = ended_ = true;
  }

  // How a process ends: with what was to go wrong, or what has gone wrong, or well.
  void lose() {
    FaultyFileSystem& disk = world_.disk();
    outcome_.failed_operations += disk.has_failed();
    const bool at_the_end = disk.running() && !disk.has_failed();  // the history was shorter than the failure is late
    bool power = dice_.chance(30);
    if (!outcome_.happened) {
      outcome_.happened = !failure_.is_operation() || disk.has_failed() || at_the_end;
      if (at_the_end && failure_.is_operation()) trace_("nothing has failed");
      if (failure_.kind == FailureKind::power_loss) power = true;
      if (failure_.kind == FailureKind::process_end) power = false;
      if (failure_.kind == FailureKind::flipped_bit) return flip();
    } else if (!disk.running()) {
      power = second_.kind == FailureKind::power_loss;
    }
    end_process(power);
    if (is_over() || outcome_.starts > most_failures) return;
    second_ = choose_second_failure(dice_, failure_.kind);
    second_.arm(disk);
  }

  void end_process(bool power) {
    ++(power ? outcome_.power_losses : outcome_.process_ends);
    world_.lose(power ? Loss::power : Loss::process);
  }

  void flip() {
    const bool closed = world_.disk().running() && dice_.chance(50);
    if (closed) world_.close();
    end_process(false);
    auto proven = world_.proven();
    proven_ = closed || !proven ? UINT64_MAX : *proven;
    const bool in_log = dice_.chance(70);
    if (!in_log) proven_ = UINT64_MAX;
    trace_(flip_a_bit(world_.disk(), dice_, in_log ? log_directory : snapshots_directory), closed ? ", after a clean end" : "");
    unseen_ = true;
    flipped_ = in_log;  // a snapshot that is damaged is no reason to refuse anything
  }

  // After damage in the newest batch, which nothing but itself can prove: it is taken for a torn one.
  bool lost_the_unproven() {
    if (proven_ == UINT64_MAX) return false;
    proven_ = UINT64_MAX;
    if (check_log(*world_.reader(), clients_.wishes()).empty()) return false;
    trace_("answers above position ", world_.head(), " are lost");
    outcome_.undetectable = ended_ = true;
    return true;
  }

  // The last process ends well; what it leaves is looked at by another one.
  std::string end() {
    for (int i = 0; i < 2; ++i) {
      if (auto started = world_.start(); !started) {
        outcome_.refused = flipped_;
        return flipped_ ? "" : concat("does not start again: ", started.error().message);
      }
      if (i == 0) world_.close();
    }
    std::string found = check_log(*world_.reader(), clients_.wishes());
    if (found.empty()) found = check_decisions(*world_.reader());
    if (found.empty()) found = check_names(world_);
    if (found.empty()) found = check_models(world_);
    if (found.empty() && world_.model_error()) found = world_.model_error()->message;
    world_.close();
    return found;
  }

  void wrong(std::string what) { outcome_.wrong = std::move(what); }

  Trace trace_;
  Dice dice_;
  World world_;
  Clients clients_;
  Failure failure_, second_;
  Outcome outcome_;
  bool ended_ = false;
  bool flipped_ = false;  // a bit of the log
  bool unseen_ = false;   // and no process has started since
  Position proven_ = UINT64_MAX;
};

}  // namespace

Outcome run(std::uint64_t seed) { return Run(seed).go(); }

}  // namespace kring::simulator
