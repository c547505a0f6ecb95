#include "projections/store/footprint.h"

#include <filesystem>
#include <fstream>

namespace kring::projections {

namespace fs = std::filesystem;

Footprint footprint_of(const std::string& directory) {
  Footprint footprint;
  std::getline(std::ifstream(directory + "/CURRENT"), footprint.current);
  std::error_code error;
  footprint.list_size = fs::file_size(directory + "/" + footprint.current, error);
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".log") footprint.logs.insert(entry->path().filename().string());
  return footprint;
}

}  // namespace kring::projections
