// Folding a record into the rows of a model: what each event changes. One file for each model.
#pragma once

#include "events/decision.h"
#include "projections/store/rows.h"

namespace kring::projections {

// `body`: the record as it lies in the log. Precondition: records come in order, each once.
Result<void> fold_directory(Rows& rows, const Record& record);
Result<void> fold_theme_roster(Rows& rows, const Record& record);
Result<void> fold_venue_assignments(Rows& rows, const Record& record);
Result<void> fold_history(Rows& rows, const Record& record, BytesView body);

Result<void> fold(Model model, Rows& rows, const Record& record, BytesView body);

}  // namespace kring::projections
