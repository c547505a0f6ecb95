// What ids look like.
#include "events/base/id.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kring {
namespace {

using Texts = std::vector<std::string>;

TEST(Slug, is_lower_case_letters_digits_and_hyphens_not_beginning_with_one) {
  for (const auto& text : Texts{"a", "0", "re-integratie", "a--b-", "9-to-5", std::string(63, 'z')})
    EXPECT_TRUE(is_slug(text)) << text;
  for (const auto& text :
       Texts{"", "-a", "A", "aB", "a_b", "a b", "a.b", "a/b", "\xc3\xa9", "a\n", std::string(64, 'z')})
    EXPECT_FALSE(is_slug(text)) << text;
  EXPECT_FALSE(is_slug(std::string_view("a\0b", 3)));
}

TEST(Actor, may_also_hold_colon_at_dot_and_underscore) {
  for (const auto& text : Texts{"coordinator:wijkwijzer", "cli:jan_1", "a@b.nl", "0", std::string(128, 'z')})
    EXPECT_TRUE(is_actor(text)) << text;
  for (const auto& text : Texts{"", ":a", "@a", "Cli:x", "a b", "a/b", std::string(129, 'z')})
    EXPECT_FALSE(is_actor(text)) << text;
}

TEST(CommandId, is_one_to_sixty_four_of_letters_digits_and_four_marks) {
  for (const auto& text : Texts{"A", ".", "-", "_:-.", "018f3c5e-7b2a-7c3d-8e4f-5a6b7c8d9e0f", std::string(64, 'Z')})
    EXPECT_TRUE(is_command_id(text)) << text;
  for (const auto& text : Texts{"", "a b", "a/b", "a@b", "\xc3\xa9", std::string(65, 'Z')})
    EXPECT_FALSE(is_command_id(text)) << text;
}

}  // namespace
}  // namespace kring
