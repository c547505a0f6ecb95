// What the domain must not see: the clock and chance. Tests and the simulator bring their own.
#pragma once

#include <functional>
#include <string>

#include "events/base/bytes.h"
#include "events/base/time.h"

namespace kring {

struct Environment {
  std::function<Instant()> now;
  std::function<Token()> random;  // 16 bytes, unpredictable
};

Environment real_environment();

// RFC 9562 UUID version 7, which sorts by time.
std::string uuid_v7(const Environment& environment);

}  // namespace kring
