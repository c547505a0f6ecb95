// What stands in a programme now, as the members of the commands that would make it so: what `init` compares a
// programme file with. Folded from the log itself.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/runtime/programmes.h"
#include "events/log/event_log.h"
#include "events/privacy/sealing.h"
#include "tools/kring/programme_file.h"

namespace kring::cli {

// A command that makes an entry stand.
struct NeededCommand {
  json::Object command;
  const FileEntry* entry = nullptr;
};

class Standing {
 public:
  Standing();  // nothing stands
  static Result<Standing> read(LogReader& log, const Opener& opener, const ProgrammeId& programme);

  // The command that makes the entry stand: its own where nothing stands, a change_* or set_policy where members
  // differ, nothing where all do. Error: a member differs that cannot be changed.
  Result<std::vector<json::Object>> commands_for(const FileEntry& entry) const;

  // The commands that make the whole file stand. They are decided in memory first: error where one would be refused, with file,
  // line and member, so that a file is loaded whole or not at all. The entries must outlive what is returned.
  Result<std::vector<NeededCommand>> commands_for(const std::vector<FileEntry>& entries) const;

 private:
  void fold(const Decision& decision, const Opener& opener);

  std::map<std::pair<std::string, std::string>, json::Object> things_;  // kind and id to members
  json::Object policy_;                                                 // members of set_policy
  Programmes programmes_;                                               // to decide on
};

}  // namespace kring::cli
