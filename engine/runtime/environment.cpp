#include "engine/runtime/environment.h"

#include <sys/random.h>

#include <chrono>

#include "events/base/check.h"
#include "events/base/text.h"

namespace kring {

Environment real_environment() {
  return {
      [] {
        auto now = std::chrono::system_clock::now().time_since_epoch();
        return Instant{std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
      },
      [] {
        Token token;
        KRING_CHECK(getrandom(token.data(), token.size(), 0) == static_cast<ssize_t>(token.size()));
        return token;
      },
  };
}

std::string uuid_v7(const Environment& environment) {
  Token token = environment.random();
  auto millis = static_cast<std::uint64_t>(environment.now().micros / 1000);
  for (std::size_t i = 0; i < 6; ++i) token[i] = static_cast<std::uint8_t>(millis >> (8 * (5 - i)));
  token[6] = static_cast<std::uint8_t>((token[6] & 0x0f) | 0x70);
  token[8] = static_cast<std::uint8_t>((token[8] & 0x3f) | 0x80);
  std::string hex = to_hex(view(token));
  auto piece = [&](std::size_t from, std::size_t count) { return std::string_view(hex).substr(from, count); };
  return concat(piece(0, 8), '-', piece(8, 4), '-', piece(12, 4), '-', piece(16, 4), '-', piece(20, 12));
}

}  // namespace kring
