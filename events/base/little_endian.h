// Numbers in stored bytes: little-endian on every machine.
#pragma once

#include <bit>
#include <concepts>
#include <cstring>

namespace kring {

template <std::integral N>
void put_little(char* at, N number) {
  if constexpr (std::endian::native == std::endian::big) number = std::byteswap(number);
  std::memcpy(at, &number, sizeof number);
}

template <std::integral N>
N get_little(const char* at) {
  N number;
  std::memcpy(&number, at, sizeof number);
  if constexpr (std::endian::native == std::endian::big) number = std::byteswap(number);
  return number;
}

}  // namespace kring
