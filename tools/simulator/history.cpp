#include "tools/simulator/history.h"

#include <array>

#include "events/base/text.h"
#include "events/base/time.h"

namespace kring::simulator {
namespace {

constexpr std::uint64_t themes = 2, areas = 3, persons = 8, venues = 2, sessions = 3;

class Maker {
 public:
  explicit Maker(Dice& dice) : dice_(dice) {}

  // add("enrol", "theme", "t-1", ...): members that are numbers or objects stand as they are.
  template <class... Members>
  void add(std::string_view type, const Members&... members) {
    std::string id = concat("c-", wishes.size());
    std::string text = concat(R"({"type":")", type, R"(","id":")", id, R"(","programme":")", programme_id, '"');
    write(text, members...);
    wishes.push_back({std::move(id), text + "}"});
  }

  void foundation() {
    add("define_programme", "title", "Proef", "from", "2024-01-01", "to", "2024-12-31");
    for (std::uint64_t i = 0; i < themes; ++i) add("add_theme", "theme", concat("t-", i), "title", "Thema", "sessions", 3, "capacity", 2 + i);
    for (std::uint64_t i = 0; i < areas; ++i) add("register_area", "area", concat("a-", i), "name", "Gebied", "municipality", "Gemeente");
    for (std::uint64_t i = 0; i < persons / 2; ++i) register_person(i);
    for (std::uint64_t i = 0; i < venues; ++i) add("register_venue", "venue", concat("v-", i), "name", "Zaal", "capacity", 1 + i * 9);
  }

  void step() {
    const auto number = dice_.below(persons);
    const std::string person = concat("p-", number), other = concat("p-", (number + areas) % persons);
    const std::string theme = concat("t-", dice_.below(themes)), day = to_string(Day{19724 + static_cast<std::int32_t>(dice_.below(200))});
    const auto session = 1 + dice_.below(sessions);
    switch (dice_.below(16)) {
      case 0: return register_person(number);
      case 1: return add("withdraw", "theme", theme, "person", person, "reason", concat("Reden van ", person));
      case 2: return add("transfer_seat", "theme", theme, "from", person, "to", other);
      case 3: return add("schedule_session", "theme", theme, "session", session, "date", day, "part", "morning");
      case 4: return add("assign_venue", "theme", theme, "session", session, "venue", concat("v-", dice_.below(venues)));
      case 5: return add("substitute", "theme", theme, "session", session, "person", person, "by", other);
      case 6: return add("release_schedule");
      case 7: return add("set_policy", "seats_per_area", 1 + dice_.below(2));
      case 8: return dice_.chance(60) ? add("forget_person", "person", person) : add("cancel_session", "theme", theme, "session", session);
      case 9: return add("move_session", "theme", theme, "session", session, "date", day, "part", "afternoon");
      case 10: return add("change_person", "person", person, "role", dice_.chance(70) ? "coordinator" : "gast");
      default: return add("enrol", "theme", theme, "area", concat("a-", number % areas), "person", person);
    }
  }

  std::vector<Wish> wishes;

 private:
  void register_person(std::uint64_t number) {
    const std::string person = concat("p-", number);
    add("register_person", "person", person, "area", concat("a-", number % areas), "role", "coordinator", "name", name_of_person(person));
  }

  static void write(std::string&) {}
  template <class Value, class... Rest>
  static void write(std::string& text, std::string_view name, const Value& value, const Rest&... rest) {
    text += concat(",\"", name, "\":");
    if constexpr (std::is_integral_v<Value>) text += concat(value);
    else text += concat('"', std::string_view(value), '"');
    write(text, rest...);
  }

  Dice& dice_;
};

}  // namespace

std::vector<Wish> make_history(Dice& dice) {
  Maker maker(dice);
  maker.foundation();
  for (auto more = 8 + dice.below(80); more > 0; --more) maker.step();
  return std::move(maker.wishes);
}

std::string name_of_person(const std::string& id) { return concat("Naam van ", id); }

}  // namespace kring::simulator
