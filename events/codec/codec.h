// The encoded form of a decision: what a record's body holds. Byte by byte in docs/log-format.md.
// cereal stays behind this folder's doors. Input is bounded before anything is allocated for it.
#pragma once

#include "events/decision.h"
#include "events/base/error.h"

namespace kring::codec {

// Precondition: all personal text is sealed (events/privacy/sealing.h).
Bytes encode(const Decision& decision);

// Older schema versions come out as the newest (upcast.cpp). Errors: `damaged` where the bytes are no decision,
// `unsupported` where they are of a newer kring.
Result<Decision> decode(BytesView body);

}  // namespace kring::codec
