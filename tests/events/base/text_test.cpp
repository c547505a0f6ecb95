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

TEST(WordOfAName, is_told_without_its_accents_however_they_are_written) {
  EXPECT_TRUE(contains_word_of("jose", "Jos\xc3\xa9"));
  EXPECT_TRUE(contains_word_of("p-jose-1", "JOSE\xcc\x81"));  // E and a combining accent
  EXPECT_TRUE(contains_word_of("reel", "re\xcc\x88""e\xcc\x88l"));
  EXPECT_FALSE(contains_word_of("ren", "Ren\xc3\xa9"));
  EXPECT_TRUE(contains_word_of("smit", "Ren\xc3\xa9 Smit"));
  for (const auto& [id, name] : {std::pair("soren", "S\xc3\xb8ren"), {"soeren", "S\xc3\xb8ren"}, {"muller", "M\xc3\xbcller"}, {"mueller", "Mu\xcc\x88ller"},
                                 {"strauss", "Strau\xc3\x9f"}, {"lukasz", "\xc5\x81ukasz"}, {"aegir", "\xc3\x86gir"}, {"thor", "\xc3\x9eor"},
                                 {"ijsbrand", "\xc4\xb2sbrand"}, {"oeuvre", "\xc5\x92uvre"}, {"isik", "I\xc5\x9f\xc4\xb1k"}, {"dordevic", "\xc4\x90or\xc4\x91""evi\xc4\x87"},
                                 {"djordjevic", "\xc4\x90or\xc4\x91""evi\xc4\x87"}, {"nguyen", "Nguy\xe1\xbb\x85n"}})
    EXPECT_TRUE(contains_word_of(id, name)) << id;
}

TEST(WordOfAName, in_another_script_is_in_no_slug) {
  EXPECT_FALSE(contains_word_of("ivan", "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd"));
  EXPECT_FALSE(contains_word_of("p-1", "\xff\xfe"));
}

TEST(Blank, is_what_shows_nothing) {
  for (const char* text : {"", " ", "\t\n ", "\xc2\xa0", "\xe3\x80\x80", "\xe2\x80\x8b", "\xe2\x80\xa8"}) EXPECT_TRUE(is_blank(text)) << text;
  for (const char* text : {"a", " a ", ".", "\xd8\x80", "\xf0\x9f\x8c\xb7", "\xff"}) EXPECT_FALSE(is_blank(text)) << text;
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

TEST(DisplayWidth, of_what_is_joined_into_one_picture_is_that_of_a_picture) {
  const std::string woman = "\xf0\x9f\x91\xa9", joiner = "\xe2\x80\x8d", school = "\xf0\x9f\x8f\xab", brown = "\xf0\x9f\x8f\xbd", girl = "\xf0\x9f\x91\xa7";
  EXPECT_EQ(display_width(woman + joiner + school), 2);                    // a teacher
  EXPECT_EQ(display_width(woman + brown + joiner + school), 2);
  EXPECT_EQ(display_width(woman + joiner + woman + joiner + girl), 2);     // a family
  EXPECT_EQ(display_width(woman + girl), 4);                               // and two who are not joined
  EXPECT_EQ(display_width("a" + woman + joiner + school + "b"), 4);
  EXPECT_EQ(display_width("\xf0\x9f\x87\xb3\xf0\x9f\x87\xb1"), 2);        // a flag, of two letters
}

}  // namespace
}  // namespace kring
