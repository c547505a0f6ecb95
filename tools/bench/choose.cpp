// What is asked for next: first a programme is set up, then its two years go by.
#include <optional>

#include "engine/rules/rules.h"
#include "events/base/text.h"
#include "tools/bench/history.h"

namespace kring::bench {
namespace {

constexpr std::array<std::string_view, 5> themes{"armoede-en-schulden", "re-integratie", "veerkracht-en-weerbaarheid", "ontwikkeling-jonge-kind",
                                                 "integrale-aanpak"};
constexpr std::array<std::string_view, 20> areas{
    "leeuwarden-oost",   "groningen-noord",  "arnhem-oost",         "heerlen-noord",        "breda-noord",  "eindhoven-woensel-zuid", "tilburg-noordwest",
    "schiedam-nieuwland-oost", "rotterdam-zuid", "den-haag-zuidwest", "amsterdam-zuidoost", "amsterdam-nieuw-west", "zaandam-oost", "lelystad-oost",
    "utrecht-overvecht", "nieuwegein-centrale-as", "vlaardingen-west", "delft-west", "dordrecht-west", "roosendaal-stad"};
constexpr std::uint32_t venues = 8, first_people = 6;  // people of each area at the beginning
constexpr std::int32_t sessions = 5;
constexpr std::array<std::string_view, 4> names{"Noor van den Voorbeeld", "Sem Verzonnen", "Yara de Testpersoon", "Bram Bedacht"};
constexpr Day first_day{19723}, last_day{20453};  // 2024-01-01, 2025-12-31

using Choice = std::optional<CommandBody>;

template <class C>
Choice asked(C command) {
  return CommandBody(std::move(command));
}

class Chooser {
 public:
  Chooser(Course& course, Day today, Chance& chance) : course_(course), facts_(course.state.facts), today_(today), chance_(chance) {}

  CommandBody next() {
    if (auto body = course_.hot ? set_up_hot() : set_up()) return std::move(*body);
    for (;;)
      if (auto body = course_.hot ? come_or_go() : go_on()) return std::move(*body);
  }

 private:
  // ---- setting up: one command after the other ----

  Choice set_up() {
    std::uint32_t step = course_.made;
    auto within = [&](std::size_t count) {
      if (step < count) return true;
      step -= static_cast<std::uint32_t>(count);
      return false;
    };
    if (within(1)) return asked(command::DefineProgramme{"Leerkringen", first_day, last_day, {}});
    if (within(1)) return lenient_policy();
    if (within(themes.size())) return asked(command::AddTheme{{std::string(themes[step])}, "Een leerkring", sessions, step < 2 ? std::optional(16) : std::nullopt});
    if (within(areas.size())) return asked(command::RegisterArea{{std::string(areas[step])}, "Een focusgebied", "Een gemeente", {}, {}});
    if (within(venues)) return asked(command::RegisterVenue{{concat("zaal-", step)}, "Een zaal", 20 + static_cast<std::int32_t>(step) * 5, {}, {}, {}, {}});
    if (within(areas.size() * first_people)) return newcomer(step % areas.size());
    if (within(themes.size() * sessions)) {
      auto number = 1 + static_cast<std::int32_t>(step / themes.size());
      Day date = first_day + (60 + (number - 1) * 130 + static_cast<std::int32_t>(step % themes.size()) * 7 + static_cast<std::int32_t>(chance_.below(5)));
      return asked(command::ScheduleSession{{std::string(themes[step % themes.size()])}, number, date, part(), {}});
    }
    if (within(1)) return asked(command::ReleaseSchedule{});
    return {};
  }

  Choice set_up_hot() {
    std::uint32_t step = course_.made;
    if (step == 0) return asked(command::DefineProgramme{"De volste leerkring", first_day, last_day, {}});
    if (step == 1) return asked(command::AddTheme{{"hot"}, "De volste leerkring", sessions, 30});
    if (step < 42) return asked(command::RegisterArea{{concat("gebied-", step - 2)}, "Een focusgebied", "Een gemeente", {}, {}});
    if (step < 202) return newcomer((step - 42) % 40);
    return {};
  }

  Choice lenient_policy() {
    command::SetPolicy policy;
    policy.change.rules = {{Rule::venue_too_small, Severity::warn}, {Rule::participant_clash, Severity::warn}};
    return asked(std::move(policy));
  }

  Choice newcomer(std::size_t area) {
    std::uint64_t bits = chance_.bits();
    PersonId id{"p-" + to_hex(BytesView(reinterpret_cast<const char*>(&bits), 6))};
    std::string role = chance_.below(5) == 0 ? "professional" : chance_.below(2) ? "coordinator" : "responsible";
    command::RegisterPerson person{id, facts_.area_ids[{static_cast<std::uint32_t>(area)}], {role}, {std::string(chance_.any(names)), {}}, {}, {}, {}};
    if (chance_.below(2)) person.email = Personal{"iemand@voorbeeld.example", {}};
    return asked(std::move(person));
  }

  // ---- then ----

  Choice go_on() {
    struct Kind {
      std::uint32_t weight;
      Choice (Chooser::*choose)();
    };
    static constexpr std::array<Kind, 15> kinds{{{240, &Chooser::enrol},        {200, &Chooser::withdraw},    {70, &Chooser::transfer},
                                                 {90, &Chooser::substitute},    {200, &Chooser::attendance},  {40, &Chooser::move},
                                                 {40, &Chooser::assign},        {4, &Chooser::cancel},        {4, &Chooser::schedule_again},
                                                 {4, &Chooser::release},        {25, &Chooser::register_one}, {25, &Chooser::change_person},
                                                 {20, &Chooser::agenda},        {34, &Chooser::invite},       {4, &Chooser::set_capacity}}};
    std::uint32_t at = chance_.below(1000);
    for (const Kind& kind : kinds) {
      if (at < kind.weight) return (this->*kind.choose)();
      at -= kind.weight;
    }
    return {};
  }

  Choice come_or_go() { return chance_.below(2) ? enrol() : withdraw(); }

  Choice enrol() {
    bool careless = chance_.below(5) == 0;
    for (int tries = 0; tries < 6; ++tries) {
      auto theme = any_theme();
      auto area = any_area();
      auto person = chance_.any(course_.people[area.value]);
      const rules::Seat* seat = facts_[theme].find_seat(area);
      bool taken = seat && seat->current.size() >= static_cast<std::size_t>(facts_.policy.seats_per_area);
      if (careless || (!taken && rules::eligible(facts_, person) && !rules::current_tenure(facts_, theme, person)))
        return asked(command::Enrol{facts_.theme_ids[theme], facts_.area_ids[area], facts_.person_ids[person]});
    }
    return {};
  }

  Choice withdraw() {
    auto theme = any_theme();
    const auto& waiting = course_.state.enrolments[theme.value].waiting;
    if (!waiting.empty() && chance_.below(4) == 0)
      return asked(command::Withdraw{facts_.theme_ids[theme], facts_.person_ids[chance_.any(waiting).person]});
    auto person = seated(theme);
    if (!person) return {};
    return asked(command::Withdraw{facts_.theme_ids[theme], facts_.person_ids[person]});
  }

  Choice transfer() {
    auto theme = any_theme();
    auto from = seated(theme);
    if (!from) return {};
    auto to = colleague(from);
    if (!to) return {};
    return asked(command::TransferSeat{facts_.theme_ids[theme], facts_.person_ids[from], facts_.person_ids[to]});
  }

  Choice substitute() {
    auto [theme, number, session] = upcoming();
    if (!session) return {};
    auto person = seated(theme);
    if (!person || !rules::covers(facts_, theme, person, session->date)) return {};
    auto by = colleague(person);
    if (!by) return {};
    return asked(command::Substitute{facts_.theme_ids[theme], number, facts_.person_ids[person], facts_.person_ids[by]});
  }

  Choice attendance() {
    static constexpr std::array<Attendance, 8> statuses{Attendance::present, Attendance::present, Attendance::present, Attendance::present,
                                                        Attendance::present, Attendance::partial, Attendance::excused, Attendance::no_show};
    for (int tries = 0; tries < 8; ++tries) {
      auto theme = any_theme();
      auto [number, session] = any_session(theme);
      if (!session || !session->active() || session->date > today_ || !facts_[theme].find_released(number)) continue;
      auto person = seated(theme);
      if (person && (rules::covers(facts_, theme, person, session->date) || chance_.below(40) == 0))
        return asked(command::RecordAttendance{facts_.theme_ids[theme], number, facts_.person_ids[person], chance_.any(statuses)});
    }
    return {};
  }

  Choice move() {
    auto [theme, number, session] = upcoming();
    if (!session) return {};
    Day date = session->date + (static_cast<std::int32_t>(chance_.below(21)) - 8);
    if (date <= today_ || date > last_day) return {};
    return asked(command::MoveSession{facts_.theme_ids[theme], number, date, part(), {}});
  }

  Choice assign() {
    auto [theme, number, session] = upcoming();
    if (!session) return {};
    return asked(command::AssignVenue{facts_.theme_ids[theme], number, facts_.venue_ids[{chance_.below(facts_.venue_ids.size())}]});
  }

  Choice cancel() {
    auto [theme, number, session] = upcoming();
    if (!session) return {};
    return asked(command::CancelSession{facts_.theme_ids[theme], number});
  }

  Choice schedule_again() {
    auto theme = any_theme();
    auto [number, session] = any_session(theme);
    if (!session || !session->cancelled || session->date <= today_) return {};
    return asked(command::ScheduleSession{facts_.theme_ids[theme], number, session->date + 1, part(), {}});
  }

  Choice release() { return asked(command::ReleaseSchedule{}); }
  Choice register_one() { return newcomer(any_area().value); }

  Choice change_person() {
    auto person = chance_.any(course_.people[any_area().value]);
    command::ChangePerson change{facts_.person_ids[person], {}, {}, Personal{"nieuw@voorbeeld.example", {}}, {}, {}};
    if (chance_.below(4) == 0) change.role = Role{"responsible"};
    return asked(std::move(change));
  }

  Choice agenda() {
    auto person = chance_.any(course_.people[any_area().value]);
    return asked(command::SetAgenda{facts_.theme_ids[any_theme()], 1 + static_cast<std::int32_t>(chance_.below(sessions)),
                                    {{AgendaKind::presentation, "Een inleiding", facts_.person_ids[person], SpeakerKind::expert},
                                     {AgendaKind::workshop, "Aan de slag", {}, {}}}});
  }

  Choice invite() {
    auto theme = any_theme();
    auto area = any_area();
    const auto& known = course_.state.enrolments[theme.value].invitations;
    bool stands = area.value < known.size() && known[area.value] == domain::Invitation::standing;
    if (stands) return asked(command::DeclineInvitation{facts_.theme_ids[theme], facts_.area_ids[area]});
    return asked(command::InviteArea{facts_.theme_ids[theme], facts_.area_ids[area], today_ + 30});
  }

  Choice set_capacity() {
    command::SetPolicy policy;
    policy.change.capacity = {{facts_.theme_ids[{chance_.below(2)}], 14 + static_cast<std::int32_t>(chance_.below(5))}};
    return asked(std::move(policy));
  }

  // ---- what they choose from ----

  rules::ThemeNo any_theme() { return {chance_.below(facts_.themes.size())}; }
  rules::AreaNo any_area() { return {chance_.below(facts_.area_ids.size())}; }
  Part part() { return chance_.below(2) ? Part::morning : Part::afternoon; }

  rules::PersonNo seated(rules::ThemeNo theme) {
    const auto& seats = facts_[theme].seats;
    for (int tries = 0; tries < 6 && !seats.empty(); ++tries)
      if (const auto& seat = chance_.any(seats); !seat.current.empty()) return chance_.any(seat.current).person;
    return {};
  }

  // Of the same area; mostly one who may come in.
  rules::PersonNo colleague(rules::PersonNo person) {
    const auto& people = course_.people[facts_[person].area.value];
    for (int tries = 0; tries < 3; ++tries)
      if (auto other = chance_.any(people); other != person && (rules::eligible(facts_, other) || chance_.below(20) == 0)) return other;
    return {};
  }

  struct Chosen {
    rules::ThemeNo theme;
    std::int32_t number = 0;
    const rules::Session* session = nullptr;
  };

  std::pair<std::int32_t, const rules::Session*> any_session(rules::ThemeNo theme) {
    auto number = 1 + static_cast<std::int32_t>(chance_.below(sessions));
    return {number, facts_[theme].find_session(number)};
  }

  // One that may still be changed; no session where none was hit upon.
  Chosen upcoming() {
    for (int tries = 0; tries < 4; ++tries) {
      auto theme = any_theme();
      auto [number, session] = any_session(theme);
      if (session && session->active() && !session->held() && session->date > today_) return {theme, number, session};
    }
    return {};
  }

  Course& course_;
  const rules::Facts& facts_;
  const Day today_;
  Chance& chance_;
};

}  // namespace

CommandBody choose(Course& course, Day today, Chance& chance) { return Chooser(course, today, chance).next(); }

}  // namespace kring::bench
