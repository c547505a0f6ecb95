// kring bench.
#include <unistd.h>

#include <iostream>

#include "tools/bench/bench.h"
#include "tools/kring/interrupt.h"
#include "tools/kring/log_place.h"
#include "tools/kring/options.h"

namespace kring::cli {
namespace {

std::string own_path() {
  std::string path(4096, '\0');
  auto size = ::readlink("/proc/self/exe", path.data(), path.size());
  path.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return path;
}

}  // namespace

int run_bench(const Options& options) {
  bench::Options asked;
  asked.suites = options.suites;
  asked.scale = options.scale;
  asked.seed = options.seed;
  asked.work_dir = options.work_dir;
  asked.keep = options.keep;
  asked.program = own_path();
  asked.tell = [](std::string_view text) { std::cerr << "kring bench: " << text << '\n'; };
  Interrupt interrupt;
  asked.wait_for_end = [&](int descriptor) { return interrupt.wait_for(descriptor) ? 0 : exit_code_of(interrupt.came()); };
  auto place = bench_place(options);
  if (!place) return report(place.error());
  asked.kafka = std::move(*place);
  auto ran = bench::run(asked);
  if (!ran) return report(ran.error());
  auto document = bench::to_json(*ran);
  TableSpec spec{"benchmark", "rows",
                 {{"suite", "suite"}, {"what", "what"}, {"measured", "measured", true}, {"unit", "unit"}, {"raw", "raw", true}, {"ratio", "ratio", true},
                  {"target", "target"}, {"reached", "reached"}, {"raw limit", "limit"}},
                 "nothing was measured"};
  print(options.format == Format::table ? table(spec, document, colour_wanted()) : options.format == Format::csv ? csv(document) : json::to_text(document) + "\n");
  return finish_output();
}

}  // namespace kring::cli
