#include "tools/simulator/chance.h"

#include <sodium.h>

#include <mutex>

#include "events/base/check.h"
#include "events/base/dice.h"
#include "events/privacy/crypto.h"

namespace kring::simulator {
namespace {

std::mutex mutex;
Dice dice{0};

std::uint32_t random_number() {
  std::lock_guard lock(mutex);
  return static_cast<std::uint32_t>(dice.next());
}

void fill(void* buffer, std::size_t size) {
  std::lock_guard lock(mutex);
  for (std::size_t i = 0; i < size; ++i) static_cast<unsigned char*>(buffer)[i] = static_cast<unsigned char>(dice.next());
}

randombytes_implementation from_dice{[] { return "kring-simulator"; }, random_number, nullptr, nullptr, fill, nullptr};

}  // namespace

void seed_secrets(std::uint64_t seed) {
  static const int set = randombytes_set_implementation(&from_dice);
  KRING_CHECK(set == 0);
  dice = Dice(seed);
  drop_drawn();
}

}  // namespace kring::simulator
