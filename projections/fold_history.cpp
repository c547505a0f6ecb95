// The history: every record of a programme, and where to find those that name a theme, a session, a person, an area or a
// venue, that an actor sent, or that came to an event of a type.
#include <algorithm>

#include "projections/folding.h"
#include "projections/named.h"

namespace kring::projections {
namespace {

class History : public Folding {
 public:
  using Folding::Folding;

  Result<void> fold(BytesView body) {
    const Decision& decision = record_.decision;
    std::visit([&](const auto& c) { index(Named(c)); }, decision.command.body);
    for (const Event& event : decision.events) {
      std::visit([&](const auto& e) { index(Named(e)); }, event);
      index(table::type_index, type_of(event));
    }
    if (decision.rejection) index(table::type_index, "Rejected");
    index(table::actor_index, decision.command.actor);
    std::ranges::sort(index_);
    auto doubles = std::ranges::unique(index_);
    index_.erase(doubles.begin(), doubles.end());
    put(key(table::record).number(record_.position), RecordRow{record_.recorded_at, record_.hash, Bytes(body)});
    // Times before 1970 would sort last: the order is that of the number with its sign turned.
    auto time = static_cast<std::uint64_t>(record_.recorded_at.micros) ^ (std::uint64_t{1} << 63);
    put(key(table::time).number(time).number(record_.position), Nothing{});
    for (const Bytes& at : index_) put(at, Nothing{});
    return outcome;
  }

 private:
  void index(char table, std::string_view id) { index_.push_back(key(table).id(id).number(record_.position)); }

  void index(const Named& named) {
    for (const PersonId& person : named.persons) index(table::person_index, person.text);
    for (const AreaId& area : named.areas) index(table::area_index, area.text);
    for (const VenueId& venue : named.venues) index(table::venue_index, venue.text);
    if (!named.theme) return;
    index(table::theme_index, named.theme->text);
    if (named.session) index_.push_back(key(table::session_index, *named.theme, *named.session).number(record_.position));
  }

  std::vector<Bytes> index_;
};

}  // namespace

Result<void> fold_history(Rows& rows, const Record& record, BytesView body) { return History(Model::history, rows, record).fold(body); }

Result<void> fold(Model model, Rows& rows, const Record& record, BytesView body) {
  switch (model) {
    case Model::directory: return fold_directory(rows, record);
    case Model::theme_roster: return fold_theme_roster(rows, record);
    case Model::venue_assignments: return fold_venue_assignments(rows, record);
    case Model::history: return fold_history(rows, record, body);
  }
  return {};
}

}  // namespace kring::projections
