// What stands in a programme now, as the members of the commands that would make it so: what `init` compares a
// programme file with. Folded from the log itself.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "events/log/event_log.h"
#include "events/privacy/sealing.h"
#include "tools/kring/programme_file.h"

namespace kring::cli {

class Standing {
 public:
  static Result<Standing> read(LogReader& log, const Opener& opener, const ProgrammeId& programme);

  // The command that makes the entry stand: its own where nothing stands, a change_* or set_policy where members
  // differ, nothing where all do. Error: a member differs that cannot be changed.
  Result<std::vector<json::Object>> commands_for(const FileEntry& entry) const;

 private:
  void fold(const Decision& decision, const Opener& opener);

  std::map<std::pair<std::string, std::string>, json::Object> things_;  // kind and id to members
  json::Object policy_;                                                 // members of set_policy
};

}  // namespace kring::cli
