// The tail witness: a small file beside the segments that says how far the log was known to be durable. Where the
// segments end before that, something was lost, however tidy their end looks.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "events/log/acceptance.h"
#include "events/filesystem/filesystem.h"

namespace kring {

struct Witness {
  HistoryId history{};
  Position position = 0;  // 0: nothing was ever witnessed
  Hash hash{};            // of the record at that position; behind the seal of the log: of the last one
};

// What a witness of this state names as position. The seal of the log takes a place like a record: so a seal that was
// durable and is not there any more is found as every loss is.
inline Position last_place(const LogState& state) { return state.position + (state.successor.empty() ? 0 : 1); }

inline constexpr std::string_view witness_name = "witness";
inline constexpr std::size_t witness_slot_size = 4096;  // two slots, each in a page of its own
inline constexpr std::uint16_t witness_version = 1;

Bytes encode_witness(const Witness& witness);

// Reads the newest witness; position 0 where there is no file. A slot that does not verify is passed over, because a
// crash may tear the one that was being written. Errors: `log_damaged` where both are unreadable, `unsupported_format`,
// `io`.
Result<Witness> read_witness(FileSystem& files, const std::string& directory);

// Writes witnesses into the two slots in turn, so that one of them is always whole: one write and one sync each, where
// a file that is replaced would cost three. One object belongs to one thread.
class WitnessWriter {
 public:
  WitnessWriter(FileSystem& files, std::string directory) : files_(files), directory_(std::move(directory)) {}

  // Returns when the witness is durable. After an error this object must not be used again.
  Result<void> write(const Witness& witness);

 private:
  Result<void> open();

  FileSystem& files_;
  const std::string directory_;
  std::unique_ptr<File> file_;
  unsigned next_ = 0;  // the slot to write: never the one with the newest witness
};

}  // namespace kring
