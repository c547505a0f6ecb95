// The venue assignments: sessions with their venue, substitutions, attendance, agendas, releases.
#include <algorithm>

#include "projections/folding.h"

namespace kring::projections {
namespace {

class VenueAssignments : public Folding {
 public:
  using Folding::Folding;

  void on(const auto&) {}

  void on(const event::SessionScheduled& e) {
    SessionRow row;
    row.date = e.date;
    row.part = e.part;
    row.host = e.host;
    put(session(e), row);
  }
  void on(const event::SessionMoved& e) {
    change(e, [&](SessionRow& row) {
      row.date = e.date;
      row.part = e.part;
    });
  }
  void on(const event::SessionCancelled& e) {
    change(e, [](SessionRow& row) { row.cancelled = true; });
  }
  void on(const event::VenueAssigned& e) {
    change(e, [&](SessionRow& row) { row.venue = e.venue; });
  }
  void on(const event::VenueReleased& e) {
    change(e, [](SessionRow& row) { row.venue.reset(); });
  }
  void on(const event::SessionSubstituted& e) {
    change(e, [&](SessionRow& row) {
      auto known = std::ranges::find(row.substitutions, e.person, &StandIn::person);
      if (known != row.substitutions.end()) known->by = e.by;
      else row.substitutions.push_back({e.person, e.by});
    });
  }
  void on(const event::SubstitutionEnded& e) {
    change(e, [&](SessionRow& row) { std::erase_if(row.substitutions, [&](const StandIn& s) { return s.person == e.person; }); });
  }
  void on(const event::AgendaSet& e) { put(key(table::agenda, e.theme, e.session), AgendaRow{e.items}); }
  void on(const event::AttendanceRecorded& e) { put(attendance(e), AttendanceRow{e.status}); }
  void on(const event::AttendanceCorrected& e) { put(attendance(e), AttendanceRow{e.status}); }
  void on(const event::AttendanceRetracted& e) { erase(attendance(e)); }
  void on(const event::ScheduleReleased& e) {
    for (const SessionRef& gone : e.cancelled) erase(key(table::released, gone.theme, gone.session));
    for (const event::ReleasedSession& s : e.sessions)
      if (contained(e.added, s) || contained(e.changed, s)) put(key(table::released, s.theme, s.session), ReleasedRow{s.date, s.part, s.venue});
    put(key(table::release).number(static_cast<std::uint64_t>(e.release)), ReleaseRow{record_.position});
  }

 private:
  static bool contained(const std::vector<SessionRef>& list, const event::ReleasedSession& s) {
    return std::ranges::find(list, SessionRef{s.theme, s.session}) != list.end();
  }
  template <class E>
  Bytes session(const E& e) const {
    return key(table::session, e.theme, e.session);
  }
  template <class E>
  Bytes attendance(const E& e) const {
    return key(table::attendance, e.theme, e.session).id(e.person.text);
  }
  template <class E, class Change>
  void change(const E& e, Change change) {
    auto row = this->row<SessionRow>(session(e));
    change(row);
    put(session(e), row);
  }
};

}  // namespace

Result<void> fold_venue_assignments(Rows& rows, const Record& record) {
  return fold_events(VenueAssignments(Model::venue_assignments, rows, record), record);
}

}  // namespace kring::projections
