// The programme itself: its policy with every member, and its themes.
#include "events/json/to_json.h"
#include "projections/views/views.h"

namespace kring::projections {
namespace {

json::Object policy_of(View& view, const rules::Facts& facts) {
  const rules::Policy& policy = facts.policy;
  PolicyChange named;
  if (auto row = view.find<PolicyRow>(Model::directory, view.key(table::policy))) named = std::move(row->policy);
  json::Object capacity, rules, times{{"morning", json::Array{"09:30", "12:30"}}, {"afternoon", json::Array{"13:30", "16:30"}},
                                      {"evening", json::Array{"19:00", "21:30"}}, {"full_day", json::Array{"09:30", "16:30"}}};
  for (const auto& [theme, most] : named.capacity)
    if (most) capacity.emplace(theme.text, *most);
  for (std::size_t i = 0; i < rule_count; ++i) rules.emplace(name_of(static_cast<Rule>(i)), name_of(policy.severity[i]));
  for (const auto& [part, clock] : named.part_times)
    if (clock) times[name_of(part)] = json::Array{json::Value(clock->begin), json::Value(clock->end)};
  json::Array roles, blackouts;
  for (const Role& role : policy.eligible_roles) roles.emplace_back(role.text);
  for (const Blackout& blackout : policy.blackouts) blackouts.push_back(json::to_json(blackout));
  return {{"seats_per_area", policy.seats_per_area}, {"capacity", std::move(capacity)}, {"eligible_roles", std::move(roles)},
          {"min_gap_days", policy.min_gap_days}, {"blackouts", std::move(blackouts)}, {"rules", std::move(rules)},
          {"retention_days", policy.retention_days ? json::Value(*policy.retention_days) : json::Value(nullptr)}, {"part_times", std::move(times)}};
}

}  // namespace

Result<json::Object> programme(View& view) {
  LoadedFacts loaded(view);
  auto row = view.find<ProgrammeRow>(Model::directory, view.key(table::programmes)).value_or(ProgrammeRow{});
  json::Array themes;
  for (rules::ThemeNo no{0}; no.value < loaded.facts.themes.size(); ++no.value) {
    const auto& id = loaded.facts.theme_ids[no].text;
    const auto& capacity = loaded.facts[no].capacity;
    auto title = view.find<ThemeRow>(Model::directory, view.key(table::theme).id(id)).value_or(ThemeRow{}).title;
    std::int64_t enrolled = 0, waiting = 0;
    view.each<SeatRow>(Model::theme_roster, view.key(table::seat).id(id), [&](KeyParts, const SeatRow&) { ++enrolled; });
    view.each<WaitingRow>(Model::theme_roster, view.key(table::waiting).id(id), [&](KeyParts, const WaitingRow&) { ++waiting; });
    themes.push_back(json::Object{{"theme", id}, {"title", title}, {"sessions", loaded.facts[no].sessions},
                                  {"capacity", capacity ? json::Value(*capacity) : json::Value(nullptr)}, {"enrolled", enrolled}, {"waiting", waiting}});
  }
  auto document = view.document();
  document.emplace("title", row.title);
  document.emplace("from", to_string(row.from));
  document.emplace("to", to_string(row.to));
  document.emplace("time_zone", row.time_zone);
  document.emplace("release", row.release);
  document.emplace("policy", policy_of(view, loaded.facts));
  document.emplace("themes", std::move(themes));
  return view.outcome ? Result<json::Object>(std::move(document)) : std::unexpected(view.outcome.error());
}

}  // namespace kring::projections
