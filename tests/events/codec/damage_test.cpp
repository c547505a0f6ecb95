// Damaged bytes: decoding says so or makes a decision of them, and never asks for more memory than they are worth.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "events/codec/codec.h"
#include "tests/events/codec/sample.h"

namespace {
std::size_t largest_allocation = 0, total_allocated = 0;
}  // namespace

void* operator new(std::size_t size) {
  largest_allocation = std::max(largest_allocation, size);
  total_allocated += size;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace kring::test {
namespace {

constexpr std::size_t most_at_once = 64 << 10, most_in_all = 512 << 10;  // the samples are of less than a kilobyte

Result<Decision> decode(BytesView bytes) {
  largest_allocation = total_allocated = 0;
  auto decoded = codec::decode(bytes);
  EXPECT_LE(largest_allocation, most_at_once);
  EXPECT_LE(total_allocated, most_in_all);
  return decoded;
}

// Either an error that tells damage, or a decision that stands for exactly these bytes.
void says_so_or_decides(const Bytes& bytes, const std::string& what) {
  auto decoded = decode(bytes);
  if (decoded) {
    EXPECT_EQ(to_hex(codec::encode(*decoded)), to_hex(bytes)) << what;
    return;
  }
  EXPECT_TRUE(decoded.error().kind == ErrorKind::damaged || decoded.error().kind == ErrorKind::unsupported) << what;
}

TEST(Decode, of_nothing_is_damage) {
  ASSERT_FALSE(decode(""));
  EXPECT_EQ(decode("").error().kind, ErrorKind::damaged);
}

TEST(Decode, of_bytes_cut_off_anywhere_is_an_error) {
  for (const Sample& sample : samples(Optionals::set)) {
    Bytes whole = codec::encode(sample.decision);
    for (std::size_t size = 0; size < whole.size(); ++size)
      ASSERT_FALSE(decode(BytesView(whole).substr(0, size))) << sample.name << " at " << size;
  }
}

TEST(Decode, of_bytes_with_something_after_them_is_an_error) {
  for (const Sample& sample : samples(Optionals::unset))
    EXPECT_FALSE(decode(codec::encode(sample.decision) + '\0')) << sample.name;
}

TEST(Decode, of_any_byte_changed_says_so_or_decides) {
  for (const Sample& sample : samples(Optionals::set)) {
    Bytes whole = codec::encode(sample.decision);
    for (std::size_t at = 1; at < whole.size(); ++at) {
      for (char mask : {'\x01', '\x02', '\x80', '\xff'}) {
        Bytes changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ mask);
        says_so_or_decides(changed, concat(sample.name, " at ", at));
      }
    }
  }
}

TEST(Decode, of_another_byte_order_does_no_harm) {
  Bytes whole = codec::encode(samples(Optionals::set).front().decision);
  for (int first = 0; first < 256; ++first) {
    whole[0] = static_cast<char>(first);
    EXPECT_EQ(decode(whole).has_value(), first == 1) << first;
  }
}

TEST(Decode, of_any_length_made_huge_asks_for_no_more_memory) {
  for (const Sample& sample : samples(Optionals::set)) {
    Bytes whole = codec::encode(sample.decision);
    for (std::size_t at = 1; at + 4 <= whole.size(); ++at) {
      for (const char* huge : {"\xff\xff\xff\xff", "\xff\xff\xff\x7f", "\xff\xff\xff\x0f"}) {
        Bytes changed = whole;
        changed.replace(at, 4, huge, 4);
        auto decoded = decode(changed);
        ASSERT_TRUE(decoded || !decoded.error().message.empty()) << sample.name << " at " << at;
      }
    }
  }
}

}  // namespace
}  // namespace kring::test
