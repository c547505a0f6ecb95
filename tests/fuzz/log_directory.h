// A directory of a log as the bytes of one fuzz input, and back:
//
//   flags (u8), spared (u8), then files: name (u8), length (u16, little-endian), that many bytes (or what is left)
//
// A name is an index into `names`; a name that comes again goes on with its file. Checksums and chain are out of a
// fuzzer's reach, so `flags` lets them be made right after the mutation: then what lies behind them is tried as well.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "events/base/little_endian.h"
#include "events/log/embedded/segment.h"
#include "events/log/embedded/witness.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/memory_filesystem.h"

namespace kring::fuzz {

inline constexpr std::uint8_t mend_headers = 1, mend_frames = 2, mend_chain = 4, mend_witness = 8, without_witness = 16;

inline const std::array<std::string, 8> names{
    "log/" + segment_name(1), "log/" + segment_name(4), "log/" + segment_name(6),       "log/" + segment_name(UINT64_MAX),
    "log/witness",            "log/notes.kring",        "log/" + segment_name(9) + ".new", "log/README"};

inline Bytes input_of(const testing::MemoryFileSystem& disk, std::uint8_t flags) {
  Bytes input{static_cast<char>(flags), '\xff'};
  for (std::size_t name = 0; name < names.size(); ++name) {
    const auto found = disk.files.find(names[name]);
    if (found == disk.files.end()) continue;
    Bytes bytes = *found->second;
    bytes.resize(std::min<std::size_t>(bytes.find_last_not_of('\0') + 1, UINT16_MAX));
    input += static_cast<char>(name);
    char length[2];
    put_little(length, static_cast<std::uint16_t>(bytes.size()));
    input.append(length, sizeof length).append(bytes);
  }
  return input;
}

inline void put_files(BytesView input, testing::MemoryFileSystem& disk) {
  while (!input.empty()) {
    const std::string& name = names[take_byte(input) % names.size()];
    const std::size_t low = take_byte(input), high = take_byte(input);
    auto& file = disk.files[name];
    if (!file) file = std::make_shared<Bytes>();
    *file += take(input, low + 256 * high);
  }
}

// The checksum at `at` (u32), over all other bytes and zeros in its place.
inline void mend_checksum(char* bytes, std::size_t size, std::size_t at) {
  put_little(bytes + at, std::uint32_t{0});
  put_little(bytes + at, crc32c({bytes, size}));
}

// Makes frames, chain and headers right, segment by segment, as the flags say; the frame number `spared` is left alone.
class Mender {
 public:
  Mender(std::uint8_t flags, std::uint8_t spared) : flags_(flags), spared_(spared) {}

  void operator()(testing::MemoryFileSystem& disk) {
    for (std::size_t name = 0; name < 4; ++name)
      if (const auto found = disk.files.find(names[name]); found != disk.files.end()) mend_segment(*found->second);
    if (flags_ & without_witness) disk.files.erase(names[4]);
    if (const auto found = disk.files.find(names[4]); found != disk.files.end() && flags_ & mend_witness)
      for (std::size_t slot : {std::size_t{0}, witness_slot_size})
        if (found->second->size() >= slot + 72) mend_checksum(found->second->data() + slot, 72, 12);
  }

 private:
  void mend_segment(Bytes& bytes) {
    if (bytes.size() < segment_header_size) return;
    SegmentHeader header;
    if (flags_ & mend_chain && state_.epoch > 0) bytes.replace(0, segment_header_size, encode_segment_header(state_));
    else if (flags_ & mend_headers) mend_checksum(bytes.data(), segment_header_size, 12);
    if (parse_segment_header(bytes, header) != HeaderFault::none) return;
    state_ = header.before;
    acceptance_.restore(state_);
    for (std::size_t at = segment_header_size; at + frame_header_size <= bytes.size();) {
      const std::size_t size = announced_size(BytesView(bytes).substr(at));
      if (size > bytes.size() - at || !BytesView(bytes).substr(at).starts_with(frame_magic)) break;
      if (number_++ != spared_) mend_frame(bytes, at, size, header.first);
      at += size;
    }
  }

  void mend_frame(Bytes& bytes, std::size_t at, std::size_t size, Position first) {
    if (flags_ & (mend_frames | mend_chain)) mend_checksum(bytes.data() + at, size, 12);
    Frame frame;
    if (parse_frame(BytesView(bytes).substr(at, size), frame) != FrameFault::none) return;
    const Bytes body(frame.body);
    if (flags_ & mend_chain) {
      frame.epoch = state_.epoch + (frame.kind == FrameKind::claim ? 1 : 0);
      if (frame.kind == FrameKind::claim) frame.body = view(state_.history);
      else if (frame.kind == FrameKind::seal) return put(bytes, at, size, encode_seal(first, state_));
      else if (frame.kind == FrameKind::log_seal) frame = log_seal(state_, body);
      else chain(frame, body);
      Bytes right;
      append_frame(right, frame);
      put(bytes, at, size, right);
    }
    Frame mended;
    if (parse_frame(BytesView(bytes).substr(at), mended) == FrameFault::none) acceptance_.offer(mended);
    state_ = acceptance_.state();
  }

  void chain(Frame& frame, BytesView body) {
    frame.body = body;
    frame.position = state_.position + 1;
    frame.durable = std::min(frame.durable, state_.position);
    frame.writer = state_.writer;
    frame.previous = state_.head;
    frame.hash = hasher_(state_.history, frame.position, frame.previous, frame.recorded_at, body);
  }

  static void put(Bytes& bytes, std::size_t at, std::size_t size, const Bytes& frame) {
    if (frame.size() == size) bytes.replace(at, size, frame);
  }

  const std::uint8_t flags_, spared_;
  std::uint8_t number_ = 0;
  LogState state_;
  Acceptance acceptance_;
  RecordHasher hasher_;
};

}  // namespace kring::fuzz
