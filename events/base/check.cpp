#include "events/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace kring {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "kring: internal error: %s does not hold (%s:%d). This is a bug.\n", condition, file, line);
  std::abort();
}

}  // namespace kring
