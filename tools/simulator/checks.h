// What must be true whatever happened. Each check returns what is wrong, in words; empty where nothing is.
#pragma once

#include <string>

#include "tools/simulator/clients.h"
#include "tools/simulator/world.h"

namespace kring::simulator {

// Every record can be read and decoded.
std::string check_readable(World& world);

// Every answered command lies in the log exactly once, at the position that was answered, with the same outcome; and no
// other command lies there twice. Answers at positions above `proven` may be missing.
std::string check_log(World& world, const Clients& clients, Position proven = UINT64_MAX);

// Everything in the log is what the rules make of what stands before it.
std::string check_decisions(World& world);

// The names of all persons can be opened but for those who were forgotten; of theirs neither text nor key is left.
std::string check_names(World& world);

// The read models are what the log makes of it, and the same when they are built anew. Changes nothing that can be seen.
std::string check_models(World& world);

}  // namespace kring::simulator
