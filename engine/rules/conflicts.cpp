#include <algorithm>

#include "engine/rules/rules.h"

namespace kring::rules {
namespace {

bool on_persons(Rule rule) { return rule == Rule::participant_clash || rule == Rule::person_unavailable; }
bool on_venues(Rule rule) {
  return rule == Rule::venue_unavailable || rule == Rule::venue_double_booked || rule == Rule::venue_too_small;
}

void conflicts_of(const Facts& facts, const Case& at, std::vector<Conflict>& out) {
  auto people = expected(facts, at.theme, at.session);
  std::ranges::sort(people, {}, [&](PersonNo p) -> const PersonId& { return facts.person_ids[p]; });
  for (std::size_t i = 0; i < rule_count; ++i) {
    auto rule = static_cast<Rule>(i);
    auto severity = facts.policy.of(rule);
    if (severity == Severity::ignore) continue;
    if (on_persons(rule)) {
      if (!broken(facts, rule, at)) continue;  // mostly nothing is at the same time: looked at once, not for each person
      for (PersonNo person : people)
        if (auto why = broken(facts, rule, at, person))
          out.push_back({rule, severity, at.theme, at.number, person, {}, std::move(*why)});
    } else if (auto why = broken(facts, rule, at)) {
      out.push_back({rule, severity, at.theme, at.number, {}, on_venues(rule) ? at.session.venue : VenueNo{}, std::move(*why)});
    }
  }
}

}  // namespace

std::vector<Conflict> conflicts(const Facts& facts) {
  std::vector<Conflict> found;
  for (auto [theme, number] : in_order(facts)) {
    const Session& session = *facts[theme].find_session(number);
    if (session.active() && !session.held()) conflicts_of(facts, {theme, number, session}, found);
  }
  return found;
}

}  // namespace kring::rules
