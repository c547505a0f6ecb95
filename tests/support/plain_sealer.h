// The sealer without secrets, for tests: texts are marked, not encrypted, and nobody is forgotten.
#pragma once

#include "events/privacy/sealing.h"

namespace kring {

class PlainSealer : public Sealer {
 public:
  bool must_resume_all() const override { return false; }
  void resume(const Decision&) override {}
  Result<void> resumed() override { return {}; }
  Result<void> settle() override { return {}; }
  Result<Bytes> seal(const SealContext&, std::string_view clear) override { return Bytes(1, '\0') + std::string(clear); }
  Result<void> make_durable() override { return {}; }
  Result<void> forget(const std::vector<Erasure>&) override { return {}; }
  std::optional<std::string> open(const SealContext&, BytesView sealed) const override {
    if (sealed.empty() || sealed[0] != '\0') return std::nullopt;
    return std::string(sealed.substr(1));
  }
};

}  // namespace kring
