// All commands that can be submitted, with their members: for `kring submit --help`.
#pragma once

#include <string>

namespace kring::cli {

// One command a line, optional members with a question mark; derived from the types themselves.
std::string command_catalogue();

// What forgetting a person cannot reach. Stands in the help of every command that takes such texts.
std::string privacy_note();

}  // namespace kring::cli
