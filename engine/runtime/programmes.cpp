#include "engine/runtime/programmes.h"

#include "engine/domain/evolve.h"
#include "events/base/text.h"

namespace kring {

Programme* Programmes::find(const ProgrammeId& id) {
  auto found = programmes_.find(id.text);
  return found == programmes_.end() ? nullptr : &found->second;
}

void Programmes::insert(const ProgrammeId& id, Programme programme) {
  if (programme.zone && defined_++ == 0) first_ = id;
  programmes_[id.text] = std::move(programme);
}

Result<void> Programmes::apply(const Record& record) {
  Programme& programme = at(record.decision.command.programme);
  for (const Event& event : record.decision.events) domain::evolve(programme.state, event);
  return note(record.position, record.recorded_at, record.decision);
}

Result<void> Programmes::note(Position position, Instant recorded_at, const Decision& decision) {
  Programme& programme = at(decision.command.programme);
  programme.last_time = recorded_at;
  if (decision.accepted()) programme.state.changed_at = position;
  if (decision.events.empty()) return {};
  const auto* defined = std::get_if<event::ProgrammeDefined>(&decision.events.front());
  if (!defined) return {};
  programme.zone = TimeZone::find(defined->time_zone);
  programme.zone_name = defined->time_zone;
  if (defined_++ == 0) first_ = decision.command.programme;
  if (programme.zone) return {};
  return fail(ErrorKind::unsupported, "unknown_time_zone",
              concat("the programme '", decision.command.programme.text, "' is in the time zone ", defined->time_zone,
                     ", which this machine does not know: install tzdata"));
}

}  // namespace kring
