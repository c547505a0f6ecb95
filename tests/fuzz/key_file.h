// Key stores for fuzz inputs: one wrapping key, and checksums that are made right after a mutation.
#pragma once

#include "events/base/little_endian.h"
#include "events/privacy/key_slot.h"
#include "tests/fuzz/fuzz.h"

namespace kring::fuzz {

inline const Secret& wrapping_key() {
  static const Secret secret = *Secret::from_bytes(Bytes(32, 'k'));
  return secret;
}

// The header, and every slot that begins as one does.
inline void mend_key_store(Bytes& file) {
  if (file.size() < key_slot_size) return;
  file.replace(0, key_slot_size, key_store_header(wrapping_key()));
  for (std::size_t at = key_slot_size; at + key_slot_size <= file.size(); at += key_slot_size) {
    if (file[at] != 'K') continue;
    mend_key_slot({file.data() + at, key_slot_size});
  }
}

}  // namespace kring::fuzz
