#include "events/log/share.h"

#include "events/base/bytes.h"

namespace kring {

std::int32_t home_of(const ProgrammeId& programme, std::int32_t of) {
  const Hash hash = sha256(programme.text);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | static_cast<std::uint8_t>(hash[i]);
  return static_cast<std::int32_t>(number % static_cast<std::uint64_t>(of));
}

}  // namespace kring
