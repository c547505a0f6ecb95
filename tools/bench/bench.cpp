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
  bool on_kafka = false;
};
constexpr Suite suites[] = {{"decide", run_decide},
                            {"codec", run_codec},
                            {"append", run_append},
                            {"rebuild", run_rebuild},
                            {"project", run_project},
                            {"reads", run_reads},
                            {"startup", run_startup},
                            {"kafka-append", run_kafka_append, true},
                            {"kafka-read", run_kafka_read, true},
                            {"kafka-rebuild", run_kafka_rebuild, true}};

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
  const auto wanted = [&](const Suite& suite) {
    return options.suites.empty() ? suite.on_kafka == options.kafka.has_value() : std::ranges::find(options.suites, suite.name) != options.suites.end();
  };
  for (const Suite& suite : suites)
    if (wanted(suite) && suite.on_kafka && !options.kafka)
      return fail(ErrorKind::usage, "wrong_use", concat("the suite ", suite.name, " needs --log kafka://HOST:PORT"), "--log");
  try {
    Bench bench(options);
    for (const Suite& suite : suites)
      if (wanted(suite)) suite.run(bench);
    return bench.report();
  } catch (Failed& failed) {
    return std::unexpected(std::move(failed.error));
  }
}

}  // namespace kring::bench
