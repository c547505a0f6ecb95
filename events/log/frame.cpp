#include "events/log/frame.h"

#include <algorithm>
#include <array>

#include "events/base/check.h"
#include "events/base/little_endian.h"

namespace kring {
namespace {

// Where each field begins.
constexpr std::size_t at_version = 4, at_kind = 6, at_length = 8, at_checksum = 12, at_position = 16, at_recorded = 24,
                      at_epoch = 32, at_durable = 40, at_writer = 48, at_previous = 64, at_hash = 96;

constexpr BytesView hash_tag{"kring-record\0", 13};

std::uint32_t checksum_of(BytesView frame) {
  std::uint32_t sum = crc32c(frame.substr(0, at_checksum));
  sum = crc32c(BytesView("\0\0\0\0", 4), sum);
  return crc32c(frame.substr(at_position), sum);
}

template <class Array>
void get_bytes(Array& into, const char* from) {
  std::memcpy(into.data(), from, into.size());
}

template <class Array>
void put_bytes(char* at, const Array& bytes) {
  std::memcpy(at, bytes.data(), bytes.size());
}

bool known(std::uint16_t version, std::uint16_t kind) {
  return version == frame_version && kind >= static_cast<std::uint16_t>(FrameKind::decision) &&
         kind <= static_cast<std::uint16_t>(FrameKind::log_seal);
}

}  // namespace

BytesView describe(FrameFault fault) {
  switch (fault) {
    case FrameFault::none:
      return "a valid frame";
    case FrameFault::incomplete:
      return "the frame is incomplete";
    case FrameFault::no_magic:
      return "no frame begins here";
    case FrameFault::too_long:
      return "the body length is out of bounds";
    case FrameFault::checksum:
      return "the checksum does not match";
    case FrameFault::unsupported:
      return "the format version or kind is unknown";
  }
  return "unknown";
}

std::size_t announced_size(BytesView bytes) {
  if (bytes.size() < frame_header_size || !bytes.starts_with(frame_magic)) return frame_header_size;
  const auto length = get_little<std::uint32_t>(bytes.data() + at_length);
  return length > max_body ? frame_header_size : frame_header_size + length;
}

FrameFault parse_frame(BytesView bytes, Frame& frame) {
  if (!bytes.starts_with(bytes.size() < frame_magic.size() ? frame_magic.substr(0, bytes.size()) : frame_magic))
    return FrameFault::no_magic;
  if (bytes.size() < frame_header_size) return FrameFault::incomplete;
  const char* const header = bytes.data();
  const auto length = get_little<std::uint32_t>(header + at_length);
  if (length > max_body) return FrameFault::too_long;
  const std::size_t size = frame_header_size + length;
  if (bytes.size() < size) return FrameFault::incomplete;
  if (checksum_of(bytes.substr(0, size)) != get_little<std::uint32_t>(header + at_checksum))
    return FrameFault::checksum;
  const auto kind = get_little<std::uint16_t>(header + at_kind);
  if (!known(get_little<std::uint16_t>(header + at_version), kind)) return FrameFault::unsupported;

  frame.kind = static_cast<FrameKind>(kind);
  frame.position = get_little<std::uint64_t>(header + at_position);
  frame.recorded_at.micros = get_little<std::int64_t>(header + at_recorded);
  frame.epoch = get_little<std::uint64_t>(header + at_epoch);
  frame.durable = get_little<std::uint64_t>(header + at_durable);
  get_bytes(frame.writer, header + at_writer);
  get_bytes(frame.previous, header + at_previous);
  get_bytes(frame.hash, header + at_hash);
  frame.body = bytes.substr(frame_header_size, length);
  return FrameFault::none;
}

void append_frame(Bytes& out, const Frame& frame) {
  KRING_CHECK(frame.body.size() <= max_body);
  const std::size_t begin = out.size();
  out.resize(begin + frame_header_size);
  char* const header = out.data() + begin;
  std::memcpy(header, frame_magic.data(), frame_magic.size());
  put_little(header + at_version, frame_version);
  put_little(header + at_kind, static_cast<std::uint16_t>(frame.kind));
  put_little(header + at_length, static_cast<std::uint32_t>(frame.body.size()));
  put_little(header + at_position, frame.position);
  put_little(header + at_recorded, frame.recorded_at.micros);
  put_little(header + at_epoch, frame.epoch);
  put_little(header + at_durable, frame.durable);
  put_bytes(header + at_writer, frame.writer);
  put_bytes(header + at_previous, frame.previous);
  put_bytes(header + at_hash, frame.hash);
  out += frame.body;
  put_little(out.data() + begin + at_checksum, checksum_of(BytesView(out).substr(begin)));
}

Hash RecordHasher::operator()(const HistoryId& history, Position position, const Hash& previous, Instant recorded_at,
                              BytesView body) {
  std::array<char, hash_tag.size() + 2 + 16 + 8 + 32 + 8> head;
  char* at = std::copy(hash_tag.begin(), hash_tag.end(), head.data());
  put_little(at, frame_version);
  put_bytes(at + 2, history);
  put_little(at + 18, position);
  put_bytes(at + 26, previous);
  put_little(at + 58, recorded_at.micros);
  return sha_.add({head.data(), head.size()}).add(body).finish();
}

}  // namespace kring
