#include "engine/domain/evolve.h"

namespace kring::domain {

void evolve(State& state, const event::PersonForgotten& e) {
  state.facts[state.facts.person_ids.find(e.person)].forgotten = true;
}

}  // namespace kring::domain
