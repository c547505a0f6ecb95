// Where a projector folds into: rows by model and key, each with all its versions. An empty value means that there is no row.
#pragma once

#include <functional>
#include <optional>

#include "events/base/error.h"
#include "projections/store/tables.h"

namespace kring::projections {

class Rows {
 public:
  virtual ~Rows() = default;

  // The newest value; empty where there is none. Valid until the next call.
  virtual Result<BytesView> get(Model model, const Bytes& key) = 0;
  // `position` must not be lower than that of any put before.
  virtual Result<void> put(Model model, const Bytes& key, Bytes value, Position position) = 0;
};

}  // namespace kring::projections
