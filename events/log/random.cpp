#include "events/log/random.h"

#include <sys/random.h>

#include <cerrno>

#include "events/base/check.h"

namespace kring {

Token random_token() {
  Token token;
  // Up to 256 bytes come at once or not at all; before the pool is ready the call waits, and a signal may end that.
  for (;;) {
    const ssize_t got = getrandom(token.data(), token.size(), 0);
    if (got == static_cast<ssize_t>(token.size())) return token;
    KRING_CHECK(got >= 0 || errno == EINTR);
  }
}

}  // namespace kring
