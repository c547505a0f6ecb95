#include "events/privacy/sealing.h"

#include <algorithm>

#include "events/base/ranges.h"
#include "events/privacy/crypto.h"

namespace kring {
namespace {

// Visits every person id among the members of a described type, in order.
template <class Visit>
struct EachPerson {
  Visit visit;

  template <class T, class... Constraint>
  void operator()(const char*, const T& value, Constraint...) {
    look(value);
  }
  template <class T>
  void look(const T& value) {
    if constexpr (std::is_same_v<T, PersonId>) {
      if (!value.empty()) visit(value);
    } else if constexpr (is_optional<T>::value) {
      if (value) look(*value);
    } else if constexpr (is_vector<T>::value) {
      for (const auto& item : value) look(item);
    } else if constexpr (Described<T>) {
      T::members(value, *this);
    }
  }
};

// Visits every personal text among the members of a described type: visit(member, text).
template <class Visit>
struct EachPersonal {
  Visit visit;

  template <class T, class... Constraint>
  void operator()(const char* name, T& value, Constraint...) {
    using Text = std::remove_const_t<T>;
    if constexpr (std::is_same_v<Text, Personal>) visit(name, value);
    if constexpr (std::is_same_v<Text, std::optional<Personal>>)
      if (value) visit(name, *value);
  }
};

// A rejected command keeps no personal members: an optional one is gone, a required one is empty.
void drop_personal(CommandBody& body) {
  std::visit(
      [](auto& command) {
        std::decay_t<decltype(command)>::members(command, [](const char*, auto& value, auto...) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, Personal>) value = {};
          if constexpr (std::is_same_v<T, std::optional<Personal>>) value.reset();
        });
      },
      body);
}

}  // namespace

void add_erasures(const Decision& decision, Position position, std::vector<Erasure>& erasures) {
  for (const Event& event : decision.events)
    if (const auto* forgotten = std::get_if<event::PersonForgotten>(&event))
      erasures.push_back({decision.command.programme, forgotten->person, position});
}

std::vector<PersonId> persons_named(const Command& command) {
  std::vector<PersonId> persons;
  EachPerson note{[&](const PersonId& person) {
    if (!contains(persons, person)) persons.push_back(person);
  }};
  std::visit([&](const auto& body) { body.members(body, note); }, command.body);
  return persons;
}

void each_personal(const Decision& decision, const std::function<void(const SealContext&, const Personal&)>& visit) {
  const Command& command = decision.command;
  SealContext context{persons_named(command), "", command.programme, command.id};
  EachPersonal show{[&](const char* name, const Personal& text) {
    context.member = name;
    visit(context, text);
  }};
  std::visit([&](const auto& body) { body.members(body, show); }, command.body);
  for (const Event& event : decision.events) std::visit([&](const auto& e) { e.members(e, show); }, event);
  if (command.reason) show.visit("reason", *command.reason);
}

Result<void> seal(Decision& decision, bool keep_reason, Sealer& sealer) {
  Command& command = decision.command;
  auto persons = persons_named(command);
  Result<void> outcome;
  SealContext context{persons, "", command.programme, command.id};
  std::vector<std::pair<std::string_view, Personal*>> done;  // an event repeats what its command says: sealed once
  done.reserve(5);
  EachPersonal seal_one{[&](const char* name, Personal& text) {
    if (!outcome || text.clear.empty()) return;
    const auto same = std::ranges::find_if(done, [&](const auto& d) { return d.first == name && d.second->clear == text.clear; });
    if (same != done.end()) {
      text.sealed = same->second->sealed;
      return wipe(text.clear);
    }
    context.member = name;
    auto sealed = sealer.seal(context, text.clear);
    if (!sealed) return void(outcome = std::unexpected(std::move(sealed.error())));
    text.sealed = std::move(*sealed);
    done.emplace_back(name, &text);  // its words are needed to know them again
  }};
  if (!decision.accepted()) {
    drop_personal(command.body);
  } else {
    std::visit([&](auto& body) { body.members(body, seal_one); }, command.body);
    for (Event& event : decision.events) std::visit([&](auto& e) { e.members(e, seal_one); }, event);
  }
  if (command.reason && keep_reason) seal_one("reason", *command.reason);
  for (const auto& [name, text] : done) wipe(text->clear);
  if (command.reason && (!keep_reason || command.reason->sealed.empty())) command.reason.reset();
  return outcome;
}

}  // namespace kring
