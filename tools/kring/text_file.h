// Small files that people write: the programme, the settings.
#pragma once

#include <string>

#include "events/base/error.h"

namespace kring::cli {

// All of it. Errors: kind `io`, with what the system said; a file of more than 16 MiB is none that a person wrote.
Result<std::string> read_text_file(const std::string& path);

}  // namespace kring::cli
