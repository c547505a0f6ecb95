// Reads the frames of one segment file in big pieces.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "events/log/embedded/segment.h"

namespace kring {

// What lies behind a place where no valid frame begins.
struct Remains {
  std::uint64_t file_size = 0;
  bool only_zeros = true;  // from that place to the end of the file: room made beforehand, nothing else
  // A valid frame further on whose writer knew the missing record to be durable: proof that it once stood there.
  std::optional<std::uint64_t> proof;
};

// One object belongs to one thread. The file may grow meanwhile.
class SegmentReader {
 public:
  // Opens the segment that begins at position `first` and reads its header. Errors: `file_not_found`; `log_damaged`
  // where the header is not what was written or belongs to another position; `unsupported_format`; `io`.
  static Result<std::unique_ptr<SegmentReader>> open(FileSystem& files, const std::string& directory, Position first);

  const SegmentHeader& header() const { return header_; }
  const std::string& path() const { return path_; }
  Result<std::uint64_t> size() { return file_->size(); }

  // Parses the frame at `offset`. Its body stays valid until the next call on this object. `frame` may answer from what
  // was read earlier; `fresh_frame` looks at the file again.
  Result<FrameFault> frame(std::uint64_t offset, Frame& into);
  Result<FrameFault> fresh_frame(std::uint64_t offset, Frame& into);

  void forget() { start_ = length_ = 0; }  // what was read ahead

  // Looks from `offset` to the end of the file for traces of the record `missing`, which should stand at `offset`.
  Result<Remains> remains(std::uint64_t offset, Position missing);

  Result<Bytes> bytes(std::uint64_t from, std::uint64_t to);  // as they lie in the file

 private:
  SegmentReader(std::unique_ptr<File> file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  // The bytes from `offset` on that are in the buffer, at least `wanted` of them unless the file ends before.
  Result<BytesView> need(std::uint64_t offset, std::size_t wanted);
  Result<std::optional<std::uint64_t>> find_proof(BytesView window, std::uint64_t begin, Position missing);

  std::unique_ptr<File> file_;
  std::string path_;
  SegmentHeader header_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::uint64_t start_ = 0;  // where in the file the buffer begins
  std::size_t length_ = 0;
};

// kind unsupported, code `unsupported_format`.
std::unexpected<Error> unsupported_format(const std::string& file, std::uint64_t offset);

}  // namespace kring
