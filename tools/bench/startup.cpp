// Start-up to the first answered command, memory, and bytes on disk.
#include <filesystem>
#include <fstream>

#include "engine/runtime/engine.h"
#include "engine/runtime/snapshot_store.h"
#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "tools/bench/measure.h"
#include "tools/bench/process.h"
#include "tools/bench/suites.h"

namespace kring::bench {
namespace {

constexpr std::string_view command = R"({"type":"change_programme","programme":"programme-0","title":"Leerkringen"})" "\n";

Ran submit_one(Bench& bench, const DataDirectory& directory) {
  return run_program(bench.options().program, {"--data", directory.path, "submit"}, std::string(command));
}

// The log as it was some records ago.
class Earlier : public EventLog {
 public:
  Earlier(LogReader& log, Position end) : log_(log), end_(end) {}
  Result<HistoryId> history() override { return log_.history(); }
  Result<std::string> successor() override { return log_.successor(); }
  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override {
    if (from.position >= end_) return from;
    return log_.read(from, [&](const LogEntry& entry) { return visit(entry) && entry.position < end_; });
  }
  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override { return log_.read_at(position, visit); }
  Result<Bookmark> claim() override {
    return read({}, [](const LogEntry&) { return true; });
  }
  Result<Bookmark> append(std::span<const Draft>, Position) override { return fail(ErrorKind::usage, "not_claimed", "an earlier log is only read"); }
  Result<void> seal(std::string_view, Position) override { return fail(ErrorKind::usage, "not_claimed", "an earlier log is only read"); }

 private:
  LogReader& log_;
  const Position end_;
};

std::string snapshots_of(const DataDirectory& directory) { return directory.path + "/snapshots"; }
std::string kept_snapshots_of(const DataDirectory& directory) { return directory.path + ".snapshots"; }

// Leaves a snapshot of how things stood `tail` records before the end, and the index of command ids up to there.
void leave_snapshot(const Written& history, std::uint64_t tail) {
  const DataDirectory& directory = history.directory;
  auto reader = make_embedded_reader(directory.log());
  Earlier log(*reader, history.records - tail);
  auto end = must(log.claim());
  auto keys = open_keys(directory, must(log.history()), false);
  auto index = must(CommandIndex::open(directory.command_ids()));
  SnapshotOptions options;
  options.directory = snapshots_of(directory);
  options.every = 1;
  SnapshotStore snapshots(options);
  must(Engine::start({}, log, end, *index, *keys, real_environment(), &snapshots));
  std::filesystem::copy(snapshots_of(directory), kept_snapshots_of(directory));
}

// The next start finds that snapshot, and none that a start since has taken.
void put_snapshot_back(const DataDirectory& directory) {
  std::filesystem::remove_all(snapshots_of(directory));
  std::filesystem::copy(kept_snapshots_of(directory), snapshots_of(directory));
}

// The raw limit of a start: as many bytes of the log as the tail takes, and the snapshot, read once.
double read_once(const Written& history, std::uint64_t tail) {
  std::vector<char> buffer(1 << 20);
  auto left = static_cast<double>(bytes_in(history.directory.log())) * static_cast<double>(tail) / static_cast<double>(history.records);
  auto read = [&](const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    while ((file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0) && left > 0) left -= static_cast<double>(file.gcount());
  };
  std::vector<std::filesystem::path> segments;
  for (const auto& entry : std::filesystem::directory_iterator(history.directory.log())) segments.push_back(entry.path());
  std::ranges::sort(segments, std::greater());
  return seconds([&] {
    for (const auto& segment : segments) read(segment);
    left = static_cast<double>(bytes_in(kept_snapshots_of(history.directory)));
    for (const auto& entry : std::filesystem::directory_iterator(kept_snapshots_of(history.directory))) read(entry.path());
  });
}

void start(Bench& bench, std::uint64_t records, std::uint64_t tail, std::optional<Target> memory) {
  const Written& history = bench.with_models(records);
  bench.tell(concat("leaving a snapshot before the last ", tail, " of ", records, " records"));
  leave_snapshot(history, tail);
  auto first = submit_one(bench, history.directory);
  std::vector<double> times, raw;
  std::uint64_t peak = first.peak_bytes;
  for (int round = 0; round < 3; ++round) {
    put_snapshot_back(history.directory);
    auto ran = submit_one(bench, history.directory);
    times.push_back(ran.first_line);
    peak = std::max(peak, ran.peak_bytes);
    raw.push_back(read_once(history, tail) + run_program(bench.options().program, {"--version"}).whole);
  }
  auto size = concat(records, " records");
  bench.add({"startup", concat("to the first answer, a tail of ", tail, ", ", size), median(times), "s", median(raw),
             "kring --version, and the bytes of snapshot and tail read once", at_most(2)});
  bench.add({"startup", concat("the same, and the tail is not in the index of command ids yet, ", size), first.first_line, "s", {}, "", {}});
  bench.add({"startup", concat("memory at the most, ", size), static_cast<double>(peak) / (1 << 20), "MiB", {}, "", memory});
  auto bytes = [&](const std::string& path) { return static_cast<double>(bytes_in(path)) / static_cast<double>(records); };
  bench.add({"startup", concat("log on disk, ", size), bytes(history.directory.log()), "bytes/event", {}, "", {}});
  bench.add({"startup", concat("read models on disk, ", size), bytes(history.directory.models()), "bytes/event", {}, "", {}});
  bench.add({"startup", concat("index of command ids on disk, ", size), bytes(history.directory.command_ids()), "bytes/event", {}, "", {}});
}

}  // namespace

void run_startup(Bench& bench) {
  start(bench, bench.scaled(200'000, 2'000), bench.scaled(100'000, 1'000), {});
  start(bench, bench.scaled(10'000'000, 2'500), bench.scaled(100'000, 1'000), at_most(1024));
}

}  // namespace kring::bench
