#include "engine/domain/decide.h"

#include "engine/domain/evolve.h"
#include "engine/domain/situation.h"

namespace kring::domain {
namespace {

template <class C>
concept HasFollowUp = requires(Transcript& t, const C& c, const Moment& m) { follow_up(t, c, m); };

Verdict decide_defined(State& state, const Command& command, const Moment& moment) {
  Situation situation{state, command, moment};
  return std::visit(
      [&](const auto& body) -> Verdict {
        auto verdict = decide(situation, body);
        if (!verdict) return verdict;
        for (const Event& event : verdict->events) evolve(state, event);
        if constexpr (HasFollowUp<std::decay_t<decltype(body)>>) {
          Transcript transcript{state, *verdict};
          follow_up(transcript, body, moment);
        }
        return verdict;
      },
      command.body);
}

}  // namespace

void Transcript::add(Event event) {
  evolve(state, event);
  outcome.events.push_back(std::move(event));
}

Verdict decide(State& state, const Command& command, const Moment& moment) {
  if (command.expect && state.changed_at > *command.expect)
    return refuse("stale", "position ", state.changed_at, " changed the programme after position ", *command.expect);
  return decide_defined(state, command, moment);
}

std::expected<void, Rejection> check_rules(const Situation& s, std::initializer_list<Rule> rules,
                                           const std::vector<CheckedCase>& cases, Outcome& outcome,
                                           const rules::Supposing& change) {
  for (std::size_t i = 0; i < rule_count; ++i) {  // in the order of the table, whatever the order of the list
    auto rule = static_cast<Rule>(i);
    auto severity = s.facts().policy.of(rule);
    if (severity == Severity::ignore || !contains(rules, rule)) continue;
    for (const CheckedCase& checked : cases) {
      auto why = rules::broken(s.facts(), rule, checked.at, checked.person, change);
      if (!why) continue;
      if (severity == Severity::block && !contains(s.command.accept, rule)) return refuse(name_of(rule), *why);
      outcome.warnings.push_back({rule, std::move(*why)});
      break;
    }
  }
  return {};
}

}  // namespace kring::domain
