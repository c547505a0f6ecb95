// The states of all programmes of one log, and what deciding needs beside them: time zones and recording times.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "engine/domain/state.h"
#include "events/base/error.h"
#include "events/decision.h"

namespace kring {

struct Programme {
  domain::State state;
  std::optional<TimeZone> zone;      // from ProgrammeDefined on
  std::string zone_name;             // as it was defined
  std::optional<Instant> last_time;  // of the last record, rejections included
};

class Programmes {
 public:
  // Null where no record names it.
  Programme* find(const ProgrammeId& id);
  // The only one that is defined; null where there is none or more than one.
  const ProgrammeId* only() const { return defined_ == 1 ? &first_ : nullptr; }
  std::size_t defined() const { return defined_; }

  // Takes over what a record says. Error: the programme's time zone is not known on this machine.
  Result<void> apply(const Record& record);
  // The same for a decision whose events the state has taken over already.
  Result<void> note(Position position, Instant recorded_at, const Decision& decision);

  Programme& at(const ProgrammeId& id) { return programmes_[id.text]; }

  const std::unordered_map<std::string, Programme>& all() const { return programmes_; }
  // One that no record has named yet.
  void insert(const ProgrammeId& id, Programme programme);

 private:
  std::unordered_map<std::string, Programme> programmes_;
  std::size_t defined_ = 0;
  ProgrammeId first_;
};

}  // namespace kring
