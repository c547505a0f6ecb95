// Bytes of other versions: older ones come out as the newest type, newer ones are named.
#include <gtest/gtest.h>

#include "events/codec/codec.h"
#include "tests/events/codec/session_moved_1.h"

namespace kring::test {
namespace {

// The version of the first `type` in the bytes, set to another.
Bytes with_version(Bytes bytes, std::string_view type, char version) {
  bytes[bytes.find(type) + type.size()] = version;
  return bytes;
}

TEST(Upcast, of_session_moved_1_does_not_know_where_the_session_was) {
  auto decoded = codec::decode(session_moved_1());
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(*decoded, moved_without_before());
}

TEST(Upcast, of_a_version_that_never_was_is_damage) {
  auto decoded = codec::decode(with_version(session_moved_1(), "SessionMoved", 0));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, ErrorKind::damaged);
  decoded =
      codec::decode(with_version(codec::encode(with_event(event::PersonForgotten{{"p-1"}})), "PersonForgotten", 0));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, ErrorKind::damaged);
}

TEST(Decode, says_that_a_newer_version_is_not_supported) {
  for (auto [bytes, type] :
       {std::pair{codec::encode(with_event(event::PersonForgotten{{"p-1"}})), "PersonForgotten"},
        std::pair{codec::encode(with_event(event::PersonForgotten{{"p-1"}})), "apply_retention"}}) {
    auto decoded = codec::decode(with_version(bytes, type, 9));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().kind, ErrorKind::unsupported);
    EXPECT_TRUE(decoded.error().message.find(type) != std::string::npos) << decoded.error().message;
  }
}

TEST(Decode, says_that_a_type_it_does_not_know_is_not_supported) {
  Bytes bytes = codec::encode(with_event(event::PersonForgotten{{"p-1"}}));
  bytes.replace(bytes.find("PersonForgotten"), 6, "Planet");
  auto decoded = codec::decode(bytes);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, ErrorKind::unsupported);
}

}  // namespace
}  // namespace kring::test
