#include "events/log/frame.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "events/base/little_endian.h"

namespace kring {
namespace {

Frame sample(BytesView body) {
  Frame frame;
  frame.position = 7;
  frame.recorded_at = {-1};
  frame.epoch = 3;
  frame.durable = 5;
  frame.writer.fill(0xaa);
  frame.previous.fill(0xbb);
  frame.hash.fill(0xcc);
  frame.body = body;
  return frame;
}

Bytes encoded(const Frame& frame) {
  Bytes bytes;
  append_frame(bytes, frame);
  return bytes;
}

RC_GTEST_PROP(Frame, ReadsBackWhatWasWritten, (std::string body, std::uint64_t position, std::int64_t micros)) {
  Frame frame = sample(body);
  frame.position = position;
  frame.recorded_at.micros = micros;
  const Bytes bytes = encoded(frame) + "what follows";
  Frame back;
  RC_ASSERT(parse_frame(bytes, back) == FrameFault::none);
  RC_ASSERT(back.size() == bytes.size() - 12);
  RC_ASSERT(back.body == frame.body && back.position == position && back.recorded_at.micros == micros);
  RC_ASSERT(back.kind == frame.kind && back.epoch == 3u && back.durable == 5u);
  RC_ASSERT(back.writer == frame.writer && back.previous == frame.previous && back.hash == frame.hash);
}

TEST(Frame, LayoutIsFixed) {
  const Bytes bytes = encoded(sample("abc"));
  ASSERT_EQ(bytes.size(), 131u);
  EXPECT_EQ(to_hex(bytes.substr(0, 12)), "4b524e470100010003000000");
  EXPECT_EQ(to_hex(bytes.substr(16, 32)), "0700000000000000ffffffffffffffff03000000000000000500000000000000");
  EXPECT_EQ(bytes.substr(48, 80), Bytes(16, '\xaa') + Bytes(32, '\xbb') + Bytes(32, '\xcc'));
  EXPECT_EQ(bytes.substr(128), "abc");
}

TEST(Frame, EveryFlippedBitIsFound) {
  const Bytes bytes = encoded(sample("body"));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    Frame frame;
    EXPECT_NE(parse_frame(flipped, frame), FrameFault::none) << bit;
  }
}

TEST(Frame, EveryCutIsIncomplete) {
  const Bytes bytes = encoded(sample("body"));
  Frame frame;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(parse_frame(BytesView(bytes).substr(0, size), frame), FrameFault::incomplete) << size;
}

TEST(Frame, AnAbsurdLengthIsRefusedBeforeAnythingIsRead) {
  Bytes bytes = encoded(sample("body"));
  put_little(bytes.data() + 8, static_cast<std::uint32_t>(max_body + 1));
  Frame frame;
  EXPECT_EQ(parse_frame(bytes, frame), FrameFault::too_long);
  EXPECT_EQ(announced_size(bytes), frame_header_size);
}

TEST(Frame, ANewerVersionIsToldFromDamage) {
  for (const std::size_t field : {4u, 6u}) {
    Bytes bytes = encoded(sample("body"));
    put_little(bytes.data() + field, std::uint16_t{9});
    put_little(bytes.data() + 12, std::uint32_t{0});
    put_little(bytes.data() + 12, crc32c(bytes));
    Frame frame;
    EXPECT_EQ(parse_frame(bytes, frame), FrameFault::unsupported);
  }
}

TEST(RecordHash, DependsOnWhatBelongsToTheHistoryOnly) {
  HistoryId history;
  history.fill(1);
  RecordHasher hash;
  const Hash one = hash(history, 1, Hash{}, {5}, "body");
  EXPECT_EQ(one, hash(history, 1, Hash{}, {5}, "body"));
  EXPECT_NE(one, hash(HistoryId{}, 1, Hash{}, {5}, "body"));
  EXPECT_NE(one, hash(history, 2, Hash{}, {5}, "body"));
  EXPECT_NE(one, hash(history, 1, one, {5}, "body"));
  EXPECT_NE(one, hash(history, 1, Hash{}, {6}, "body"));
  EXPECT_NE(one, hash(history, 1, Hash{}, {5}, "bodz"));
}

}  // namespace
}  // namespace kring
