// The ledger of erasures: who was forgotten, in a file outside the data directory and its backups, so that what is restored
// from a backup stays forgotten. A line of JSON for each person; only ever appended to.
//
//   {"history":"32 hexadecimal digits","programme":"id","person":"id","position":17,"crc":"8 hexadecimal digits"}
//
// The checksum goes over the line up to it; lines that were written before there was one have none.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "events/filesystem/filesystem.h"
#include "events/privacy/sealing.h"

namespace kring {

// For readers: those of this history, in the order of the file. A last line that is cut short is passed over. Errors:
// `not_found` where there is no ledger; `damaged`, with file, line and offset.
Result<std::vector<Erasure>> read_erasures(FileSystem& files, const std::string& path, const HistoryId& history);

// One writer at a time; one object belongs to one thread.
class ErasureLedger {
 public:
  // Makes the file where there is none. A last line that a crash cut short is removed, and one that it left
  // zeros in is passed over: whoever was to be forgotten by it was not answered, and is forgotten again. Error `damaged` names the line that is none of a ledger.
  static Result<std::unique_ptr<ErasureLedger>> open(FileSystem& files, const std::string& path, const HistoryId& history);

  // Those of this history, in the order of the file.
  const std::vector<Erasure>& erasures() const { return erasures_; }

  // Durable when this returns.
  Result<void> append(const std::vector<Erasure>& erasures);

 private:
  ErasureLedger(std::unique_ptr<File> file, const HistoryId& history) : file_(std::move(file)), history_(history) {}

  std::unique_ptr<File> file_;
  const HistoryId history_;
  std::vector<Erasure> erasures_;
  std::uint64_t end_ = 0;
};

}  // namespace kring
