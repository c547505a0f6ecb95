#include "events/base/printable.h"

#include <utf8proc.h>

#include <cstdio>

namespace kring {
namespace {

bool turns_direction(utf8proc_int32_t code) {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0x200e || code == 0x200f || code == 0x061c;
}

bool is_unprintable(utf8proc_int32_t code) {
  auto category = utf8proc_category(code);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP || turns_direction(code);
}

void append_escaped(std::string& out, const char* format, unsigned value) {
  char escaped[16];
  std::snprintf(escaped, sizeof escaped, format, value);
  out += escaped;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    utf8proc_int32_t code;
    auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &code);
    auto bytes = used > 0 ? static_cast<std::size_t>(used) : 1;
    if (used <= 0) append_escaped(out, "\\x%02x", static_cast<unsigned char>(text.front()));
    else if (code == '\n') out += "\\n";
    else if (code == '\t') out += "\\t";
    else if (is_unprintable(code)) append_escaped(out, "\\u%04x", static_cast<unsigned>(code));
    else out += text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace kring
