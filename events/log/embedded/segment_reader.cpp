#include "events/log/embedded/segment_reader.h"

#include <algorithm>
#include <cstring>

#include "events/base/text.h"
#include "events/log/log_errors.h"

namespace kring {
namespace {

constexpr std::size_t piece = 256 << 10;  // fits the second-level cache: hashing finds the bytes still there
constexpr std::size_t window_size = 1 << 20;

bool all_zeros(BytesView bytes) {
  return bytes.empty() || (bytes[0] == '\0' && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

std::unexpected<Error> unsupported_format(const std::string& file, std::uint64_t offset) {
  return fail(ErrorKind::unsupported, "unsupported_format",
              concat("the file ", file, " is of a format version that this kring does not know: a newer one wrote it (offset ", offset, ")"));
}

Result<std::unique_ptr<SegmentReader>> SegmentReader::open(FileSystem& files, const std::string& directory,
                                                           Position first) {
  const std::string path = path_in(directory, segment_name(first));
  auto file = files.open(path, OpenMode::read);
  if (!file) return std::unexpected(file.error());
  std::unique_ptr<SegmentReader> segment(new SegmentReader(std::move(*file), path));
  const auto bytes = segment->need(0, segment_header_size);
  if (!bytes) return std::unexpected(bytes.error());
  switch (parse_segment_header(*bytes, segment->header_)) {
    case HeaderFault::none:
      break;
    case HeaderFault::damaged:
      return log_damaged(first, path, 0, "the header of the segment is not what was written");
    case HeaderFault::unsupported:
      return unsupported_format(path, 0);
  }
  if (segment->header_.first != first)
    return log_damaged(first, path, 0, concat("this segment begins at position ", segment->header_.first));
  return segment;
}

Result<BytesView> SegmentReader::need(std::uint64_t offset, std::size_t wanted) {
  const std::uint64_t end = start_ + length_;
  if (offset < start_ || offset > end || end - offset < wanted) {
    const std::size_t size = std::max(wanted, piece);
    if (capacity_ < size) {
      buffer_ = std::make_unique_for_overwrite<char[]>(size);
      capacity_ = size;
    }
    length_ = 0;  // an error below must not leave half a buffer behind
    const auto got = file_->read_at(offset, {buffer_.get(), size});
    if (!got) return std::unexpected(got.error());
    start_ = offset;
    length_ = *got;
  }
  const std::size_t skip = offset - start_;
  return BytesView(buffer_.get() + skip, length_ - skip);
}

Result<FrameFault> SegmentReader::frame(std::uint64_t offset, Frame& into) {
  auto bytes = need(offset, frame_header_size);
  if (!bytes) return std::unexpected(bytes.error());
  if (const std::size_t size = announced_size(*bytes); size > bytes->size()) {
    bytes = need(offset, size);
    if (!bytes) return std::unexpected(bytes.error());
  }
  return parse_frame(*bytes, into);
}

Result<FrameFault> SegmentReader::fresh_frame(std::uint64_t offset, Frame& into) {
  forget();
  return frame(offset, into);
}

Result<Remains> SegmentReader::remains(std::uint64_t offset, Position missing) {
  Remains remains;
  Bytes window(window_size, '\0');
  forget();
  // Windows overlap, so that a magic on the border is seen.
  for (std::uint64_t begin = offset;; begin += window_size - frame_magic.size() + 1) {
    const auto got = file_->read_at(begin, window);
    if (!got) return std::unexpected(got.error());
    const BytesView bytes = BytesView(window).substr(0, *got);
    remains.file_size = std::max(remains.file_size, begin + *got);
    if (!all_zeros(bytes)) {
      remains.only_zeros = false;
      auto proof = find_proof(bytes, begin, missing);
      if (!proof) return std::unexpected(proof.error());
      if (*proof) remains.proof = **proof;
      if (*proof) return remains;
    }
    if (*got < window_size) return remains;
  }
}

Result<std::optional<std::uint64_t>> SegmentReader::find_proof(BytesView window, std::uint64_t begin,
                                                               Position missing) {
  for (std::size_t at = window.find(frame_magic); at != BytesView::npos; at = window.find(frame_magic, at + 1)) {
    Frame later;
    const auto fault = frame(begin + at, later);
    if (!fault) return std::unexpected(fault.error());
    if (*fault == FrameFault::none && later.durable >= missing) return begin + at;
  }
  return std::nullopt;
}

Result<Bytes> SegmentReader::bytes(std::uint64_t from, std::uint64_t to) {
  Bytes bytes(to - from, '\0');
  const auto got = file_->read_at(from, bytes);
  if (!got) return std::unexpected(got.error());
  bytes.resize(*got);
  return bytes;
}

}  // namespace kring
