// Segment files: their names, headers and seals (docs/log-format.md). Pure functions, apart from the listing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/log/acceptance.h"
#include "events/filesystem/filesystem.h"

namespace kring {

inline constexpr std::string_view lock_name = "lock";  // the file beside the segments that their writer has locked
inline constexpr std::size_t segment_header_size = 128;
inline constexpr std::size_t seal_size = frame_header_size + 8;
inline constexpr std::uint16_t segment_version = 1;

// Each segment can be read from its start without the ones before it: the header says how the log stood.
struct SegmentHeader {
  Position first = 0;  // the position of the first record in it
  LogState before;     // before.position == first - 1
};

enum class HeaderFault : std::uint8_t { none, damaged, unsupported };

Bytes encode_segment_header(const LogState& before);
HeaderFault parse_segment_header(BytesView bytes, SegmentHeader& header);

// The last frame of a segment that gets no more records.
Bytes encode_seal(Position first, const LogState& end);
bool seals(const Frame& seal, Position first, const LogState& end);

std::string segment_name(Position first);  // twenty digits and ".kring"
std::optional<Position> parse_segment_name(std::string_view name);
std::string path_in(const std::string& directory, std::string_view name);

struct SegmentList {
  std::vector<Position> first;          // of each segment, ascending
  std::vector<std::string> unfinished;  // names of segments whose creation was cut short
};

// What lies in the directory; one that does not exist is empty. Other names than segments' are left alone, except
// "….kring" that is no position: damaged.
Result<SegmentList> list_segments(FileSystem& files, const std::string& directory);

}  // namespace kring
