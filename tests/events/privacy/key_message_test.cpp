// The messages by which directories share keys, and the place up to which one has read: old bytes stay readable.
#include "events/privacy/key_message.h"

#include <gtest/gtest.h>

#include <numeric>

#include "events/base/text.h"
#include "events/privacy/key_place.h"
#include "events/privacy/key_slot.h"
#include "tests/support/memory_filesystem.h"

namespace kring {
namespace {

Token counted(std::uint8_t first) {
  Token token;
  std::iota(token.begin(), token.end(), first);
  return token;
}

Bytes hex(std::string_view digits) { return from_hex(digits).value(); }

// docs/key-store-format.md says the same in words.
TEST(KeyMessages, are_these_bytes) {
  const PublishedKey key{counted(1), 7, Bytes(wrapped_key_size, 'w')};
  EXPECT_EQ(to_hex(key_message(key).key), "0102030405060708090a0b0c0d0e0f10");
  EXPECT_EQ(to_hex(*key_message(key).value), concat("4b4b544b", "83c656d5", "0100000000000000", "0700000000000000", to_hex(key.wrapped)));
  const KeyMessage store = store_message({counted(16), counted(32)});
  EXPECT_EQ(store.key, "kring-keys");
  EXPECT_EQ(to_hex(*store.value), concat("4b4b5453", "765fdc7d", "0100000000000000", to_hex(view(counted(16))), to_hex(view(counted(32)))));
  const KeyMessage writer = writer_message(258, counted(48));
  EXPECT_EQ(writer.key, "kring-writer");
  EXPECT_EQ(to_hex(*writer.value), concat("4b4b5457", "60cf4938", "0100000000000000", "0201000000000000", to_hex(view(counted(48)))));
  EXPECT_EQ(destroyed_message(key.id), (KeyMessage{hex("0102030405060708090a0b0c0d0e0f10"), std::nullopt}));
}

TEST(KeyMessages, say_what_was_put_into_them) {
  const auto parsed = [](const KeyMessage& message) { return parse_key_message(message.key, message.value ? std::optional<BytesView>(*message.value) : std::nullopt); };
  const PublishedKey key{counted(1), 7, Bytes(wrapped_key_size, 'w')};
  const ParsedKeyMessage of_key = parsed(key_message(key));
  EXPECT_EQ(of_key.kind, KeyMessageKind::key);
  EXPECT_EQ(of_key.key.id, key.id);
  EXPECT_EQ(of_key.key.epoch, 7u);
  EXPECT_EQ(of_key.key.wrapped, key.wrapped);
  EXPECT_EQ(parsed(destroyed_message(key.id)).kind, KeyMessageKind::destroyed);
  EXPECT_EQ(parsed(destroyed_message(key.id)).key.id, key.id);
  EXPECT_EQ(parsed(store_message({counted(2), counted(3)})).store, (SharedStore{counted(2), counted(3)}));
  EXPECT_EQ(parsed(writer_message(9, counted(4))).epoch, 9u);
  EXPECT_EQ(parsed(writer_message(9, counted(4))).writer, counted(4));
}

TEST(KeyMessages, of_which_a_byte_was_changed_or_that_lie_under_another_key_say_nothing) {
  for (const KeyMessage& message : {key_message({counted(1), 7, Bytes(wrapped_key_size, 'w')}), store_message({}), writer_message(1, {})}) {
    for (std::size_t at = 0; at < message.value->size(); ++at) {
      Bytes value = *message.value;
      value[at] = static_cast<char>(value[at] ^ 1);
      EXPECT_EQ(parse_key_message(message.key, value).kind, KeyMessageKind::foreign) << at;
      EXPECT_EQ(parse_key_message(message.key, BytesView(*message.value).substr(0, at)).kind, KeyMessageKind::foreign) << at;
    }
    EXPECT_EQ(parse_key_message(view(counted(9)), *message.value).kind, KeyMessageKind::foreign);
    EXPECT_EQ(parse_key_message("kring-key", *message.value).kind, KeyMessageKind::foreign);
  }
  EXPECT_EQ(parse_key_message("kring-keys", std::nullopt).kind, KeyMessageKind::foreign);
  EXPECT_EQ(parse_key_message("", "").kind, KeyMessageKind::foreign);
}

TEST(KeyMessages, of_a_newer_version_are_told_from_damaged_ones) {
  const Bytes newer = hex("4b4b5457ea6404040200000000000000616e797468696e67");
  EXPECT_EQ(parse_key_message("kring-writer", newer).kind, KeyMessageKind::unsupported);
}

TEST(KeyPlaces, are_these_bytes_and_say_what_was_put_into_them) {
  testing::MemoryFileSystem files;
  KeyPlace place{{5, {}, 99}, 4, 6, 3};
  place.read.hash.fill(0xab);
  EXPECT_FALSE(*read_key_place(files, "d/keys.place", counted(1)));
  ASSERT_TRUE(write_key_place(files, "d/keys.place", counted(1), place));
  Bytes& bytes = *files.files.at("d/keys.place");
  EXPECT_EQ(to_hex(bytes), "4b524e474b504c0001000000606593ec0102030405060708090a0b0c0d0e0f100500000000000000abababababababababababababababababababababababababababababababab6300000000000000060000000000000003000000000000000400000000000000");
  const auto read = read_key_place(files, "d/keys.place", counted(1));
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->read.position, 5u);
  EXPECT_EQ((*read)->read.hash, place.read.hash);
  EXPECT_EQ((*read)->read.locator, 99u);
  EXPECT_EQ((*read)->named, 4u);
  EXPECT_EQ((*read)->slots, 6u);
  EXPECT_EQ((*read)->spent, 3u);
  EXPECT_FALSE(*read_key_place(files, "d/keys.place", counted(2))) << "of another history";
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    EXPECT_FALSE(*read_key_place(files, "d/keys.place", counted(1))) << at;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
  }
}

}  // namespace
}  // namespace kring
