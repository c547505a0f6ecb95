#include "engine/domain/evolve.h"

namespace kring::domain {

void evolve(State& state, const Event& event) {
  std::visit([&](const auto& e) { evolve(state, e); }, event);
}

}  // namespace kring::domain
