// The projector: follows the log and folds it into the read models.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "events/log/event_log.h"
#include "projections/store/database.h"

namespace kring::projections {

// Belongs to one thread. What is passed must outlive it.
class Projector {
 public:
  // (done, all): positions.
  using Report = std::function<void(Position done, Position all)>;

  Projector(Database& database, LogReader& log) : database_(database), log_(log) {}

  // Folds everything up to the log's end, each model from where it is. Error `log_replaced`: the models were built from
  // another history. Any error leaves the models at a place that they had reached whole.
  // `up_to`: records behind that position are left alone. Beside a writer it has to be what is durable: a model that knows
  // a record which a power loss takes away would be one of another history.
  Result<Position> catch_up(const Report& report = {}, Position up_to = UINT64_MAX);

  // Builds the models anew from the whole log, beside the old ones, and swaps.
  Result<void> rebuild(const std::vector<Model>& models, const Report& report = {});

  // Reads the whole log and compares every version of every row with what the log makes of it. The error names the
  // first position whose rows differ.
  Result<Position> verify(const Report& report = {});

 private:
  Database& database_;
  LogReader& log_;
};

}  // namespace kring::projections
