// Laws of deciding: what holds in every state that any history leads to.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "engine/domain/decide.h"
#include "engine/domain/evolve.h"
#include "engine/rules/rules.h"
#include "events/base/ranges.h"
#include "events/json/json.h"
#include "tests/support/history.h"
#include "tests/support/seeds.h"
#include "tests/support/state_text.h"

namespace kring::test {
namespace {

using domain::State;
using rules::Facts;

std::vector<Request> requests_of(const std::string& commands) {
  std::vector<Request> requests;
  std::istringstream lines(commands);
  for (std::string line; std::getline(lines, line);) {
    auto request = json::parse_command(line);
    EXPECT_TRUE(request) << line;
    if (request) requests.push_back(std::move(*request));
  }
  return requests;
}

// Decides a history command by command and asks after each one. `ask(state before, request, verdict, state after)`.
template <class Ask>
void decide_all(unsigned seed, int count, Ask ask) {
  auto zone = TimeZone::find("Europe/Amsterdam");
  State state;
  for (const Request& request : requests_of(random_commands(seed, count))) {
    if (!state.defined && !std::holds_alternative<command::DefineProgramme>(request.command.body)) continue;
    Day today = zone->day_of(*request.at);
    domain::Moment moment{today, request.command.effective.value_or(today)};
    State before = state;
    auto verdict = domain::decide(state, request.command, moment);
    ask(before, request, moment, verdict, state);
    if (testing::Test::HasFailure()) return;
  }
}

// ---- what is true of a theme, whatever happened ----

void check_seats(const Facts& facts, const rules::Theme& theme) {
  std::int32_t enrolled = 0;
  std::set<std::uint32_t> seated;
  for (const auto& seat : theme.seats)
    for (const auto& tenure : seat.current) {
      ++enrolled;
      EXPECT_TRUE(seated.insert(tenure.person.value).second) << "two seats for " << facts.person_ids[tenure.person].text;
      EXPECT_FALSE(facts[tenure.person].forgotten) << "a forgotten person has a seat";
    }
  EXPECT_EQ(theme.enrolled, enrolled);
}

void check_tenures(const rules::Theme& theme) {
  for (const auto& seat : theme.seats) {
    std::vector<rules::Tenure> all = seat.ended;
    all.insert(all.end(), seat.current.begin(), seat.current.end());
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        EXPECT_TRUE(all[i].person != all[j].person || all[i].to <= all[j].from || all[j].to <= all[i].from) << "tenures of one person overlap";
  }
}

void check_waiting(const State& state, domain::ThemeNo no) {
  const Facts& facts = state.facts;
  const rules::Theme& theme = facts[no];
  std::set<std::uint32_t> waiting;
  for (const auto& waiter : state.enrolments[no.value].waiting) {
    EXPECT_TRUE(waiting.insert(waiter.person.value).second) << "waits twice";
    EXPECT_FALSE(facts[waiter.person].forgotten) << "a forgotten person waits";
    EXPECT_EQ(rules::current_tenure(facts, no, waiter.person), nullptr) << "waits for a theme and has a seat in it";
    if (theme.capacity && theme.enrolled >= *theme.capacity) continue;
    const rules::Seat* seat = theme.find_seat(waiter.area);
    bool taken = seat && seat->current.size() >= static_cast<std::size_t>(facts.policy.seats_per_area);
    EXPECT_TRUE(taken || !rules::eligible(facts, waiter.person)) << "a place is free, and somebody who may have it waits";
  }
}

void check_sessions(const Facts& facts, domain::ThemeNo no) {
  for (const auto& session : facts[no].slots) {
    EXPECT_FALSE(session.cancelled && (session.held() || session.venue)) << "cancelled, but not empty";
    EXPECT_FALSE(!session.scheduled && session.held());
    for (const auto& s : session.substitutions) {
      EXPECT_NE(s.person, s.by);
      bool came = contains(session.attendance, s.by, &rules::Attended::person);
      EXPECT_TRUE(came || session.cancelled || !facts[s.by].forgotten) << "a forgotten person stands in";
    }
    if (!session.scheduled) continue;
    for (auto person : rules::expected(facts, no, session))
      EXPECT_TRUE(rules::expects(facts, no, session, person)) << "two answers to who is expected";
  }
}

TEST(DomainLaws, every_state_keeps_its_promises) {
  for (unsigned seed : seeds(200)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    decide_all(seed, 200, [](const State&, const Request&, const domain::Moment&, const domain::Verdict&, const State& after) {
      for (domain::ThemeNo no{0}; no.value < after.facts.themes.size(); ++no.value) {
        check_seats(after.facts, after.facts[no]);
        check_tenures(after.facts[no]);
        check_waiting(after, no);
        check_sessions(after.facts, no);
      }
    });
    ASSERT_FALSE(HasFailure());
  }
}

TEST(DomainLaws, the_events_alone_lead_to_the_state_and_a_refusal_leaves_it_alone) {
  for (unsigned seed : seeds(200)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    State replayed;
    decide_all(seed, 200, [&](const State& before, const Request&, const domain::Moment&, const domain::Verdict& verdict, const State& after) {
      if (verdict) {
        for (const Event& event : verdict->events) domain::evolve(replayed, event);
      } else {
        EXPECT_EQ(state_text(before), state_text(after));
      }
      EXPECT_EQ(state_text(replayed), state_text(after));
    });
    ASSERT_FALSE(HasFailure());
  }
}

TEST(DomainLaws, the_same_state_and_command_are_decided_the_same_way) {
  for (unsigned seed : seeds(100)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    decide_all(seed, 200, [](const State& before, const Request& request, const domain::Moment& moment, const domain::Verdict& verdict, const State&) {
      State copy = before;
      auto again = domain::decide(copy, request.command, moment);
      ASSERT_EQ(again.has_value(), verdict.has_value());
      if (verdict) {
        EXPECT_EQ(again->events, verdict->events);
        EXPECT_EQ(again->warnings, verdict->warnings);
      } else {
        EXPECT_EQ(again.error(), verdict.error());
      }
    });
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace kring::test
