// Checksums, hashes and hexadecimal text, against vectors that others published.
#include "events/base/bytes.h"

#include <gtest/gtest.h>

namespace kring {
namespace {

TEST(Crc32c, is_the_checksum_of_rfc_3720) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43u);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(Crc32c, goes_on_where_another_ended) {
  for (std::size_t split = 0; split <= 9; ++split) {
    std::string_view text = "123456789";
    EXPECT_EQ(crc32c(text.substr(split), crc32c(text.substr(0, split))), 0xE3069283u) << split;
  }
}

constexpr auto abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, is_the_hash_of_fips_180) {
  EXPECT_EQ(to_hex(view(sha256("abc"))), abc);
  EXPECT_EQ(to_hex(view(sha256(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(view(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, is_of_all_pieces_and_starts_anew_after_each) {
  Sha256 hasher;
  EXPECT_EQ(to_hex(view(hasher.add("a").add("").add("bc").finish())), abc);
  EXPECT_EQ(to_hex(view(hasher.add("abc").finish())), abc);
}

TEST(Hex, comes_back_as_it_was) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(to_hex(all).substr(0, 8), "00010203");
  EXPECT_EQ(from_hex(to_hex(all)), all);
  EXPECT_EQ(from_hex(""), "");
}

TEST(Hex, takes_whole_bytes_in_lower_case_alone) {
  for (const char* text : {"0", "abc", "0g", "AB", "0x", " 0", "00 "}) EXPECT_FALSE(from_hex(text)) << text;
}

}  // namespace
}  // namespace kring
