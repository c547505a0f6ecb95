// Text: joining pieces, and what Unicode has to say about words and widths (utf8proc stays behind this header).
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace kring {

namespace detail {
inline void append(std::string& out, std::string_view piece) { out += piece; }
inline void append(std::string& out, char piece) { out += piece; }
template <std::integral N>
void append(std::string& out, N piece) {
  out += std::to_string(piece);
}
}  // namespace detail

// concat("session ", 3, " of ", theme): one string of all pieces.
template <class... Pieces>
std::string concat(const Pieces&... pieces) {
  std::string out;
  (detail::append(out, pieces), ...);
  return out;
}

bool is_utf8(std::string_view text);

// Does `id` contain a word of `name`: three letters or more in a row, case and accents ignored? `name` is UTF-8.
bool contains_word_of(std::string_view id, std::string_view name);

// Nothing that anybody could see: no character, or white space and marks without width alone.
bool is_blank(std::string_view text);

int display_width(std::string_view text);  // columns on a terminal; control characters count none

}  // namespace kring
