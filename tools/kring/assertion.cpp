// Debian's RocksDB is built with its assertions, and a bit that flips in some places of a table (the properties are read before
// their checksum is looked at) ends the process in one. Whoever sees that is told what to do about it.
#include <unistd.h>

#include <cstring>

#include "events/base/text.h"

// glibc's own, which libraries call by this name.
extern "C" [[noreturn]] void __assert_fail(const char* assertion, const char* file, unsigned line, const char*) noexcept {
  const std::string text = kring::concat(
      "kring: something on disk is damaged, or this program is wrong: '", assertion, "' does not hold at ", file, ":", line,
      ". When it comes again: read-models and command-ids in the data directory are made from the log; remove them, and they are made anew\n");
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
  _exit(2);
}
