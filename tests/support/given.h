// given / when / then for decisions, one line a step:
//
//   given({"enrol theme=alpha area=noord person=n1"})
//       .when("enrol theme=alpha area=noord person=n2", "2024-03-01")
//       .then_refused("seat_taken");
//
// A step is a command: a JSON text, or its type and members, where a value that is no JSON is a text and ' stands for
// ". Every decision is checked for two laws as well: refused, it leaves the state alone; accepted, its events alone
// lead to the state that it left. Warnings that a test does not ask for fail it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/domain/decide.h"
#include "engine/domain/evolve.h"
#include "engine/rules/rules.h"
#include "events/base/text.h"
#include "events/json/json.h"
#include "events/json/to_json.h"
#include "tests/support/state_text.h"

namespace kring::test {

using Where = std::source_location;
using Texts = std::vector<std::string>;

// ---- words to JSON ----

// "enrol theme=alpha items=[{'kind': 'workshop'}]" in its pieces: blanks within brackets and quotes do not part them.
inline Texts pieces_of(std::string_view step) {
  Texts pieces(1);
  int depth = 0;
  bool quoted = false;
  for (char c : step) {
    if (c == '\'') quoted = !quoted;
    if (!quoted && (c == '[' || c == '{')) ++depth;
    if (!quoted && (c == ']' || c == '}')) --depth;
    if (c == ' ' && depth == 0 && !quoted) pieces.emplace_back();
    else pieces.back() += c;
  }
  return pieces;
}

// "theme=alpha" as `"theme":"alpha"`.
inline std::string member_text(const std::string& piece) {
  auto split = piece.find('=');
  std::string value = piece.substr(split + 1);
  std::ranges::replace(value, '\'', '"');
  if (!json::parse(value)) value = json::to_text(json::Value(value));
  return concat(json::to_text(json::Value(piece.substr(0, split))), ':', value);
}

inline std::string members_text(const Texts& pieces) {
  std::string members;
  for (std::size_t i = 1; i < pieces.size(); ++i) members += concat(i > 1 ? "," : "", member_text(pieces[i]));
  return members;
}

inline std::string command_text(std::string_view step) {
  if (step.starts_with('{')) return std::string(step);
  auto pieces = pieces_of(step);
  return concat("{\"type\":\"", pieces[0], "\"", pieces.size() > 1 ? "," : "", members_text(pieces), "}");
}

// Shows personal texts as they came in: nothing is sealed here.
class OpenJson : public json::ToJson {
 public:
  OpenJson() : ToJson(json::Absent::omit) {}

 protected:
  json::Value personal(const char*, const Personal& text) override { return json::Value(text.clear); }
};

inline json::Value members_of(const Event& event) {
  return std::visit([](const auto& e) { return OpenJson()(e); }, event);
}

// ---- when, then ----

class Given;

class Decided {
 public:
  Decided(Given& given, std::string command, std::variant<domain::Verdict, Error> came)
      : given_(given), command_(std::move(command)), came_(std::move(came)) {}
  Decided(const Decided&) = delete;
  Decided& operator=(const Decided&) = delete;
  ~Decided() {
    if (!looked_at_) ADD_FAILURE() << "nothing was asked of " << command_ << ", which came to " << shown();
    if (!warnings_looked_at_ && !warned().empty()) ADD_FAILURE() << command_ << " came to " << shown();
  }

  // The events, in order: a name alone stands for any members, otherwise all members have to be named.
  Decided& then_events(const Texts& wanted, Where where = Where::current()) {
    looked_at_ = true;
    const auto* outcome = accepted();
    bool same = outcome && std::ranges::equal(outcome->events, wanted, matches);
    if (!same) failed(where, concat("wanted ", joined(wanted)));
    return *this;
  }
  Decided& then_refused(std::string_view code, Where where = Where::current()) {
    looked_at_ = true;
    const auto* verdict = std::get_if<domain::Verdict>(&came_);
    if (!verdict || verdict->has_value() || verdict->error().code != code || verdict->error().message.empty())
      failed(where, concat("wanted ", code));
    return *this;
  }
  // The rules warned of, in order.
  Decided& then_warns(const Texts& rules, Where where = Where::current()) {
    looked_at_ = warnings_looked_at_ = true;
    if (!accepted() || warned() != rules) failed(where, concat("wanted warnings ", joined(rules)));
    return *this;
  }
  Decided& then_invalid(std::string_view member, Where where = Where::current()) {
    looked_at_ = true;
    const auto* error = std::get_if<Error>(&came_);
    if (!error || error->kind != ErrorKind::invalid || error->code != "invalid_command" || error->member != member)
      failed(where, concat("wanted invalid ", member));
    return *this;
  }

  Decided when(std::string_view command, std::string_view day = "2024-01-01", Where where = Where::current());
  Given& given() { return given_; }

 private:
  const domain::Outcome* accepted() const {
    const auto* verdict = std::get_if<domain::Verdict>(&came_);
    return verdict && *verdict ? &**verdict : nullptr;
  }
  static bool matches(const Event& event, const std::string& wanted) {
    auto pieces = pieces_of(wanted);
    if (pieces[0] != type_of(event)) return false;
    if (pieces.size() == 1) return true;
    auto members = json::parse(concat("{", members_text(pieces), "}"));
    return members && *members == members_of(event);
  }
  Texts warned() const {
    Texts rules;
    if (accepted())
      for (const Warning& warning : accepted()->warnings) rules.emplace_back(name_of(warning.rule));
    return rules;
  }
  static std::string joined(const Texts& texts) {
    std::string all = "[";
    for (const auto& text : texts) all += concat(all.size() > 1 ? ", " : "", text);
    return all + "]";
  }
  std::string shown() const {
    if (const auto* error = std::get_if<Error>(&came_))
      return concat("invalid '", error->member, "': ", error->message);
    const auto& verdict = std::get<domain::Verdict>(came_);
    if (!verdict) return concat("refused ", verdict.error().code, ": ", verdict.error().message);
    Texts events;
    for (const Event& event : verdict->events)
      events.push_back(concat(type_of(event), ' ', json::to_text(members_of(event))));
    return concat(joined(events), " with warnings ", joined(warned()));
  }
  void failed(Where where, const std::string& what) {
    warnings_looked_at_ = true;
    ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line())) << command_ << "\n"
                                                                      << what << "\ncame to " << shown();
  }

  Given& given_;
  std::string command_;
  std::variant<domain::Verdict, Error> came_;
  bool looked_at_ = false, warnings_looked_at_ = false;
};

// ---- given ----

// A step of a history: an accepted command, which may begin with its day, or an event as it is.
struct Step {
  Step(const char* command) : text(command) {}             // NOLINT(google-explicit-constructor)
  Step(std::string command) : text(std::move(command)) {}  // NOLINT(google-explicit-constructor)
  Step(Event happened) : event(std::move(happened)) {}     // NOLINT(google-explicit-constructor)
  std::string text;
  std::optional<Event> event;
};

class Given {
 public:
  explicit Given(Where where) : where_(where) {}

  void take(const Step& step) {
    if (step.event) {
      domain::evolve(state_, *step.event);
      state_.changed_at = ++position_;
      return;
    }
    auto dated = parse_day(std::string_view(step.text).substr(0, 10));
    auto came = decide(dated ? step.text.substr(11) : step.text, dated.value_or(*parse_day("2024-01-01")));
    const auto* verdict = std::get_if<domain::Verdict>(&came);
    if (!verdict || !*verdict)
      ADD_FAILURE_AT(where_.file_name(), static_cast<int>(where_.line()))
          << "given " << step.text << ": " << (verdict ? verdict->error().code : std::get<Error>(came).message);
  }
  Given& and_given(const std::vector<Step>& steps) {
    for (const Step& step : steps) take(step);
    return *this;
  }
  Decided when(std::string_view command, std::string_view day = "2024-01-01") {
    return {*this, std::string(command), decide(command, parse_day(day).value())};
  }

  const domain::State& state() const { return state_; }
  const rules::Facts& facts() const { return state_.facts; }

 private:
  std::variant<domain::Verdict, Error> decide(std::string_view text, Day today) {
    auto request = json::parse_command(command_text(text));
    if (!request) return std::move(request.error());
    auto before = state_;
    auto verdict = domain::decide(state_, request->command, {today, request->command.effective.value_or(today)});
    ++position_;
    if (verdict)
      for (const Event& event : verdict->events) domain::evolve(before, event);
    EXPECT_EQ(state_text(state_), state_text(before)) << "the state is not what the events make of it: " << text;
    if (verdict) state_.changed_at = position_;
    return verdict;
  }

  Where where_;
  domain::State state_;
  Position position_ = 0;
};

inline Decided Decided::when(std::string_view command, std::string_view day, Where) {
  return given_.when(command, day);
}

// A programme of 2024 with two themes, three areas and their people (n1.., z1.., w1..), somebody of no area (s1), one
// whose role is not eligible (g1 of noord), and two venues. Recorded on 2024-01-01; 17 records.
inline const std::vector<Step> foundation{
    "define_programme programme=proef title=Proef from=2024-01-01 to=2024-12-31",
    "add_theme theme=beta title=Beta",
    "add_theme theme=alpha title=Alpha sessions=3",
    "register_area area=noord name=Noord municipality=Stad",
    "register_area area=zuid name=Zuid municipality=Stad",
    "register_area area=west name=West municipality=Stad",
    "register_person person=n1 area=noord role=coordinator name=Iemand",
    "register_person person=n2 area=noord role=coordinator name=Iemand",
    "register_person person=n3 area=noord role=responsible name=Iemand",
    "register_person person=z1 area=zuid role=coordinator name=Iemand",
    "register_person person=z2 area=zuid role=coordinator name=Iemand",
    "register_person person=w1 area=west role=coordinator name=Iemand",
    "register_person person=w2 area=west role=coordinator name=Iemand",
    "register_person person=g1 area=noord role=guest name=Iemand",
    "register_person person=s1 role=coordinator name=Iemand",
    "register_venue venue=zaal name=Zaal capacity=20",
    "register_venue venue=hok name=Hok capacity=1",
};

inline Given from_nothing(const std::vector<Step>& steps = {}, Where where = Where::current()) {
  Given given(where);
  given.and_given(steps);
  return given;
}

inline Given given(const std::vector<Step>& steps = {}, Where where = Where::current()) {
  Given given(where);
  given.and_given(foundation).and_given(steps);
  return given;
}

}  // namespace kring::test
