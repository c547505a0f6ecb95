#include "events/base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace kring {
namespace {

// Calls visit(code point, its bytes) for each; false when `text` is no UTF-8.
template <class Visit>
bool each_code_point(std::string_view text, Visit visit) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code;
    auto used = utf8proc_iterate(at, left, &code);
    if (used <= 0) return false;
    visit(code);
    at += used;
    left -= used;
  }
  return true;
}

bool is_letter(utf8proc_int32_t code) {
  auto category = utf8proc_category(code);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_mark(utf8proc_int32_t code) {
  auto category = utf8proc_category(code);
  return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

// Letters as people write them where they have no key for them: those that Unicode does not take apart into a letter and its
// accent, and those that are spelled out as well. After the transliterations Latin-ASCII and de-ASCII of the CLDR.
struct Spelling {
  utf8proc_int32_t letter;
  std::string_view plain, spelled_out;
};
constexpr Spelling spellings[] = {{0xe4, "a", "ae"},  {0xe5, "a", "aa"},   {0xe6, "ae", "ae"}, {0xf0, "d", "d"},    {0xf6, "o", "oe"},
                                  {0xf8, "o", "oe"},  {0xfc, "u", "ue"},   {0xfe, "th", "th"}, {0x111, "d", "dj"},  {0x127, "h", "h"},
                                  {0x131, "i", "i"},  {0x138, "q", "q"},   {0x142, "l", "l"},  {0x14b, "n", "ng"},  {0x153, "oe", "oe"},
                                  {0x167, "t", "t"},  {0x180, "b", "b"},   {0x192, "f", "f"},  {0x19a, "l", "l"},   {0x1b6, "z", "z"},
                                  {0x1e5, "g", "g"},  {0x259, "e", "ae"},  {0x268, "i", "i"},  {0x289, "u", "u"}};

// A word as it may stand in an id: without capitals and accents, in the two ways of writing some letters.
struct Folded {
  std::string plain, spelled_out;
  bool ascii = true;

  void add(utf8proc_int32_t letter) {
    const auto lower = utf8proc_tolower(letter);
    for (const Spelling& known : spellings)
      if (known.letter == lower) {
        plain += known.plain;
        spelled_out += known.spelled_out;
        return;
      }
    std::array<utf8proc_int32_t, 32> parts{};
    int last = 0;
    constexpr auto how = static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
    const auto count = utf8proc_decompose_char(letter, parts.data(), parts.size(), how, &last);
    for (utf8proc_ssize_t i = 0; i < count; ++i) {
      const auto part = parts[static_cast<std::size_t>(i)];
      ascii = ascii && part < 0x80;
      plain += static_cast<char>(part);
      spelled_out += static_cast<char>(part);
    }
  }
};

// With letter and accent as one letter, where there is one.
std::string composed(std::string_view text) {
  utf8proc_uint8_t* made = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &made,
                                 static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  std::string out(reinterpret_cast<const char*>(made), size > 0 ? static_cast<std::size_t>(size) : 0);
  std::free(made);
  return out;
}

// What a terminal draws as one picture, whatever is joined to it: several people, a colour of skin, a profession.
bool is_picture(utf8proc_int32_t code) { return utf8proc_get_property(code)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC; }

}  // namespace

bool is_utf8(std::string_view text) {
  return each_code_point(text, [](utf8proc_int32_t) {});
}

bool contains_word_of(std::string_view id, std::string_view name) {
  Folded word;
  int letters = 0;
  bool found = false;
  auto end_of_word = [&] {
    // A slug is ASCII: no other word can be in it.
    if (letters >= 3 && word.ascii && (id.contains(word.plain) || id.contains(word.spelled_out))) found = true;
    word = {};
    letters = 0;
  };
  each_code_point(composed(name), [&](utf8proc_int32_t code) {
    if (is_mark(code)) return;  // on the letter before it
    if (!is_letter(code)) return end_of_word();
    ++letters;
    word.add(code);
  });
  end_of_word();
  return found;
}

bool is_blank(std::string_view text) {
  bool blank = true;
  const bool whole = each_code_point(text, [&](utf8proc_int32_t code) {
    const auto category = utf8proc_category(code);
    const bool separates = category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_CC;  // spaces and controls
    blank = blank && (separates || utf8proc_get_property(code)->ignorable);
  });
  return blank && whole;
}

int display_width(std::string_view text) {
  int width = 0, cluster = 0;  // of what is drawn as one
  utf8proc_int32_t before = -1, state = 0;
  bool picture = false;
  each_code_point(text, [&](utf8proc_int32_t code) {
    const int own = std::max(0, utf8proc_charwidth(code));
    if (before < 0 || utf8proc_grapheme_break_stateful(before, code, &state)) {
      width += std::exchange(cluster, own);
      picture = is_picture(code);
    } else {
      cluster = picture ? std::max(cluster, own) : cluster + own;
    }
    before = code;
  });
  return width + cluster;
}

}  // namespace kring
