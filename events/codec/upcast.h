// Upcasting: the bytes of an older schema version come out as the newest type. Pure; a released schema never changes,
// so what stands here only grows, and tests/golden keeps bytes of every version for ever.
#pragma once

#include "events/codec/archive.h"
#include "events/event/event.h"

namespace kring::codec {

// For types with a single version: there is nothing older, so the bytes are wrong.
template <class T>
void upcast(std::uint16_t, Reader& reader, T&) {
  reader.give_up();
}

void upcast(std::uint16_t version, Reader& reader, event::SessionMoved& moved);

}  // namespace kring::codec
