#include <algorithm>

#include "engine/domain/situation.h"

namespace kring::domain {
namespace {

// Where the person stands in and could still be taken out, by theme id and session.
std::vector<event::SubstitutionEnded> stands_in(const rules::Facts& facts, PersonNo by) {
  std::vector<event::SubstitutionEnded> ended;
  for (ThemeNo theme{0}; theme.value < facts.themes.size(); ++theme.value) {
    const auto& slots = facts[theme].slots;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (!slots[i].active() || contains(slots[i].attendance, by, &rules::Attended::person)) continue;
      for (const rules::Substitution& s : slots[i].substitutions)
        if (s.by == by) ended.push_back({facts.theme_ids[theme], static_cast<std::int32_t>(i) + 1, facts.person_ids[s.person], facts.person_ids[by]});
    }
  }
  std::ranges::sort(ended, {}, [](const auto& e) { return std::tie(e.theme, e.session, e.person); });
  return ended;
}

void forget(Transcript& transcript, PersonNo person, Day today) {
  for (ThemeNo theme{0}; theme.value < transcript.state.facts.themes.size(); ++theme.value) {
    auto leaving = leave_theme(transcript.state, theme, person, today);
    if (!leaving) continue;
    transcript.add(std::move(leaving->event));
    grant_places(transcript, leaving->day, theme);
  }
  for (auto& ended : stands_in(transcript.state.facts, person)) transcript.add(std::move(ended));
  transcript.add(event::PersonForgotten{transcript.state.facts.person_ids[person]});
}

}  // namespace

Verdict decide(const Situation& s, const command::ForgetPerson& c) {
  auto person = s.person(c.person);
  if (!person) return unknown(s, c.person);
  if (s.facts()[person].forgotten) return refuse("forgotten_person", "'", c.person.text, "' was forgotten already");
  return Outcome{};
}

Verdict decide(const Situation& s, const command::ApplyRetention&) {
  auto days = s.facts().policy.retention_days;
  if (!days) return refuse("not_due", "the policy has no retention_days");
  if (Day due = s.facts().to + *days; due >= s.moment.today) return refuse("not_due", "data are kept until ", to_string(due));
  return Outcome{};
}

void follow_up(Transcript& transcript, const command::ForgetPerson& c, const Moment& moment) {
  forget(transcript, transcript.state.facts.person_ids.find(c.person), moment.today);
}

void follow_up(Transcript& transcript, const command::ApplyRetention&, const Moment& moment) {
  const rules::Facts& facts = transcript.state.facts;
  std::vector<PersonNo> remembered;
  for (PersonNo person{0}; person.value < facts.people.size(); ++person.value)
    if (!facts[person].forgotten) remembered.push_back(person);
  std::ranges::sort(remembered, {}, [&](PersonNo p) -> const PersonId& { return facts.person_ids[p]; });
  for (PersonNo person : remembered) forget(transcript, person, moment.today);
}

}  // namespace kring::domain
