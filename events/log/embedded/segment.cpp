#include "events/log/embedded/segment.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "events/base/text.h"
#include "events/base/little_endian.h"
#include "events/log/log_errors.h"

namespace kring {
namespace {

constexpr BytesView segment_magic{"KRNGSEG\0", 8};
constexpr std::size_t at_version = 8, at_checksum = 12, at_history = 16, at_first = 32, at_epoch = 40, at_writer = 48,
                      at_previous = 64;
constexpr std::size_t digits = 20;
constexpr std::string_view suffix = ".kring";
constexpr std::string_view unfinished_suffix = ".kring.new";

std::uint32_t checksum_of(BytesView header) {
  const std::uint32_t sum = crc32c(BytesView("\0\0\0\0", 4), crc32c(header.substr(0, at_checksum)));
  return crc32c(header.substr(at_history), sum);
}

}  // namespace

Bytes encode_segment_header(const LogState& before) {
  Bytes bytes(segment_header_size, '\0');
  char* const header = bytes.data();
  std::memcpy(header, segment_magic.data(), segment_magic.size());
  put_little(header + at_version, segment_version);
  std::memcpy(header + at_history, before.history.data(), before.history.size());
  put_little(header + at_first, before.position + 1);
  put_little(header + at_epoch, before.epoch);
  std::memcpy(header + at_writer, before.writer.data(), before.writer.size());
  std::memcpy(header + at_previous, before.head.data(), before.head.size());
  put_little(header + at_checksum, checksum_of(bytes));
  return bytes;
}

HeaderFault parse_segment_header(BytesView bytes, SegmentHeader& header) {
  if (bytes.size() < segment_header_size || !bytes.starts_with(segment_magic)) return HeaderFault::damaged;
  bytes = bytes.substr(0, segment_header_size);
  const char* const at = bytes.data();
  if (get_little<std::uint32_t>(at + at_checksum) != checksum_of(bytes)) return HeaderFault::damaged;
  if (get_little<std::uint16_t>(at + at_version) != segment_version) return HeaderFault::unsupported;
  header.first = get_little<std::uint64_t>(at + at_first);
  if (header.first == 0) return HeaderFault::damaged;
  LogState& before = header.before;
  before.position = header.first - 1;
  before.epoch = get_little<std::uint64_t>(at + at_epoch);
  std::memcpy(before.history.data(), at + at_history, before.history.size());
  std::memcpy(before.writer.data(), at + at_writer, before.writer.size());
  std::memcpy(before.head.data(), at + at_previous, before.head.size());
  if (before.history == HistoryId{}) return HeaderFault::damaged;
  if (header.first == 1 && before != LogState{.history = before.history}) return HeaderFault::damaged;  // nothing is before it
  return HeaderFault::none;
}

Bytes encode_seal(Position first, const LogState& end) {
  std::array<char, 8> count;
  put_little(count.data(), end.position - first + 1);
  Bytes bytes;
  append_frame(bytes, seal_of(FrameKind::seal, end, {count.data(), count.size()}));
  return bytes;
}

bool seals(const Frame& seal, Position first, const LogState& end) {
  return seal.kind == FrameKind::seal && seal.position == end.position && seal.epoch == end.epoch &&
         seal.writer == end.writer && seal.previous == end.head && seal.body.size() == 8 &&
         get_little<std::uint64_t>(seal.body.data()) == end.position - first + 1;
}

std::string segment_name(Position first) {
  const std::string number = std::to_string(first);
  return concat(std::string(digits - number.size(), '0'), number, suffix);
}

std::optional<Position> parse_segment_name(std::string_view name) {
  if (name.size() != digits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  Position first = 0;
  const char* const end = name.data() + digits;
  if (const auto read = std::from_chars(name.data(), end, first); read.ec != std::errc{} || read.ptr != end)
    return std::nullopt;
  return first == 0 ? std::nullopt : std::optional(first);
}

std::string path_in(const std::string& directory, std::string_view name) { return concat(directory, "/", name); }

Result<SegmentList> list_segments(FileSystem& files, const std::string& directory) {
  auto names = files.list(directory);
  if (!names) {
    if (names.error().kind == ErrorKind::not_found) return SegmentList{};
    return std::unexpected(names.error());
  }
  SegmentList list;
  for (std::string& name : *names) {
    if (const auto first = parse_segment_name(name)) list.first.push_back(*first);
    else if (name.ends_with(unfinished_suffix)) list.unfinished.push_back(std::move(name));
    else if (name.ends_with(suffix)) return log_damaged(0, path_in(directory, name), 0, "this is no name of a segment");
  }
  std::ranges::sort(list.first);
  return list;
}

}  // namespace kring
