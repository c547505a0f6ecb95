// Start-up to the first answered command, memory, and bytes on disk.
#include <filesystem>
#include <fstream>

#include "events/base/text.h"
#include "tools/bench/measure.h"
#include "tools/bench/process.h"
#include "tools/bench/suites.h"

namespace kring::bench {
namespace {

constexpr std::string_view command = R"({"type":"change_programme","programme":"programme-0","title":"Leerkringen"})" "\n";

Ran submit_one(Bench& bench, const DataDirectory& directory) {
  return run_program(bench.options().program, {"--data", directory.path, "submit"}, std::string(command));
}

// The raw limit of a start: the bytes of the log, read once.
double read_log(const DataDirectory& directory) {
  std::vector<char> buffer(1 << 20);
  return seconds([&] {
    for (const auto& entry : std::filesystem::directory_iterator(directory.log())) {
      std::ifstream file(entry.path(), std::ios::binary);
      while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0) keep(buffer[0]);
    }
  });
}

void start(Bench& bench, std::uint64_t records, int rounds, std::optional<Target> target, std::optional<Target> memory) {
  const Written& history = bench.with_models(records);
  bench.tell(concat("starting on ", records, " records"));
  auto first = submit_one(bench, history.directory);
  std::vector<double> times, raw;
  std::uint64_t peak = 0;
  for (int round = 0; round < rounds; ++round) {
    auto ran = submit_one(bench, history.directory);
    times.push_back(ran.first_line);
    peak = std::max(peak, ran.peak_bytes);
    raw.push_back(read_log(history.directory) + run_program(bench.options().program, {"--version"}).whole);
  }
  bench.add({"startup", concat("to the first answer, ", records, " records"), median(times), "s", median(raw), "kring --version, and the log's bytes read once", target});
  bench.add({"startup", concat("the same, with the index of command ids to be made, ", records, " records"), first.first_line, "s", {}, "", {}});
  bench.add({"startup", concat("memory at the most, ", records, " records"), static_cast<double>(peak) / (1 << 20), "MiB", {}, "", memory});
  auto count = static_cast<double>(records);
  auto bytes = [&](const std::string& path) { return static_cast<double>(bytes_in(path)) / count; };
  bench.add({"startup", concat("log on disk, ", records, " records"), bytes(history.directory.log()), "bytes/event", {}, "", {}});
  bench.add({"startup", concat("read models on disk, ", records, " records"), bytes(history.directory.models()), "bytes/event", {}, "", {}});
  bench.add({"startup", concat("index of command ids on disk, ", records, " records"), bytes(history.directory.command_ids()), "bytes/event", {}, "", {}});
}

}  // namespace

void run_startup(Bench& bench) {
  start(bench, bench.scaled(100'000, 2'000), 5, at_most(2), {});
  start(bench, bench.scaled(10'000'000, 2'500), 1, {}, at_most(1024));
}

}  // namespace kring::bench
