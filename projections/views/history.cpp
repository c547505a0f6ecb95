// The audit trail: what happened and what was refused, one line for each event or rejection.
#include <algorithm>

#include "events/codec/codec.h"
#include "events/json/to_json.h"
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

// Is it named by any member, whatever the member's name? A person may be one who comes, leaves, stands in or speaks.
bool names(const json::Value& value, const std::string& id) {
  if (value.is_string()) return value.get_string() == id;
  if (const auto* list = value.if_array()) return std::ranges::any_of(*list, [&](const json::Value& item) { return names(item, id); });
  if (const auto* object = value.if_object())
    return std::ranges::any_of(*object, [&](const auto& member) { return member.key() != "title" && names(member.value(), id); });
  return false;
}

bool has(const json::Object& members, std::string_view member, std::string_view text) {
  const json::Value* value = members.if_contains(member);
  return value && value->is_string() && value->get_string() == text;
}

bool matches(const HistoryFilter& filter, const json::Object& members, std::string_view type) {
  if (!filter.type.empty() && filter.type != type) return false;
  if (filter.theme && !has(members, "theme", filter.theme->text)) return false;
  if (filter.area && !has(members, "area", filter.area->text) && !has(members, "host", filter.area->text)) return false;
  if (filter.venue && !has(members, "venue", filter.venue->text) && !has(members, "replaced", filter.venue->text)) return false;
  if (filter.session) {
    const json::Value* session = members.if_contains("session");
    if (!session || session->to_number<std::int64_t>() != *filter.session) return false;
  }
  return !filter.person || names(members, filter.person->text);
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
    bool more = true;
    if (decision->rejection) {
      auto members = std::visit([](const auto& c) { return members_of(c); }, decision->command.body);
      if (matches(filter_, members, "Rejected")) {
        json::Object detail{{"code", decision->rejection->code}, {"message", decision->rejection->message}};
        more = line(position, row, *decision, "Rejected", std::move(members), std::move(detail));
      }
      return more;
    }
    for (const Event& event : decision->events) {
      auto members = std::visit([](const auto& e) { return members_of(e); }, event);
      if (more && matches(filter_, members, type_of(event))) more = line(position, row, *decision, type_of(event), std::move(members), {});
    }
    return more;
  }

 private:
  bool line(Position position, const RecordRow& row, const Decision& decision, std::string_view type, json::Object members, json::Object detail) {
    const Command& command = decision.command;
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

// The index that leads to the fewest records; none: all of them.
std::optional<Key> index_for(View& view, const HistoryFilter& filter) {
  if (filter.person) return view.key(table::person_index).id(filter.person->text);
  if (filter.venue) return view.key(table::venue_index).id(filter.venue->text);
  if (filter.theme && filter.session)
    return view.key(table::session_index).id(filter.theme->text).number(static_cast<std::uint64_t>(*filter.session));
  if (filter.area) return view.key(table::area_index).id(filter.area->text);
  return {};
}

Position position_at_end(BytesView key) {
  Position position = 0;
  for (unsigned char c : key.substr(key.size() - 8)) position = position << 8 | c;
  return position;
}

}  // namespace

Result<void> history(View& view, const HistoryFilter& filter, const std::function<bool(const json::Object&)>& visit) {
  Lines lines(view, filter, visit);
  Position until = std::min(filter.until, view.as_of());
  Result<bool> more = true;
  auto records = view.key(table::record);
  auto index = index_for(view, filter);
  Key prefix = index.value_or(records);
  auto scanned = view.database().scan(Model::history, prefix, Key(prefix).number(filter.since), 0, [&](BytesView key, BytesView bytes) {
    Position position = position_at_end(key);
    if (position > until) return false;
    Bytes fetched;
    if (index) {
      auto found = view.database().get(Model::history, Key(records).number(position), 0);
      if (!found) return void(more = std::unexpected(std::move(found.error()))), false;
      fetched = std::move(*found);
      bytes = fetched;
    }
    auto row = codec::unpack<RecordRow>(bytes);
    if (!row) more = std::unexpected(std::move(row.error()));
    else more = lines.record(position, *row);
    return more && *more;
  });
  if (!scanned) return scanned;
  if (!more) return std::unexpected(std::move(more.error()));
  return view.outcome;
}

}  // namespace kring::projections
