// Texts that somebody else wrote, on their way to a terminal.
#pragma once

#include <string>
#include <string_view>

namespace kring {

// For a terminal: control characters (of which escape sequences are made), line and paragraph separators, marks that
// turn the direction of what follows, and bytes that are no UTF-8 are written as \n, \t, \u001b, \xff. The rest is left alone.
std::string printable(std::string_view text);

}  // namespace kring
