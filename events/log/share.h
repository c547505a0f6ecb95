// Where the programmes of a system are when it has several logs: the partitions of a topic.
#pragma once

#include <cstdint>

#include "events/vocabulary.h"

namespace kring {

// Which of how many logs one is.
struct Share {
  std::int32_t number = 0;
  std::int32_t of = 1;
};

// In which of so many logs a programme is defined. Once it is, it stays in the log that holds its ProgrammeDefined; so the
// number of logs is fixed when they are made. The first eight bytes of the SHA-256 of the id, as a big-endian number, modulo
// the number of logs.
std::int32_t home_of(const ProgrammeId& programme, std::int32_t of);

}  // namespace kring
