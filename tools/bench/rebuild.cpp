// Rebuilding all read models from the log.
#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "projections/projector.h"
#include "tools/bench/bare_rows.h"
#include "tools/bench/measure.h"
#include "tools/bench/suites.h"

namespace kring::bench {

void run_rebuild(Bench& bench) {
  const Written& history = bench.written(bench.scaled(1'000'000, 5'000));
  auto log = make_embedded_reader(history.directory.log());
  CollectedRows rows;
  bench.tell("collecting the rows that the log comes to");
  collect(*log, history.records, rows);
  auto sorted = rows.sorted();
  std::vector<double> rebuilt, bare;
  auto count = static_cast<double>(history.records);
  for (int repetition = 0; repetition < 3; ++repetition) {
    auto directory = bench.make("rebuild");
    {
      auto database = must(projections::Database::open_primary(directory.models()));
      projections::Projector projector(*database, *log);
      rebuilt.push_back(count / seconds([&] { must(projector.rebuild(all_models())); }));
    }
    bench.remove(directory);
    auto other = bench.make("rebuild-bare");
    bare.push_back(count / seconds([&] { write_sorted(other.path, rows, sorted); }));
    bench.remove(other);
  }
  const char* limit = "the same rows, sorted beforehand, into sorted files and ingested";
  bench.add({"rebuild", concat("all read models of ", history.records, " events"), median(rebuilt), "events/s", median(bare), limit, ratio_at_least(0.5)});
  bench.add({"rebuild", "the same, as a rate", median(rebuilt), "events/s", {}, "", at_least(400'000)});
  bench.add({"rebuild", "rows an event", static_cast<double>(sorted.size()) / count, "rows", {}, "", {}});
}

}  // namespace kring::bench
