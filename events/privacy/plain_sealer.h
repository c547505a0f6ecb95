// The sealer without secrets: texts are marked, not encrypted. For tests, and until keys exist.
#pragma once

#include "events/privacy/sealing.h"

namespace kring {

class PlainSealer : public Sealer {
 public:
  Result<Bytes> seal(const SealContext&, std::string_view clear) override { return Bytes(1, '\0') + std::string(clear); }
  std::optional<std::string> open(const SealContext&, BytesView sealed) const override {
    if (sealed.empty() || sealed[0] != '\0') return std::nullopt;
    return std::string(sealed.substr(1));
  }
};

}  // namespace kring
