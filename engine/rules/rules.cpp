#include "engine/rules/rules.h"

#include <algorithm>
#include <cstdlib>

#include "events/base/ranges.h"
#include "events/base/text.h"

namespace kring::rules {
namespace {

std::string label(const Facts& facts, ThemeNo theme, std::int32_t number) {
  return concat(facts.theme_ids[theme].text, '/', number);
}

const Period* unavailable_on(const std::vector<Period>& periods, Day day) {
  auto found = std::ranges::find_if(periods, [&](const Period& p) { return p.from <= day && day <= p.to; });
  return found == periods.end() ? nullptr : &*found;
}

// The active sessions of the theme other than the one at hand: visit(number, session) until it returns true.
template <class Visit>
bool any_sibling(const Facts& facts, const Case& at, Visit visit) {
  const auto& slots = facts[at.theme].slots;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    auto number = static_cast<std::int32_t>(i) + 1;
    if (number != at.number && slots[i].active() && visit(number, slots[i])) return true;
  }
  return false;
}

// The active sessions of any theme at the same time: visit(theme, number, session) until it returns true.
template <class Visit>
bool any_simultaneous(const Facts& facts, const Case& at, Visit visit) {
  for (ThemeNo theme{0}; theme.value < facts.themes.size(); ++theme.value) {
    const auto& slots = facts[theme].slots;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      auto number = static_cast<std::int32_t>(i) + 1;
      if (theme == at.theme && number == at.number) continue;
      const Session& other = slots[i];
      if (other.active() && other.date == at.session.date && overlap(other.part, at.session.part) &&
          visit(theme, number, other))
        return true;
    }
  }
  return false;
}

using Broken = std::optional<std::string>;

Broken outside_period(const Facts& facts, const Case& at) {
  if (facts.from <= at.session.date && at.session.date <= facts.to) return {};
  return concat(label(facts, at.theme, at.number), " on ", to_string(at.session.date), " is outside the programme, ",
                to_string(facts.from), " to ", to_string(facts.to));
}

Broken session_order(const Facts& facts, const Case& at) {
  Broken why;
  any_sibling(facts, at, [&](std::int32_t number, const Session& other) {
    bool wrong = number < at.number ? other.date >= at.session.date : other.date <= at.session.date;
    if (wrong)
      why = concat(label(facts, at.theme, at.number), " on ", to_string(at.session.date), " has to come ",
                   number < at.number ? "after " : "before ", label(facts, at.theme, number), " on ", to_string(other.date));
    return wrong;
  });
  return why;
}

Broken too_close(const Facts& facts, const Case& at) {
  Broken why;
  any_sibling(facts, at, [&](std::int32_t number, const Session& other) {
    auto gap = std::abs(other.date - at.session.date);
    bool close = gap < facts.policy.min_gap_days;
    if (close)
      why = concat(label(facts, at.theme, at.number), " is ", gap, " days from ", label(facts, at.theme, number),
                   "; at least ", facts.policy.min_gap_days, " are asked for");
    return close;
  });
  return why;
}

Broken blackout(const Facts& facts, const Case& at) {
  for (const Blackout& b : facts.policy.blackouts)
    if (b.from <= at.session.date && at.session.date <= b.to)
      return concat(label(facts, at.theme, at.number), " on ", to_string(at.session.date), " falls in ", b.label);
  return {};
}

Broken venue_unavailable(const Facts& facts, const Case& at) {
  const Period* period = unavailable_on(facts[at.session.venue].unavailable, at.session.date);
  if (!period) return {};
  return concat(facts.venue_ids[at.session.venue].text, " is unavailable from ", to_string(period->from), " to ",
                to_string(period->to));
}

Broken venue_double_booked(const Facts& facts, const Case& at) {
  Broken why;
  any_simultaneous(facts, at, [&](ThemeNo theme, std::int32_t number, const Session& other) {
    if (other.venue != at.session.venue) return false;
    why = concat(facts.venue_ids[other.venue].text, " has ", label(facts, theme, number), " on ", to_string(other.date), ", ",
                 name_of(other.part));
    return true;
  });
  return why;
}

Broken venue_too_small(const Facts& facts, const Case& at) {
  auto people = expected(facts, at.theme, at.session).size();
  auto capacity = facts[at.session.venue].capacity;
  if (static_cast<std::size_t>(capacity) >= people) return {};
  return concat(facts.venue_ids[at.session.venue].text, " holds ", capacity, ", and ", people, " people are expected at ",
                label(facts, at.theme, at.number));
}

Broken clash_of(const Facts& facts, const Case& at, PersonNo person, const Supposing& change) {
  Broken why;
  any_simultaneous(facts, at, [&](ThemeNo theme, std::int32_t number, const Session& other) {
    if (!expects(facts, theme, other, person, change)) return false;
    why = concat(facts.person_ids[person].text, " is also expected at ", label(facts, theme, number), " on ",
                 to_string(other.date), ", ", name_of(other.part));
    return true;
  });
  return why;
}

Broken unavailable(const Facts& facts, const Case& at, PersonNo person) {
  const Period* period = unavailable_on(facts[person].unavailable, at.session.date);
  if (!period) return {};
  return concat(facts.person_ids[person].text, " is unavailable from ", to_string(period->from), " to ", to_string(period->to));
}

Broken participant_clash(const Facts& facts, const Case& at, PersonNo person, const Supposing& change) {
  if (person) return clash_of(facts, at, person, change);
  if (!any_simultaneous(facts, at, [](auto&&...) { return true; })) return {};
  for (PersonNo who : expected(facts, at.theme, at.session))
    if (auto why = clash_of(facts, at, who, change)) return why;
  return {};
}

Broken person_unavailable(const Facts& facts, const Case& at, PersonNo person) {
  if (person) return unavailable(facts, at, person);
  for (PersonNo who : expected(facts, at.theme, at.session))
    if (auto why = unavailable(facts, at, who)) return why;
  return {};
}

}  // namespace

std::optional<std::string> broken(const Facts& facts, Rule rule, const Case& at, PersonNo person, const Supposing& change) {
  switch (rule) {
    case Rule::outside_period: return outside_period(facts, at);
    case Rule::session_order: return session_order(facts, at);
    case Rule::too_close: return too_close(facts, at);
    case Rule::blackout: return blackout(facts, at);
    case Rule::venue_unavailable: return at.session.venue ? venue_unavailable(facts, at) : Broken{};
    case Rule::venue_double_booked: return at.session.venue ? venue_double_booked(facts, at) : Broken{};
    case Rule::venue_too_small: return at.session.venue ? venue_too_small(facts, at) : Broken{};
    case Rule::participant_clash: return participant_clash(facts, at, person, change);
    case Rule::person_unavailable: return person_unavailable(facts, at, person);
  }
  return {};
}

}  // namespace kring::rules
