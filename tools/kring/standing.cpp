#include "tools/kring/standing.h"

#include "engine/domain/decide.h"
#include "engine/rules/facts.h"
#include "engine/runtime/environment.h"
#include "events/base/ranges.h"
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "tools/kring/record_json.h"

namespace kring::cli {
namespace {

struct Kind {
  std::string_view kind, id, registered, changed, change_command;
  std::initializer_list<std::string_view> fixed;  // members that no command changes
};

const Kind kinds[] = {
    {"programme", "", "ProgrammeDefined", "ProgrammeChanged", "change_programme", {"time_zone"}},
    {"theme", "theme", "ThemeAdded", "ThemeChanged", "change_theme", {}},
    {"area", "area", "AreaRegistered", "AreaChanged", "change_area", {}},
    {"venue", "venue", "VenueRegistered", "VenueChanged", "change_venue", {}},
    {"person", "person", "PersonRegistered", "PersonChanged", "change_person", {"area"}},
};

json::Object default_policy() {
  rules::Policy policy;
  json::Object rules;
  for (std::size_t i = 0; i < rule_count; ++i) rules.emplace(name_of(static_cast<Rule>(i)), name_of(policy.severity[i]));
  json::Array roles;
  for (const Role& role : policy.eligible_roles) roles.emplace_back(role.text);
  json::Object times{{"morning", json::Array{"09:30", "12:30"}}, {"afternoon", json::Array{"13:30", "16:30"}},
                     {"evening", json::Array{"19:00", "21:30"}}, {"full_day", json::Array{"09:30", "16:30"}}};
  return {{"seats_per_area", policy.seats_per_area}, {"eligible_roles", std::move(roles)}, {"min_gap_days", policy.min_gap_days},
          {"blackouts", json::Array{}}, {"retention_days", nullptr}, {"capacity", json::Object{}}, {"rules", std::move(rules)},
          {"part_times", std::move(times)}};
}

// What set_policy makes of a map: null takes a key out, so that its default counts again where it has one.
void merge_setting(json::Object& into, const json::Object& changes, const json::Object& defaults) {
  for (const auto& change : changes) {
    const json::Value* usual = defaults.if_contains(change.key());
    if (!change.value().is_null()) into[change.key()] = change.value();
    else if (usual) into[change.key()] = *usual;
    else into.erase(change.key());
  }
}

void merge(json::Object& into, const json::Object& from) {
  for (const auto& member : from) into[member.key()] = member.value();
}

// Numbers are equal when their values are, whole or not.
bool equal(const json::Value& a, const json::Value& b) {
  if (a.is_number() && b.is_number()) return a.to_number<double>() == b.to_number<double>();
  return a == b;
}

// The members of `wanted` that differ in `standing`; maps key by key.
json::Object difference(const json::Object& wanted, const json::Object& standing) {
  json::Object out;
  for (const auto& member : wanted) {
    const json::Value* known = standing.if_contains(member.key());
    if (known && equal(*known, member.value())) continue;
    if (known && known->is_object() && member.value().is_object()) {
      auto inner = difference(member.value().get_object(), known->get_object());
      if (!inner.empty()) out.emplace(member.key(), std::move(inner));
    } else if (known || !member.value().is_null()) {
      out.emplace(member.key(), member.value());
    }
  }
  return out;
}

// The member that the rejection of such a command is about; empty where it is none.
std::string member_of(const Rejection& rejection, const json::Object& command, const domain::State& state) {
  if (rejection.code == "unknown_area") return "area";
  if (rejection.code == "invalid_period") return "to";
  if (rejection.code == "sessions_in_use") return "sessions";
  const json::Value* capacity = rejection.code == "unknown_theme" ? command.if_contains("capacity") : nullptr;
  if (!capacity || !capacity->is_object()) return "";
  for (const auto& theme : capacity->get_object())
    if (!state.facts.theme_ids.find(ThemeId{std::string(theme.key())})) return concat("capacity.", std::string_view(theme.key()));
  return "";
}

Error refused(const FileEntry& entry, const std::string& member, const std::string& message) {
  return {ErrorKind::invalid, "invalid_programme_file", member,
          concat(entry.file, ":", entry.line_of(member), ": [", entry.kind, "] ", member.empty() ? "" : concat("'", member, "': "), message)};
}

// The day decides about no refusal of what a programme file holds.
Day some_day() {
  const auto zone = TimeZone::find("Europe/Amsterdam");
  return zone ? zone->day_of(real_environment().now()) : Day{};
}

}  // namespace

Standing::Standing() : policy_(default_policy()) {}

Result<Standing> Standing::read(LogReader& log, const Opener& opener, const ProgrammeId& programme) {
  Standing standing;
  Result<void> outcome;
  auto read = log.read({}, [&](const LogEntry& entry) {
    auto decision = codec::decode(entry.body);
    if (!decision) {
      outcome = std::unexpected(std::move(decision.error()));
    } else if (decision->command.programme == programme) {
      standing.fold(*decision, opener);
      outcome = standing.programmes_.apply({entry.position, entry.recorded_at, entry.previous, entry.hash, std::move(*decision)});
    }
    return outcome.has_value();
  });
  if (!read) return std::unexpected(std::move(read.error()));
  if (!outcome) return std::unexpected(std::move(outcome.error()));
  return standing;
}

void Standing::fold(const Decision& decision, const Opener& opener) {
  for (const Event& event : decision.events) {
    auto type = type_of(event);
    json::Object members = std::visit([&](const auto& e) { return Opening(opener, decision.command)(e).get_object(); }, event);
    if (type == "PolicySet") {
      const json::Object defaults = default_policy();
      for (const auto& member : members) {
        bool map = member.value().is_object();
        if (map) merge_setting(policy_[member.key()].get_object(), member.value().get_object(), defaults.at(member.key()).get_object());
        else policy_[member.key()] = member.value();
      }
    }
    if (type == "ThemeAdded" && members.contains("capacity"))
      policy_["capacity"].get_object()[members["theme"].get_string()] = members["capacity"];
    for (const Kind& kind : kinds) {
      if (type != kind.registered && type != kind.changed) continue;
      std::string id = kind.id.empty() ? decision.command.programme.text : std::string(members[kind.id].get_string());
      merge(things_[{std::string(kind.kind), id}], members);
    }
  }
}

Result<std::vector<json::Object>> Standing::commands_for(const FileEntry& entry) const {
  json::Object wanted = entry.command;
  wanted.erase("type");
  wanted.erase("programme");
  auto command = [&](std::string_view type, json::Object members) {
    json::Object out{{"type", type}, {"programme", entry.command.at("programme")}};
    merge(out, members);
    return out;
  };
  if (entry.kind == "policy") {
    auto changes = difference(wanted, policy_);
    return changes.empty() ? std::vector<json::Object>{} : std::vector{command("set_policy", std::move(changes))};
  }
  auto standing = things_.find({entry.kind, entry.id});
  if (standing == things_.end()) return std::vector{entry.command};
  const Kind& kind = *std::ranges::find(kinds, entry.kind, &Kind::kind);
  json::Object members = standing->second;
  if (entry.kind == "theme") {  // a theme's capacity is a policy
    members.erase("capacity");
    if (const json::Value* known = policy_.at("capacity").get_object().if_contains(entry.id)) members.emplace("capacity", *known);
  }
  auto changes = difference(wanted, members);
  std::vector<json::Object> commands;
  if (entry.kind == "theme" && changes.contains("capacity")) {
    commands.push_back(command("set_policy", {{"capacity", json::Object{{entry.id, changes.at("capacity")}}}}));
    changes.erase("capacity");
  }
  for (auto fixed : kind.fixed)
    if (changes.contains(fixed))
      return fail(ErrorKind::invalid, "cannot_change",
                  concat(entry.file, ":", entry.line_of(std::string(fixed)), ": '", fixed, "' of the ", entry.kind, " '", entry.id, "' stands otherwise and cannot be changed"),
                  std::string(fixed));
  if (!changes.empty()) {
    if (!kind.id.empty()) changes.emplace(kind.id, entry.id);
    commands.push_back(command(kind.change_command, std::move(changes)));
  }
  return commands;
}

Result<std::vector<NeededCommand>> Standing::commands_for(const std::vector<FileEntry>& entries) const {
  std::vector<NeededCommand> all;
  Programmes programmes = programmes_;
  const Day today = some_day();
  for (const FileEntry& entry : entries) {
    auto needed = commands_for(entry);
    if (!needed) return std::unexpected(std::move(needed.error()));
    for (json::Object& command : *needed) {
      const auto request = json::read_command(command);
      if (!request) return std::unexpected(refused(entry, request.error().member, request.error().message));
      domain::State& state = programmes.at(request->command.programme).state;
      const auto verdict = domain::decide(state, request->command, {today, request->command.effective.value_or(today)});
      if (!verdict) return std::unexpected(refused(entry, member_of(verdict.error(), command, state), verdict.error().message));
      all.push_back({std::move(command), &entry});
    }
  }
  return all;
}

}  // namespace kring::cli
