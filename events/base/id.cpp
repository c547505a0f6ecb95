#include "events/base/id.h"

#include <algorithm>

namespace kring {
namespace {

bool lower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }

template <class Rest>
bool matches(std::string_view text, std::size_t most, Rest rest) {
  return !text.empty() && text.size() <= most && lower(text.front()) && std::ranges::all_of(text, rest);
}

}  // namespace

bool is_slug(std::string_view text) {
  return matches(text, 63, [](char c) { return lower(c) || c == '-'; });
}

bool is_actor(std::string_view text) {
  return matches(text, 128, [](char c) { return lower(c) || std::string_view(":@._-").contains(c); });
}

bool is_command_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::ranges::all_of(text, [](char c) { return lower(c) || upper(c) || std::string_view("._:-").contains(c); });
}

}  // namespace kring
