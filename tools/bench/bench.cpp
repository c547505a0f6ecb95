#include "tools/bench/bench.h"

#include <algorithm>

#include "events/base/text.h"
#include "tools/bench/measure.h"
#include "tools/bench/suites.h"

namespace kring::bench {
namespace {

struct Suite {
  const char* name;
  void (*run)(Bench&);
};
constexpr Suite suites[] = {{"decide", run_decide},   {"codec", run_codec}, {"append", run_append},  {"rebuild", run_rebuild},
                            {"project", run_project}, {"reads", run_reads}, {"startup", run_startup}};

}  // namespace

const std::vector<std::string>& suite_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Suite& suite : suites) all.emplace_back(suite.name);
    return all;
  }();
  return names;
}

Result<Report> run(const Options& options) {
  for (const std::string& name : options.suites)
    if (std::ranges::find(suite_names(), name) == suite_names().end()) {
      std::string known;
      for (const std::string& one : suite_names()) known += (known.empty() ? "" : ", ") + one;
      return fail(ErrorKind::usage, "wrong_use", concat("there is no suite '", name, "'; there are: ", known), "SUITE");
    }
  try {
    Bench bench(options);
    for (const Suite& suite : suites)
      if (options.suites.empty() || std::ranges::find(options.suites, suite.name) != options.suites.end()) suite.run(bench);
    return bench.report();
  } catch (Failed& failed) {
    return std::unexpected(std::move(failed.error));
  }
}

}  // namespace kring::bench
