// Incremental projecting: the read models follow the log, batch by batch.
#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "projections/projector.h"
#include "tools/bench/bare_rows.h"
#include "tools/bench/measure.h"
#include "tools/bench/suites.h"

namespace kring::bench {

void run_project(Bench& bench) {
  const Written& history = bench.written(bench.scaled(500'000, 5'000));
  auto log = make_embedded_reader(history.directory.log());
  CollectedRows rows;
  bench.tell("collecting the rows that the log comes to");
  collect(*log, history.records, rows);
  std::vector<double> projected, bare;
  auto count = static_cast<double>(history.records);
  for (int repetition = 0; repetition < 3; ++repetition) {
    auto directory = bench.make("project");
    {
      auto database = must(projections::Database::open_primary(directory.models()));
      projections::Projector projector(*database, *log);
      projected.push_back(count / seconds([&] { must(projector.catch_up()); }));
    }
    bench.remove(directory);
    auto other = bench.make("project-bare");
    bare.push_back(count / seconds([&] { write_in_order(other.path, rows, 2000); }));
    bench.remove(other);
  }
  bench.add({"project", concat("incrementally, ", history.records, " events"), median(projected), "events/s", median(bare),
             "the same rows written in batches of 2000 records", at_least(150'000)});
}

}  // namespace kring::bench
