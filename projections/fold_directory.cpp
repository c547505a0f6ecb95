// The directory: programmes, policies, themes, areas, venues, persons, unavailability.
#include <algorithm>

#include "projections/folding.h"

namespace kring::projections {
namespace {

template <class K, class V>
void merge(std::vector<Entry<K, V>>& into, const std::vector<Entry<K, V>>& from) {
  for (const auto& entry : from) {
    std::erase_if(into, [&](const auto& known) { return known.key == entry.key; });
    if (entry.value) into.push_back(entry);
  }
  std::ranges::sort(into, {}, &Entry<K, V>::key);
}

class Directory : public Folding {
 public:
  using Folding::Folding;

  void on(const auto&) {}

  void on(const event::ProgrammeDefined& e) {
    put(key(table::programmes), ProgrammeRow{e.title, e.from, e.to, e.time_zone, 0});
    put(key(table::policy), PolicyRow{});
    put(list_of_programmes().id(record_.decision.command.programme.text), Nothing{});
  }
  void on(const event::ProgrammeChanged& e) {
    auto row = this->row<ProgrammeRow>(key(table::programmes));
    take(row.title, e.title);
    take(row.from, e.from);
    take(row.to, e.to);
    put(key(table::programmes), row);
  }
  void on(const event::ScheduleReleased& e) {
    auto row = this->row<ProgrammeRow>(key(table::programmes));
    row.release = e.release;
    put(key(table::programmes), row);
  }
  void on(const event::PolicySet& e) {
    auto row = this->row<PolicyRow>(key(table::policy));
    PolicyChange& policy = row.policy;
    take(policy.seats_per_area, e.change.seats_per_area);
    take(policy.eligible_roles, e.change.eligible_roles);
    take(policy.min_gap_days, e.change.min_gap_days);
    take(policy.blackouts, e.change.blackouts);
    if (e.change.retention_days.named) policy.retention_days = e.change.retention_days;
    merge(policy.capacity, e.change.capacity);
    merge(policy.rules, e.change.rules);
    merge(policy.part_times, e.change.part_times);
    put(key(table::policy), row);
  }
  void on(const event::ThemeAdded& e) {
    put(key(table::theme).id(e.theme.text), ThemeRow{e.title, e.sessions, record_.position});
    if (!e.capacity) return;
    auto row = this->row<PolicyRow>(key(table::policy));
    merge(row.policy.capacity, {{e.theme, e.capacity}});
    put(key(table::policy), row);
  }
  void on(const event::ThemeChanged& e) {
    auto row = this->row<ThemeRow>(key(table::theme).id(e.theme.text));
    take(row.title, e.title);
    take(row.sessions, e.sessions);
    put(key(table::theme).id(e.theme.text), row);
  }
  void on(const event::AreaRegistered& e) { put(key(table::area).id(e.area.text), AreaRow{e.name, e.municipality, e.lat, e.lon}); }
  void on(const event::AreaChanged& e) {
    auto row = this->row<AreaRow>(key(table::area).id(e.area.text));
    take(row.name, e.name);
    take(row.municipality, e.municipality);
    take(row.lat, e.lat);
    take(row.lon, e.lon);
    put(key(table::area).id(e.area.text), row);
  }
  void on(const event::VenueRegistered& e) {
    put(key(table::venue).id(e.venue.text), VenueRow{e.name, e.capacity, e.area, e.lat, e.lon, e.accessible});
  }
  void on(const event::VenueChanged& e) {
    auto row = this->row<VenueRow>(key(table::venue).id(e.venue.text));
    take(row.name, e.name);
    take(row.capacity, e.capacity);
    take(row.area, e.area);
    take(row.lat, e.lat);
    take(row.lon, e.lon);
    take(row.accessible, e.accessible);
    put(key(table::venue).id(e.venue.text), row);
  }
  void on(const event::UnavailabilityDeclared& e) {
    auto row = this->row<UnavailableRow>(unavailable(e));
    row.periods.push_back({e.from, e.to});
    put(unavailable(e), row);
  }
  void on(const event::UnavailabilityLifted& e) {
    auto row = this->row<UnavailableRow>(unavailable(e));
    if (auto found = std::ranges::find(row.periods, Period{e.from, e.to}); found != row.periods.end()) row.periods.erase(found);
    if (row.periods.empty()) erase(unavailable(e));
    else put(unavailable(e), row);
  }
  void on(const event::PersonRegistered& e) {
    PersonRow row;
    row.area = e.area;
    row.role = e.role;
    row.name = sealed(e.name);
    personal(row, e);
    put(key(table::person).id(e.person.text), row);
  }
  void on(const event::PersonChanged& e) {
    auto row = this->row<PersonRow>(key(table::person).id(e.person.text));
    take(row.role, e.role);
    if (e.name) row.name = sealed(*e.name);
    personal(row, e);
    put(key(table::person).id(e.person.text), row);
  }
  void on(const event::PersonForgotten& e) {
    auto row = this->row<PersonRow>(key(table::person).id(e.person.text));
    PersonRow forgotten;
    forgotten.area = row.area;
    forgotten.role = row.role;
    forgotten.forgotten = true;
    put(key(table::person).id(e.person.text), forgotten);
  }

 private:
  SealedText sealed(const Personal& text) const { return {text.sealed, record_.decision.command.id}; }

  template <class E>
  void personal(PersonRow& row, const E& e) {
    if (e.email) row.email = sealed(*e.email);
    if (e.organisation) row.organisation = sealed(*e.organisation);
    if (e.phone) row.phone = sealed(*e.phone);
  }
  template <class E>
  Bytes unavailable(const E& e) const {
    return key(table::unavailable).id(e.venue ? "venue" : "person").id(e.venue ? e.venue->text : e.person->text);
  }
};

}  // namespace

Result<void> fold_directory(Rows& rows, const Record& record) { return fold_events(Directory(Model::directory, rows, record), record); }

}  // namespace kring::projections
