// The simulator: thousands of short histories with a failure each, on a machine that is made up.
#include <array>
#include <iostream>

#include "events/base/text.h"
#include "tools/simulator/command_line.h"
#include "tools/simulator/run.h"

namespace kring::simulator {
namespace {

struct Report {
  struct Row {
    std::size_t runs = 0, refused = 0, undetectable = 0;
  };
  std::array<Row, Names<FailureKind>::names.size()> rows;
  std::size_t runs = 0, power_losses = 0, process_ends = 0, failed_operations = 0, starts = 0, commands = 0, answers = 0;

  void add(const Outcome& outcome) {
    Row& row = rows[static_cast<std::size_t>(outcome.failure)];
    ++row.runs;
    row.refused += outcome.refused;
    row.undetectable += outcome.undetectable;
    ++runs;
    power_losses += outcome.power_losses;
    process_ends += outcome.process_ends;
    failed_operations += outcome.failed_operations;
    starts += outcome.starts;
    commands += outcome.commands;
    answers += outcome.answers;
  }
};

void print(const Report& report) {
  std::cout << "failure                     runs  refused  undetectable\n";
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    const auto& row = report.rows[i];
    if (row.runs == 0) continue;
    std::string name(name_of(static_cast<FailureKind>(i)));
    const auto column = [](std::size_t number, std::size_t width) {
      std::string text = concat(number);
      return std::string(width - std::min(width, text.size()), ' ') + text;
    };
    std::cout << name << std::string(24 - name.size(), ' ') << column(row.runs, 8) << column(row.refused, 9) << column(row.undetectable, 14) << '\n';
  }
  std::cout << report.runs << " runs, " << report.commands << " commands, " << report.answers << " answers, " << report.starts << " starts, "
            << report.power_losses << " power losses, " << report.failed_operations << " failed operations, " << report.process_ends << " other ends of a process\n";
}

}  // namespace
}  // namespace kring::simulator

int main(int argc, char** argv) {
  using namespace kring::simulator;
  Report report;
  const auto add_run = [&](std::uint64_t seed, std::string& wrong, std::string& trace) {
    Outcome outcome = run(seed);
    report.add(outcome);
    wrong = std::move(outcome.wrong);
    trace = std::move(outcome.trace);
  };
  return simulate(argc, argv, {"simulator", "Runs kring on a simulated clock, disk and clients; each seed is one history with one failure.", add_run, [&] { print(report); }});
}
