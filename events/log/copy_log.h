// Moves a history from one log to another, on whatever engines: every record with its position, time and hash. The source
// is sealed at the end, so that there is one place where the history goes on.
#pragma once

#include <functional>
#include <string>

#include "events/log/event_log.h"

namespace kring {

struct CopyOptions {
  std::string successor;  // the target, as the source names it from then on

  // Where a claim deposes a writer that is at work (Kafka): first copies what there is, and claims the source for the rest.
  // Else the source is claimed before anything is copied.
  bool claim_late = false;

  std::size_t batch = 1000;  // records that are appended together, at most

  // Told how far the copy is, after each batch, and where the source ends (0: not known yet); false stops it. May be empty.
  std::function<bool(Position reached, Position end)> report;

  // Called when the target is complete, before the source is sealed: what else has to be there by then. May be empty.
  std::function<Result<void>()> before_seal;
};

struct Copied {
  Bookmark tail;             // of the target where the source ends; its locator is the target's
  Position copied = 0;       // records, this time
  bool sealed_before = false;  // the source was sealed for this target by an earlier run
};

// The target is empty and made with the source's history, or it holds a first part of the source: then what is missing is
// copied, so what was cut short at any moment is completed by doing it again. Neither log was claimed before. Errors beyond
// those of the port: kind io, codes `target_not_empty` (it holds something else), `log_sealed` (the source went elsewhere),
// `target_taken` (somebody else writes to it, or it is the source under another name), `interrupted`, `target_incomplete` (sealed for this target, which lacks the end of it).
Result<Copied> copy_log(EventLog& source, EventLog& target, const CopyOptions& options);

}  // namespace kring
