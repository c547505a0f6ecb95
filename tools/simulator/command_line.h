// The command line that all simulators share: seeds, how much to print, and which mistake to plant.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace kring::simulator {

struct Simulation {
  std::string program, about;
  std::function<void(std::uint64_t seed, std::string& wrong, std::string& trace)> run;
  std::function<void()> report;  // prints what came of all runs
};

// Runs the seeds that the arguments name. Returns the exit code of the program: 0 where nothing was wrong.
int simulate(int argc, char** argv, const Simulation& simulation);

}  // namespace kring::simulator
