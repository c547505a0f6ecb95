// Decisions to encode: one for each type of event and of command, filled by a visitor of their members. What stands in
// them never changes: tests/golden/records holds their bytes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "events/base/text.h"
#include "events/decision.h"

namespace kring::test {

enum class Optionals { set, unset };

// Gives every member a value of its own, in order.
class Fill {
 public:
  explicit Fill(Optionals optionals) : all_(optionals == Optionals::set) {}

  template <class T, class... Constraint>
  void operator()(const char*, T& value, Constraint...) {
    fill(value);
  }

 private:
  void fill(std::string& text) { text = concat("t\xc3\xa9kst ", ++count_); }
  void fill(std::int32_t& number) { number = 1000 + ++count_; }
  void fill(double& number) { number = -0.5 * ++count_; }
  void fill(bool& yes) { yes = true; }
  void fill(Day& day) { day = {19'000 + ++count_}; }
  void fill(Personal& text) { text.sealed = concat("sealed\x01", ++count_); }
  void fill(PartTimes& times) { times = {"09:30", "12:30"}; }
  template <class Tag>
  void fill(Id<Tag>& id) {
    id.text = concat("id-", ++count_);
  }
  template <Named E>
  void fill(E& e) {
    e = static_cast<E>(static_cast<std::size_t>(++count_) % Names<E>::names.size());
  }
  template <class T>
  void fill(std::optional<T>& value) {
    if (all_) fill(value.emplace());
  }
  template <class T>
  void fill(Setting<T>& setting) {
    setting.named = all_;
    fill(setting.value);
  }
  template <class K, class V>
  void fill(Entry<K, V>& entry) {
    fill(entry.key);
    fill(entry.value);
  }
  template <class T>
  void fill(std::vector<T>& list) {
    for (int i = 0; all_ && i < 2; ++i) fill(list.emplace_back());
  }
  template <Described T>
  void fill(T& value) {
    T::members(value, *this);
  }

  bool all_;
  std::int32_t count_ = 0;
};

template <class T>
T filled(Optionals optionals) {
  T value;
  Fill fill(optionals);
  T::members(value, fill);
  return value;
}

inline Decision bare(CommandBody body) {
  Decision decision;
  decision.command.programme = {"proef"};
  decision.command.id = "key-1";
  decision.command.actor = "office:noord";
  decision.command.body = std::move(body);
  for (std::size_t i = 0; i < decision.command.digest.size(); ++i)
    decision.command.digest[i] = static_cast<std::uint8_t>(i * 17);
  decision.recording_day = {19'800};
  decision.effective = {19'801};
  return decision;
}

// An accepted decision with that event, and a rejected one of that command.
inline Decision with_event(Event event) {
  Decision decision = bare(command::ApplyRetention{});
  decision.events.push_back(std::move(event));
  return decision;
}
inline Decision with_command(CommandBody body, Optionals optionals) {
  Decision decision = bare(std::move(body));
  decision.rejection = {"seat_taken", "the seat is taken"};
  if (optionals == Optionals::unset) return decision;
  decision.command.reason = Personal{"", "sealed reason"};
  decision.command.effective = Day{19'801};
  decision.command.expect = 12'345'678'901;
  decision.command.accept = {Rule::blackout, Rule::person_unavailable};
  decision.command.generated = true;
  decision.warnings = {{Rule::too_close, "2 days"}, {Rule::blackout, "Zomer"}};
  return decision;
}

struct Sample {
  std::string name;
  Decision decision;
};

template <std::size_t... I>
std::vector<Sample> event_samples(Optionals optionals, std::index_sequence<I...>) {
  return {{std::string(std::variant_alternative_t<I, Event>::type),
           with_event(filled<std::variant_alternative_t<I, Event>>(optionals))}...};
}
template <std::size_t... I>
std::vector<Sample> command_samples(Optionals optionals, std::index_sequence<I...>) {
  return {{std::string(std::variant_alternative_t<I, CommandBody>::type),
           with_command(filled<std::variant_alternative_t<I, CommandBody>>(optionals), optionals)}...};
}

inline std::vector<Sample> samples(Optionals optionals) {
  auto all = event_samples(optionals, std::make_index_sequence<std::variant_size_v<Event>>{});
  for (auto& sample : command_samples(optionals, std::make_index_sequence<std::variant_size_v<CommandBody>>{}))
    all.push_back(std::move(sample));
  return all;
}

}  // namespace kring::test
