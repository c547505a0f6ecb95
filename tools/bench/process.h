// A program run and timed from outside.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kring::bench {

struct Ran {
  double first_line = 0;  // seconds until the first line on standard output was there
  double whole = 0;       // and until the process was gone
  std::uint64_t peak_bytes = 0;  // of its memory, up to some milliseconds before its end
  std::string out;
};

// Throws Failed where it cannot be started or does not end with 0.
Ran run_program(const std::string& program, const std::vector<std::string>& arguments, const std::string& input = "");

}  // namespace kring::bench
