// Cuts a damaged log off before one of its records: for people who have decided that the rest is given up. Nothing is
// deleted: what is cut off lies in a directory of its own afterwards, as it was.
#pragma once

#include <string>
#include <vector>

#include "events/log/event_log.h"
#include "events/filesystem/filesystem.h"

namespace kring {

struct CutPlan {
  Position at = 0;                  // the first record that goes
  Bookmark last;                    // the one before it: the new end. Position 0: nothing stays
  HistoryId history{};
  Position split = 0;               // the segment that is cut; 0: none
  std::uint64_t offset = 0;         // where
  std::vector<Position> moved;      // segments that go as a whole
  std::uint64_t bytes = 0;          // that are cut off
};

// Looks what a cut before `at` would take. Errors: `log_damaged` where a record before it is not whole (it names that
// one: the log can be cut there), `not_found` where the log ends before `at`, `io`.
Result<CutPlan> plan_cut(FileSystem& files, const std::string& directory, Position at);

// Carries it out: copies the segment that is split and the witness into `keep_in`, which must not exist yet, moves the
// others there, cuts, and writes a witness of the new end. A crash on the way leaves a log that is refused as damaged and
// can be cut again. Errors: `busy` where somebody writes, `exists`, `io`.
Result<void> cut_log(FileSystem& files, const std::string& directory, const CutPlan& plan, const std::string& keep_in);

}  // namespace kring
