// The history: every record of a programme, and where to find those that name a person, an area, a venue or a session.
#include <algorithm>

#include "projections/folding.h"

namespace kring::projections {
namespace {

// Collects what a command or an event names, each once.
struct Named {
  std::vector<Bytes> keys;
  const ProgrammeId& programme;
  Position position;

  template <class T>
  void of(const T& described) {
    const ThemeId* theme = nullptr;
    T::members(described, [&](const char*, const auto& member, auto...) {
      look(member);
      using M = std::decay_t<decltype(member)>;
      if constexpr (std::is_same_v<M, ThemeId>) theme = &member;
    });
    if constexpr (requires { described.session; })
      if (theme) keys.push_back(Key(programme, table::session_index).id(theme->text).number(static_cast<std::uint64_t>(described.session)).number(position));
  }

  template <class M>
  void look(const M& member) {
    if constexpr (std::is_same_v<M, PersonId>) add(table::person_index, member.text);
    else if constexpr (std::is_same_v<M, AreaId>) add(table::area_index, member.text);
    else if constexpr (std::is_same_v<M, VenueId>) add(table::venue_index, member.text);
    else if constexpr (is_optional<M>::value) {
      if (member) look(*member);
    } else if constexpr (std::is_same_v<M, std::vector<AgendaItem>>) {
      for (const auto& item : member) look(item.speaker);
    }
  }
  void add(char table, const std::string& id) { keys.push_back(Key(programme, table).id(id).number(position)); }
};

class History : public Folding {
 public:
  using Folding::Folding;

  Result<void> fold(BytesView body) {
    const Decision& decision = record_.decision;
    Named named{{}, decision.command.programme, record_.position};
    std::visit([&](const auto& c) { named.of(c); }, decision.command.body);
    for (const Event& event : decision.events) std::visit([&](const auto& e) { named.of(e); }, event);
    std::ranges::sort(named.keys);
    auto doubles = std::ranges::unique(named.keys);
    named.keys.erase(doubles.begin(), doubles.end());
    put(key(table::record).number(record_.position), RecordRow{record_.recorded_at, record_.hash, Bytes(body)});
    // Times before 1970 would sort last: the order is that of the number with its sign turned.
    auto time = static_cast<std::uint64_t>(record_.recorded_at.micros) ^ (std::uint64_t{1} << 63);
    put(key(table::time).number(time).number(record_.position), Nothing{});
    for (const Bytes& at : named.keys) put(at, Nothing{});
    return outcome;
  }
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
