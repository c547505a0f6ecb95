// What people are told who typed something wrong.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace kring::cli {

// One line, derived from the definition: of the command that was typed, or of kring where none was.
std::string usage_line(const CLI::App& app);

// The parser's error in words, with what may have been meant.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& error);

// The command that was typed; null: none that exists.
const CLI::App* chosen_command(const CLI::App& app);

}  // namespace kring::cli
