// The programme file: TOML in, commands out. Errors name file, line and member.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "events/json/json.h"

namespace kring::cli {

// One table of the file, as the command that would make it stand.
struct FileEntry {
  std::string kind;      // "programme", "policy", "theme", "area", "venue", "person"
  std::string id;        // of the thing
  json::Object command;  // complete, with its type
  std::string file;      // as it was named
  int line = 0;          // where the table begins, from 1
  std::map<std::string, int> lines;  // of its members; of what stands in a table of it "capacity.re-integratie"

  int line_of(const std::string& member) const {
    const auto found = lines.find(member);
    return found == lines.end() ? line : found->second;
  }
};

// In the order in which they have to be recorded.
Result<std::vector<FileEntry>> read_programme_file(const std::string& path);
Result<std::vector<FileEntry>> read_programme_text(const std::string& text, const std::string& path);

// The shipped programme, built into the binary.
std::string shipped_programme();

}  // namespace kring::cli
