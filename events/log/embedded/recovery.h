// What a writer does before its first record: finds the tail, cuts off what a crash tore, refuses damage, and makes
// sure that what it found is durable.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "events/log/embedded/witness.h"

namespace kring {

struct RecoveredTail {
  LogState state;                   // history all zeros: nothing was ever written; a successor: the log is sealed
  Position segment = 0;             // where the newest segment begins; 0: there is none
  bool sealed = false;              // that one is full, and gets no more records
  std::uint64_t offset = 0;         // where in it the next frame goes
  std::uint64_t record_offset = 0;  // of the last record in it; 0: none there
  Position witnessed = 0;           // what the witness knows
};

// The caller must hold the lock of the directory. Verifies the newest segment in full and the ends of all others; what
// lies between is verified by whoever reads it. `notice` is told what was cut off, in words for people. Errors:
// `log_damaged`, `unsupported_format`, `io`; then nothing was changed, except for `io`.
Result<RecoveredTail> recover(FileSystem& files, const std::string& directory,
                              const std::function<void(std::string_view)>& notice);

}  // namespace kring
