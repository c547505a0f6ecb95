// What the fuzz targets share. A target is one file with one entry, LLVMFuzzerTestOneInput: libFuzzer calls it with inputs
// that it makes up, replay.cpp with those of the committed corpus. It must return for any bytes; a law that does not hold
// stops the program (KRING_CHECK), as a sanitizer does.
#pragma once

#include <cstddef>
#include <cstdint>

#include "events/base/bytes.h"
#include "events/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace kring::fuzz {

inline BytesView input_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Takes the first `count` bytes off the input, or what is left of it.
inline BytesView take(BytesView& input, std::size_t count) {
  BytesView taken = input.substr(0, count);
  input.remove_prefix(taken.size());
  return taken;
}

// The next byte; 0 behind the end.
inline std::uint8_t take_byte(BytesView& input) {
  BytesView taken = take(input, 1);
  return taken.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(taken[0]);
}

}  // namespace kring::fuzz
