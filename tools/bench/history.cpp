#include "tools/bench/history.h"

#include <algorithm>
#include <cstring>

#include "events/base/check.h"
#include "events/base/text.h"

namespace kring::bench {
namespace {

constexpr std::int64_t hour = 3'600'000'000, two_years = std::int64_t{731} * 24 * hour;
constexpr Instant beginning{1'704'099'600'000'000};  // 2024-01-01T09:00:00Z

TimeZone amsterdam() {
  auto zone = TimeZone::find("Europe/Amsterdam");
  KRING_CHECK(zone.has_value());
  return *zone;
}

// As kring makes them where none is given: a UUID of version 7.
std::string command_id(Instant at, Chance& chance) {
  Token token;
  auto millis = static_cast<std::uint64_t>(at.micros / 1000), a = chance.bits(), b = chance.bits();
  for (std::size_t i = 0; i < 6; ++i) token[i] = static_cast<std::uint8_t>(millis >> (8 * (5 - i)));
  for (std::size_t i = 6; i < 16; ++i) token[i] = static_cast<std::uint8_t>((i < 11 ? a : b) >> (8 * (i % 5)));
  std::string hex = to_hex(view(token));
  hex[12] = '7';
  for (std::size_t at_dash : {8u, 13u, 18u, 23u}) hex.insert(at_dash, 1, '-');
  return hex;
}

void note_person(Course& course, const Decision& decision) {
  for (const Event& event : decision.events) {
    const auto* registered = std::get_if<event::PersonRegistered>(&event);
    if (!registered || !registered->area) continue;
    auto area = course.state.facts.area_ids.find(*registered->area);
    if (area.value >= course.people.size()) course.people.resize(area.value + 1);
    course.people[area.value].push_back(course.state.facts.person_ids.find(registered->person));
  }
}

}  // namespace

Mix mix_of(std::uint64_t events, std::uint64_t seed, std::uint32_t programmes) {
  Mix mix;
  mix.seed = seed;
  mix.hot = events / 5;
  mix.programmes = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(events / 5000, 1, programmes));
  mix.commands = static_cast<std::uint32_t>((events - mix.hot) / mix.programmes);
  return mix;
}

History::History(const Mix& mix) : chance_(mix.seed), zone_(amsterdam()) {
  courses_.resize(mix.programmes + (mix.hot > 0 ? 1 : 0));
  for (std::uint32_t i = 0; i < courses_.size(); ++i) {
    Course& course = courses_[i];
    course.hot = i == mix.programmes;
    course.id = {course.hot ? "hot" : concat("programme-", i)};
    course.now = beginning;
    course.all = course.hot ? static_cast<std::uint32_t>(mix.hot) : mix.commands;
    course.pace = two_years / std::max(course.all, 1u);
    size_ += course.all;
    if (!course.hot) open_.push_back(i);
  }
}

// Somebody sends a few commands in a row, and then it is another programme's turn; every fifth time that of the hot theme.
Course* History::pick() {
  while (burst_ == 0 || current_->made == current_->all) {
    Course* hot = courses_.back().hot && courses_.back().made < courses_.back().all ? &courses_.back() : nullptr;
    if (!hot && open_.empty()) return nullptr;
    burst_ = 0;
    if (hot && (open_.empty() || chance_.below(5) == 0)) {
      current_ = hot;
    } else {
      auto& at = open_[chance_.below(open_.size())];
      current_ = &courses_[at];
      if (current_->made == current_->all) {
        at = open_.back();
        open_.pop_back();
        continue;
      }
    }
    burst_ = 1 + chance_.below(8);
  }
  --burst_;
  return current_;
}

bool History::next(Made& made) {
  Course* course = pick();
  if (!course) return false;
  course->now.micros += 1 + static_cast<std::int64_t>(chance_.bits() % static_cast<std::uint64_t>(course->pace * 2));
  made.at = course->now;
  Decision decision;
  Command& command = decision.command;
  command.programme = course->id;
  command.id = command_id(made.at, chance_);
  decision.recording_day = decision.effective = zone_.day_of(made.at);
  command.body = choose(*course, decision.recording_day, chance_);
  ++course->made;
  const auto& areas = course->state.facts.area_ids;
  command.actor = areas.size() > 0 && chance_.below(3) == 0 ? concat("office:", areas[{chance_.below(areas.size())}].text) : "coordinator:wijkwijzer";
  std::uint64_t low = chance_.bits(), high = chance_.bits();
  std::memcpy(command.digest.data(), &low, 8);
  std::memcpy(command.digest.data() + 8, &high, 8);
  bool leaves = std::holds_alternative<command::Withdraw>(command.body) || std::holds_alternative<command::TransferSeat>(command.body);
  if (leaves && chance_.below(10) == 0) command.reason = Personal{"heeft een andere baan gevonden", {}};
  auto verdict = domain::decide(course->state, command, {decision.recording_day, decision.effective});
  if (verdict) {
    decision.events = std::move(verdict->events);
    decision.warnings = std::move(verdict->warnings);
    note_person(*course, decision);
  } else {
    decision.rejection = std::move(verdict.error());
    ++rejected_;
  }
  ++made_;
  ++by_type_[command.body.index()];
  made.decision = std::move(decision);
  return true;
}

json::Object History::shares() const {
  auto share = [&](std::uint64_t count) { return static_cast<double>(count * 10'000 / std::max<std::uint64_t>(made_, 1)) / 10'000; };
  json::Object commands;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((by_type_[I] > 0 ? void(commands.emplace(std::variant_alternative_t<I, CommandBody>::type, share(by_type_[I]))) : void()), ...);
  }(std::make_index_sequence<std::variant_size_v<CommandBody>>());
  return {{"commands", std::move(commands)}, {"rejected", share(rejected_)}};
}

}  // namespace kring::bench
