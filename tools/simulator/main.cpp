// The simulator: thousands of short histories with a failure each, on a machine that is made up.
#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <iostream>

#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "tools/simulator/run.h"

namespace kring::simulator {
namespace {

struct Options {
  std::uint64_t first = 1, last = 1000;
  bool verbose = false, keep_going = false;
};

struct Report {
  struct Row {
    std::size_t runs = 0, refused = 0, undetectable = 0;
  };
  std::array<Row, Names<FailureKind>::names.size()> rows;
  std::size_t runs = 0, failed = 0, power_losses = 0, process_ends = 0, failed_operations = 0, starts = 0, commands = 0, answers = 0;

  void add(const Outcome& outcome) {
    Row& row = rows[static_cast<std::size_t>(outcome.failure)];
    ++row.runs;
    row.refused += outcome.refused;
    row.undetectable += outcome.undetectable;
    ++runs;
    failed += !outcome.wrong.empty();
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
            << report.power_losses << " power losses, " << report.failed_operations << " failed operations, " << report.process_ends << " other ends of a process\n"
            << (report.failed == 0 ? "everything that must be true is" : concat(report.failed, " runs FAILED")) << std::endl;
}

int simulate(const Options& options) {
  Report report;
  for (std::uint64_t seed = options.first; seed <= options.last; ++seed) {
    const Outcome outcome = run(seed);
    report.add(outcome);
    if (options.verbose) std::cout << outcome.trace;
    if (outcome.wrong.empty()) continue;
    std::cout << "seed " << seed << ": " << outcome.wrong << "\n  again: simulator --seed " << seed << " --verbose" << std::endl;
    if (!options.keep_going) break;
  }
  print(report);
  return report.failed == 0 ? 0 : 1;
}

// "7" or "1..1000".
bool parse_seeds(const std::string& text, Options& options) {
  const auto dots = text.find("..");
  const auto number = [](std::string_view digits, std::uint64_t& into) {
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), into);
    return read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  };
  if (dots == std::string::npos) return number(text, options.first) && number(text, options.last);
  return number(std::string_view(text).substr(0, dots), options.first) && number(std::string_view(text).substr(dots + 2), options.last);
}

int main(int argc, char** argv) {
  CLI::App app("Runs kring on a simulated clock, disk and clients; each seed is one history with one failure.");
  Options options;
  std::string seeds = "1..1000", mistake;
  app.add_option("--seeds,--seed", seeds, "a seed, or A..B")->capture_default_str();
  app.add_flag("--verbose", options.verbose, "print what happens");
  app.add_flag("--keep-going", options.keep_going, "go on after a failure");
#ifdef KRING_MISTAKES
  app.add_option("--mistake", mistake, "a mistake to plant; the run must then fail")->required();
#endif
  CLI11_PARSE(app, argc, argv);
  if (!parse_seeds(seeds, options)) {
    std::cerr << "--seeds wants a number, or two with .. between\n";
    return 2;
  }
#ifdef KRING_MISTAKES
  planted_mistake = from_name<Mistake>(mistake);
  if (!planted_mistake) {
    std::cerr << "there is no mistake " << mistake << '\n';
    return 2;
  }
#endif
  return simulate(options);
}

}  // namespace
}  // namespace kring::simulator

int main(int argc, char** argv) { return kring::simulator::main(argc, argv); }
