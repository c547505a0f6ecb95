// What must be true on the machine whatever happened, beside the log (log_checks.h). Each check returns what is wrong, in words; empty where nothing is.
#pragma once

#include <string>

#include "tools/simulator/world.h"

namespace kring::simulator {

// The names of all persons can be opened but for those who were forgotten; of theirs neither text nor key is left.
std::string check_names(World& world);

// The read models are what the log makes of it, and the same when they are built anew. Changes nothing that can be seen.
std::string check_models(World& world);

}  // namespace kring::simulator
