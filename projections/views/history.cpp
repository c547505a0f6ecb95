// The audit trail: what happened and what was refused, one line for each event or rejection.
#include <algorithm>

#include "events/base/ranges.h"
#include "events/codec/codec.h"
#include "events/json/to_json.h"
#include "projections/named.h"
#include "projections/views/views.h"

namespace kring::projections {
namespace {

// What a line tells of any event or refused command, beside its own details.
constexpr std::array<std::string_view, 5> columns{"theme", "session", "area", "person", "venue"};

template <class T>
json::Object members_of(const T& described) {
  json::Object members;
  json::Array changed;  // personal members are named, never shown
  T::members(described, [&](const char* name, const auto& member, auto...) {
    using M = std::decay_t<decltype(member)>;
    if constexpr (std::is_same_v<M, Personal>) changed.emplace_back(name);
    else if constexpr (std::is_same_v<M, std::optional<Personal>>) {
      if (member) changed.emplace_back(name);
    }
  });
  members = json::to_json(described, json::Absent::omit).get_object();
  T::members(described, [&](const char* name, const auto& member, auto...) {
    using M = std::decay_t<decltype(member)>;
    if constexpr (std::is_same_v<M, Personal> || std::is_same_v<M, std::optional<Personal>>) members.erase(name);
  });
  if (!changed.empty()) members.emplace("personal", std::move(changed));
  return members;
}

bool matches(const HistoryFilter& filter, const Named& named, std::string_view type) {
  return (filter.type.empty() || filter.type == type) && (!filter.theme || named.theme == filter.theme) &&
         (!filter.session || named.session == filter.session) && (!filter.person || contains(named.persons, *filter.person)) &&
         (!filter.area || contains(named.areas, *filter.area)) && (!filter.venue || contains(named.venues, *filter.venue));
}

class Lines {
 public:
  Lines(View& view, const HistoryFilter& filter, const std::function<bool(const json::Object&)>& visit)
      : view_(view), filter_(filter), visit_(visit) {}

  // False: enough.
  Result<bool> record(Position position, const RecordRow& row) {
    auto decision = codec::decode(row.body);
    if (!decision) return std::unexpected(std::move(decision.error()));
    if (!filter_.actor.empty() && decision->command.actor != filter_.actor) return true;
    if (const auto& rejection = decision->rejection) {
      json::Object detail{{"code", rejection->code}, {"message", rejection->message}};
      return std::visit([&](const auto& c) { return line(position, row, *decision, "Rejected", c, std::move(detail)); }, decision->command.body);
    }
    bool more = true;
    for (const Event& event : decision->events)
      more = more && std::visit([&](const auto& e) { return line(position, row, *decision, e.type, e, {}); }, event);
    return more;
  }

 private:
  template <class T>
  bool line(Position position, const RecordRow& row, const Decision& decision, std::string_view type, const T& described, json::Object detail) {
    if (!matches(filter_, Named(described), type)) return true;
    const Command& command = decision.command;
    auto members = members_of(described);
    json::Object line{{"position", position},
                      {"recorded_at", to_string(row.recorded_at)},
                      {"effective", to_string(decision.effective)},
                      {"actor", command.actor},
                      {"command", type_of(command.body)},
                      {"command_id", command.id},
                      {"type", type},
                      {"programme", command.programme.text}};
    for (auto column : columns) {
      const json::Value* value = members.if_contains(column);
      line.emplace(column, value ? *value : json::Value(nullptr));
    }
    for (auto& member : members)
      if (std::ranges::find(columns, std::string_view(member.key())) == columns.end()) detail.emplace(member.key(), std::move(member.value()));
    json::Value reason;
    if (command.reason) reason = view_.open_reason(command);
    line.emplace("reason", std::move(reason));
    line.emplace("detail", std::move(detail));
    return visit_(line);
  }

  View& view_;
  const HistoryFilter& filter_;
  const std::function<bool(const json::Object&)>& visit_;
};

// The indexes that a record must be in to match.
std::vector<Key> indexes_for(View& view, const HistoryFilter& filter) {
  std::vector<Key> indexes;
  auto add = [&](char table, std::string_view id) { indexes.push_back(view.key(table).id(id)); };
  if (filter.person) add(table::person_index, filter.person->text);
  if (filter.venue) add(table::venue_index, filter.venue->text);
  if (filter.area) add(table::area_index, filter.area->text);
  if (filter.theme && filter.session)
    indexes.push_back(view.key(table::session_index).id(filter.theme->text).number(static_cast<std::uint64_t>(*filter.session)));
  else if (filter.theme) add(table::theme_index, filter.theme->text);
  if (!filter.type.empty()) add(table::type_index, filter.type);
  if (!filter.actor.empty()) add(table::actor_index, filter.actor);
  return indexes;
}

// Positions that stand under all of several keys, each ended by a position. The cursors leap over one another, so this
// takes no longer than the rarest of them needs.
class Intersection {
 public:
  Intersection(Database& database, const std::vector<Key>& keys) {
    for (const Key& key : keys) legs_.push_back({key, database.cursor(Model::history, key)});
  }

  // The first such position at or behind `position`; none: there are no more.
  Result<std::optional<Position>> from(Position position) {
    for (std::size_t agreed = 0; agreed < legs_.size();) {
      Leg& leg = legs_[next_++ % legs_.size()];
      auto found = leg.cursor->seek(static_cast<const Bytes&>(Key(leg.key).number(position)));
      if (!found) return std::unexpected(std::move(found.error()));
      if (!*found) return std::nullopt;
      Position at = last_number(leg.cursor->key());
      agreed = at == position ? agreed + 1 : 1;
      position = at;
    }
    return position;
  }

  // What the last of the keys holds at the position found.
  BytesView value() const { return legs_.back().cursor->value(); }

 private:
  struct Leg {
    Key key;
    std::unique_ptr<Cursor> cursor;
  };
  std::vector<Leg> legs_;
  std::size_t next_ = 0;
};

}  // namespace

Result<void> history(View& view, const HistoryFilter& filter, const std::function<bool(const json::Object&)>& visit, const std::function<void(Position)>& report) {
  Lines lines(view, filter, visit);
  Position until = std::min(filter.until, view.as_of());
  auto keys = indexes_for(view, filter);
  keys.push_back(view.key(table::record));
  Intersection records(view.database(), keys);
  for (Position next = filter.since; next <= until; ++next) {
    auto position = records.from(next);
    if (!position) return std::unexpected(std::move(position.error()));
    if (!*position || **position > until) break;
    auto row = codec::unpack<RecordRow>(records.value());
    if (!row) return std::unexpected(std::move(row.error()));
    auto more = lines.record(next = **position, *row);
    if (!more) return std::unexpected(std::move(more.error()));
    if (!*more) break;
    if (report) report(next);
  }
  return view.outcome;
}

}  // namespace kring::projections
