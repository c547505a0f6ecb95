// Joining, words and widths of texts.
#include "events/base/text.h"

#include <gtest/gtest.h>

namespace kring {
namespace {

TEST(Concat, joins_texts_characters_and_numbers) {
  EXPECT_EQ(concat("session ", 3, " of ", std::string("alpha"), '/', -1), "session 3 of alpha/-1");
  EXPECT_EQ(concat(), "");
}

TEST(Utf8, is_told_from_other_bytes) {
  for (const char* text : {"", "abc", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const char* text :
       {"\xff", "\xc3", "\xc3(", "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "abc\xe2\x82"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(WordOfAName, is_three_letters_or_more_in_a_row_case_ignored) {
  EXPECT_TRUE(contains_word_of("de-jansen-1", "Jan Jansen"));
  EXPECT_TRUE(contains_word_of("x-jan-x", "JAN"));
  EXPECT_TRUE(contains_word_of("xjanx", "Jan"));
  EXPECT_TRUE(contains_word_of("p-vries", "De Vries"));
  EXPECT_TRUE(contains_word_of("p-smit", "O'Neill-Smit"));
}

TEST(WordOfAName, is_no_shorter_piece_and_no_other_word) {
  EXPECT_FALSE(contains_word_of("p-de-bo", "De Bo"));
  EXPECT_FALSE(contains_word_of("p-1", "Jan Jansen"));
  EXPECT_FALSE(contains_word_of("jans", "Jansen"));
  EXPECT_FALSE(contains_word_of("p-123", "Jan 123"));
  EXPECT_FALSE(contains_word_of("jan-sen", "Jansen"));
  EXPECT_FALSE(contains_word_of("p", ""));
}

TEST(WordOfAName, with_letters_beyond_ascii_is_in_no_slug) {
  EXPECT_FALSE(contains_word_of("rene", "Ren\xc3\xa9"));
  EXPECT_FALSE(contains_word_of("ren", "Ren\xc3\xa9"));
  EXPECT_TRUE(contains_word_of("smit", "Ren\xc3\xa9 Smit"));
}

TEST(DisplayWidth, counts_columns) {
  EXPECT_EQ(display_width(""), 0);
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("caf\xc3\xa9"), 4);
  EXPECT_EQ(display_width("cafe\xcc\x81"), 4);              // e and a combining accent
  EXPECT_EQ(display_width("\xe6\x97\xa5\xe6\x9c\xac"), 4);  // two wide characters
  EXPECT_EQ(display_width("a\tb\n"), 2);
}

TEST(DisplayWidth, knows_dutch_letters_wide_names_and_emoji) {
  EXPECT_EQ(display_width("Ge\xc3\xafntegreerde co\xc3\xb6rdinatie"), 25);   // \u00ef, \u00f6
  EXPECT_EQ(display_width("re\xcc\x88\xc4\xb3"), 3);                         // e and a combining diaeresis, the letter \u0133
  EXPECT_EQ(display_width("\xea\xb9\x80\xeb\xaf\xbc"), 4);                  // a Korean name of two syllables
  EXPECT_EQ(display_width("\xf0\x9f\x8c\xb7"), 2);                           // a tulip
}

}  // namespace
}  // namespace kring
