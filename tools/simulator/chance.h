// Chance for libsodium, from a seed: keys and nonces are the same whenever the same run is made again.
#pragma once

#include <cstdint>

namespace kring::simulator {

// From now on, in this process, every secret is made from `seed` and none is one any more. Call it before anything else
// uses libsodium; again before each run, while nothing else runs.
void seed_secrets(std::uint64_t seed);

}  // namespace kring::simulator
