// CHECK is for bugs: a broken promise of our own code. It stays on in release builds, because a
// wrong record in the log is worse than a stopped program. Never use it on input from outside.
#pragma once

namespace kring {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace kring

#define KRING_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::kring::check_failed(#condition, __FILE__, __LINE__))
