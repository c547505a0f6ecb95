// Texts on their way to a terminal.
#include "events/base/printable.h"

#include <gtest/gtest.h>

namespace kring {
namespace {

TEST(Printable, leaves_letters_alone_and_escapes_what_steers_a_terminal) {
  EXPECT_EQ(printable("Zo\xc3\xab \xf0\x9f\x8c\xb7 'x' \\"), "Zo\xc3\xab \xf0\x9f\x8c\xb7 'x' \\");
  EXPECT_EQ(printable("\x1b[31mred\x07"), "\\u001b[31mred\\u0007");
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\u000dd");
  EXPECT_EQ(printable("\x7f\xc2\x9b" "2J"), "\\u007f\\u009b2J");          // the one-character form of an escape sequence
  EXPECT_EQ(printable("\xe2\x80\xae" "gnp.exe"), "\\u202egnp.exe");       // right to left
  EXPECT_EQ(printable("\xe2\x80\xa8|\xff|\xc3"), "\\u2028|\\xff|\\xc3");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\u0000");
}

}  // namespace
}  // namespace kring
