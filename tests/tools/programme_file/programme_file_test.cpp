// The programme file: what is refused before it can do harm.
#include "tools/kring/programme_file.h"

#include <gtest/gtest.h>

namespace kring::cli {
namespace {

const std::string start =
    "[programme]\nid = \"proef\"\ntitle = \"Proef\"\nfrom = 2024-01-01\nto = 2024-12-31\n";

std::string repeated(std::string_view piece, int times) {
  std::string text;
  while (times-- > 0) text += piece;
  return text;
}

std::string refusal(const std::string& text) {
  auto entries = read_programme_text(text, "proef.toml");
  return entries ? "" : entries.error().message;
}

bool refused_as_too_deep(const std::string& text) {
  return refusal(start + text).starts_with("proef.toml:6: nests too deeply");
}

TEST(ProgrammeText, is_commands_in_the_order_in_which_they_are_recorded) {
  auto entries = read_programme_text(
      "[[theme]]\ntheme = \"alpha\"\ntitle = 'A'\n" + start + "[policy.capacity]\nalpha = 3\n", "proef.toml");
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].kind, "programme");
  EXPECT_EQ((*entries)[1].kind, "theme");
  EXPECT_EQ((*entries)[1].line, 1);
  EXPECT_EQ(json::to_text((*entries)[2].command),
            R"({"type":"set_policy","programme":"proef","capacity":{"alpha":3}})");
}

TEST(ProgrammeText, of_a_key_with_very_many_parts_is_refused_at_its_line) {
  const std::string parts = repeated("a.", 100'000) + "a";
  EXPECT_TRUE(refused_as_too_deep(parts + " = 1"));
  EXPECT_TRUE(refused_as_too_deep("[" + parts + "]"));
  EXPECT_TRUE(refused_as_too_deep("[[" + parts + "]]"));
  EXPECT_TRUE(refused_as_too_deep("x = { " + parts + " = 1 }"));
  EXPECT_TRUE(refused_as_too_deep(repeated("'a' . ", 100'000) + "a = 1"));
}

TEST(ProgrammeText, of_very_many_brackets_is_refused_at_its_line) {
  for (const char* piece : {"[", "{a=", "[{a.a=[ ["})
    EXPECT_TRUE(refused_as_too_deep("x = " + repeated(piece, 100'000))) << piece;
}

TEST(ProgrammeText, may_hold_as_many_dots_and_brackets_as_it_likes_in_texts_and_comments) {
  const std::string dots = repeated(".", 400), brackets = repeated("[", 400);
  for (const std::string& title :
       {'"' + dots + brackets + '"', "'" + dots + brackets + "'", R"(""")" + dots + "\n" + brackets + R"(""")",
        "'''" + brackets + "\n" + dots + "'''", R"("\")" + dots + R"(")", R"("""")" + brackets + R"(""""")",
        "'A' # \"'" + dots + brackets})
    EXPECT_EQ(refusal(start + "[[theme]]\ntheme = \"alpha\"\ntitle = " + title), "") << title.substr(0, 5);
}

// From U+0080 to U+FFFF, in UTF-8.
std::string character(char32_t c) {
  if (c < 0x800) return {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
  return {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
}

TEST(ProgrammeText, with_a_letter_beyond_ascii_outside_of_texts_is_refused_at_its_line) {
  for (char32_t c = 0x80; c < 0x10000; c += c < 0x500 ? 1 : 97)
    for (const char* before : {"", "x = ", "x = [1, ", "[x", "x = { "})
      ASSERT_TRUE(refusal(start + before + character(c)).starts_with("proef.toml:6: not TOML: ")) << static_cast<unsigned>(c) << before;
  EXPECT_EQ(refusal("\xef\xbb\xbf" + start), "");
}

TEST(ProgrammeText, keeps_letters_beyond_ascii_in_texts_wherever_they_stand) {
  for (char32_t c = 0xa1; c < 0xd800; c += c < 0x500 ? 1 : 97) {
    if (c == 0x1680 || c == 0x180e || (c >= 0x2000 && c <= 0x2060) || c == 0x3000) continue;  // white space
    const std::string text = "x" + character(c);  // some alone would be blank
    for (const std::string& title : {"\"" + text + "\"", "'" + text + "'", "\"\"\"\\\n  " + text + "\"\"\""}) {
      auto entries = read_programme_text(start + "[[theme]]\ntheme = \"alpha\"\ntitle = " + title, "proef.toml");
      ASSERT_TRUE(entries) << static_cast<unsigned>(c) << entries.error().message;
      ASSERT_EQ(entries->back().command.at("title"), json::Value(text)) << static_cast<unsigned>(c);
    }
  }
}

TEST(ProgrammeText, is_still_watched_behind_a_text) {
  const std::string deep = "\n" + repeated("a.", 100) + "a = 1";
  for (const char* text : {R"(x = "\\")", R"(x = "")", "x = ''", R"(x = '\')", R"(x = """\"""")", R"(x = """a"""")",
                           R"(x = 1 # """)", "x = '''\n''''"})
    EXPECT_NE(refusal(start + text + deep).find("nests too deeply"), std::string::npos) << text;
}

}  // namespace
}  // namespace kring::cli
