#include "tools/simulator/command_line.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>

#include "events/base/mistakes.h"
#include "events/base/text.h"

namespace kring::simulator {
namespace {

struct Options {
  std::uint64_t first = 1, last = 1000;
  bool verbose = false, keep_going = false;
};

int run_all(const Simulation& simulation, const Options& options) {
  std::size_t failed = 0;
  for (std::uint64_t seed = options.first; seed <= options.last; ++seed) {
    std::string wrong, trace;
    simulation.run(seed, wrong, trace);
    if (options.verbose) std::cout << trace;
    if (wrong.empty()) continue;
    ++failed;
    std::cout << "seed " << seed << ": " << wrong << "\n  again: " << simulation.program << " --seed " << seed << " --verbose" << std::endl;
    if (!options.keep_going) break;
  }
  simulation.report();
  std::cout << (failed == 0 ? "everything that must be true is" : concat(failed, " runs FAILED")) << std::endl;
  return failed == 0 ? 0 : 1;
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

}  // namespace

int simulate(int argc, char** argv, const Simulation& simulation) {
  CLI::App app(simulation.about);
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
  return run_all(simulation, options);
}

}  // namespace kring::simulator
