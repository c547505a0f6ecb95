#include "events/base/text.h"

#include <utf8proc.h>

#include <algorithm>

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

}  // namespace

bool is_utf8(std::string_view text) {
  return each_code_point(text, [](utf8proc_int32_t) {});
}

bool contains_word_of(std::string_view id, std::string_view name) {
  std::string word;
  int letters = 0;
  bool ascii = true, found = false;
  auto end_of_word = [&] {
    if (letters >= 3 && ascii && id.contains(word)) found = true;  // a slug is ASCII: no other word can be in it
    word.clear();
    letters = 0;
    ascii = true;
  };
  each_code_point(name, [&](utf8proc_int32_t code) {
    if (!is_letter(code)) return end_of_word();
    auto lower = utf8proc_tolower(code);
    ++letters;
    if (lower < 0x80) word += static_cast<char>(lower);
    else ascii = false;
  });
  end_of_word();
  return found;
}

int display_width(std::string_view text) {
  int width = 0;
  each_code_point(text, [&](utf8proc_int32_t code) { width += std::max(0, utf8proc_charwidth(code)); });
  return width;
}

}  // namespace kring
