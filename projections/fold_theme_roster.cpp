// The theme rosters: seats, ended tenures, waiting lists, invitations.
#include "projections/folding.h"

namespace kring::projections {
namespace {

class ThemeRoster : public Folding {
 public:
  using Folding::Folding;

  void on(const auto&) { ++index_; }

  void on(const event::Enrolled& e) { begin(e.theme, e.area, e.person, e.from); }
  void on(const event::PlaceGranted& e) {
    leave_list(e.theme, e.person);
    begin(e.theme, e.area, e.person, e.from);
  }
  void on(const event::EnrolmentWithdrawn& e) { end(e.theme, e.area, {e.person, e.from, e.to}); }
  void on(const event::SeatTransferred& e) {
    end(e.theme, e.area, {e.from, e.since, e.date});
    begin(e.theme, e.area, e.to, e.date);
  }
  void on(const event::Waitlisted& e) {
    auto [at, row] = slot<WaitingRow>(key(table::waiting).id(e.theme.text), [](const auto& found) { return !found; });
    put(at, WaitingRow{record_.position, index_++, e.area, e.person, e.since});
  }
  void on(const event::WaitlistLeft& e) { leave_list(e.theme, e.person); }
  void on(const event::AreaInvited& e) { put(invitation(e), InvitationRow{e.respond_by, false}); }
  void on(const event::InvitationDeclined& e) {
    auto row = this->row<InvitationRow>(invitation(e));
    row.declined = true;
    put(invitation(e), row);
  }

 private:
  Key seat(const ThemeId& theme, const AreaId& area) const { return key(table::seat).id(theme.text).id(area.text); }

  template <class E>
  Bytes invitation(const E& e) const {
    return key(table::invitation).id(e.area.text).id(e.theme.text);
  }

  void begin(const ThemeId& theme, const AreaId& area, const PersonId& person, Day from) {
    auto [at, row] = slot<SeatRow>(seat(theme, area), [](const auto& found) { return !found; });
    put(at, SeatRow{person, from});
    ++index_;
  }

  void end(const ThemeId& theme, const AreaId& area, const TenureRow& tenure) {
    auto [at, row] = slot<SeatRow>(seat(theme, area), [&](const auto& found) { return found && found->person == tenure.person; });
    erase(at);
    // Ended tenures never change. Those that cover no day matter only to the person's own page.
    if (tenure.from < tenure.to) put(key(table::ended).id(theme.text).id(area.text).number(record_.position).number(index_), tenure);
    put(key(table::tenure_of).id(tenure.person.text).id(theme.text).number(record_.position).number(index_), tenure);
    ++index_;
  }

  void leave_list(const ThemeId& theme, const PersonId& person) {
    auto [at, row] = slot<WaitingRow>(key(table::waiting).id(theme.text), [&](const auto& found) { return found && found->person == person; });
    erase(at);
    ++index_;
  }

  std::uint32_t index_ = 0;  // tells what happened in one decision apart
};

}  // namespace

Result<void> fold_theme_roster(Rows& rows, const Record& record) {
  return fold_events(ThemeRoster(Model::theme_roster, rows, record), record);
}

}  // namespace kring::projections
