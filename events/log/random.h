// Randomness of the operating system, for ids that must never meet their like.
#pragma once

#include "events/base/bytes.h"

namespace kring {

Token random_token();  // 16 bytes of getrandom(2); thread-safe

}  // namespace kring
