// What the simulated clients want: the commands of one programme.
#pragma once

#include <string>
#include <vector>

#include "events/base/dice.h"

namespace kring::simulator {

struct Wish {
  std::string id;    // of the command
  std::string text;  // JSON
};

// The first defines the programme; the others aim at what touches most: full themes, waiting lists, sessions, forgetting.
std::vector<Wish> make_history(Dice& dice);

// The name with which a person is registered.
std::string name_of_person(const std::string& id);

inline constexpr const char* programme_id = "proef";

}  // namespace kring::simulator
