#include "tests/support/history.h"

#include <random>
#include <sstream>

#include "engine/runtime/engine.h"
#include "events/base/check.h"
#include "events/json/json.h"
#include "tests/support/plain_sealer.h"

namespace kring::test {
namespace {

class Maker {
 public:
  Maker(unsigned seed, int hour) : random_(seed), hour_(hour) {}

  std::string out;

  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  std::string theme() { return "thema-" + std::to_string(below(3)); }
  std::string area() { return "gebied-" + std::to_string(below(4)); }
  std::string venue() { return "zaal-" + std::to_string(below(3)); }
  std::string person() { return "p-" + std::to_string(below(16)); }
  std::string day() { return to_string(Day{19724 + below(120)}); }  // early 2024

  // add(type, member, value, ...): values that are numbers, lists or objects stand as they are.
  template <class... Members>
  void add(const std::string& type, const Members&... members) {
    std::ostringstream line;
    line << R"({"programme":"proef","type":")" << type << R"(","id":"c-)" << ++hour_ << R"(","at":")"
         << to_string(Instant{(std::int64_t{19723} * 24 + hour_) * 3600 * 1'000'000}) << '"';
    write(line, members...);
    out += line.str() + "}\n";
  }

 private:
  static void write(std::ostringstream&) {}
  template <class... Rest>
  static void write(std::ostringstream& line, const std::string& name, const std::string& value, const Rest&... rest) {
    bool bare = !value.empty() && (std::isdigit(static_cast<unsigned char>(value[0])) || value[0] == '[' || value[0] == '{') && (value[0] == '{' || value.find('-') == std::string::npos);
    line << ",\"" << name << "\":" << (bare ? value : '"' + value + '"');
    write(line, rest...);
  }

  std::mt19937 random_;
  int hour_;
};

void foundation(Maker& m) {
  m.add("define_programme", "title", "Proef", "from", "2024-01-01", "to", "2024-12-31");
  for (int i = 0; i < 3; ++i) m.add("add_theme", "theme", "thema-" + std::to_string(i), "title", "Thema");
  for (int i = 0; i < 4; ++i) m.add("register_area", "area", "gebied-" + std::to_string(i), "name", "Gebied", "municipality", "Gemeente");
  for (int i = 0; i < 3; ++i) m.add("register_venue", "venue", "zaal-" + std::to_string(i), "name", "Zaal", "capacity", std::to_string(2 + i * 4));
  for (int i = 0; i < 16; ++i)
    m.add("register_person", "person", "p-" + std::to_string(i), "area", "gebied-" + std::to_string(i % 4), "role", i % 5 == 4 ? "gast" : "coordinator", "name", "Naam");
  m.add("set_policy", "rules", R"({"session_order":"warn","too_close":"warn","venue_too_small":"warn"})", "capacity", R"({"thema-0":2})");
}

void step(Maker& m) {
  std::string session = std::to_string(1 + m.below(5)), person = m.person(), theme = m.theme();
  switch (m.below(14)) {
    case 0:
    case 1:
    case 2: return m.add("enrol", "theme", theme, "area", "gebied-" + std::to_string(std::stoi(person.substr(2)) % 4), "person", person, "effective", m.day());
    case 3: return m.add("withdraw", "theme", theme, "person", person);
    case 4: return m.add("transfer_seat", "theme", theme, "from", person, "to", "p-" + std::to_string((std::stoi(person.substr(2)) + 4) % 16));
    case 5: return m.add("schedule_session", "theme", theme, "session", session, "date", m.day(), "part", m.below(2) ? "morning" : "full_day");
    case 6: return m.add("move_session", "theme", theme, "session", session, "date", m.day(), "part", "afternoon");
    case 7: return m.add("assign_venue", "theme", theme, "session", session, "venue", m.venue());
    case 8: return m.add("substitute", "theme", theme, "session", session, "person", person, "by", "p-" + std::to_string((std::stoi(person.substr(2)) + 8) % 16));
    case 9: return m.add("release_schedule");
    case 10: return m.add("record_attendance", "theme", theme, "session", session, "person", person, "status", m.below(4) ? "present" : "none");
    case 11: return m.add("set_policy", "capacity", "{\"" + theme + "\":" + std::to_string(1 + m.below(4)) + "}", "seats_per_area", std::to_string(1 + m.below(2)));
    case 12: return m.below(4) ? m.add("cancel_session", "theme", theme, "session", session) : m.add("forget_person", "person", person);
    default: return m.below(2) ? m.add("declare_unavailable", "person", person, "from", m.day(), "to", "2024-05-31") : m.add("invite_area", "theme", theme, "area", m.area(), "respond_by", m.day());
  }
}

}  // namespace

std::string random_commands(unsigned seed, int count, int hour) {
  Maker m(seed, hour);
  if (hour == 0) foundation(m);
  for (int i = 0; i < count; ++i) step(m);
  return m.out;
}

std::size_t decide(const std::shared_ptr<MemoryStore>& store, const std::string& commands) {
  auto log = open_memory_log(store);
  auto tail = log->claim();
  KRING_CHECK(tail.has_value());
  auto index = CommandIndex::in_memory();
  PlainSealer sealer;
  std::size_t accepted = 0;
  auto engine = Engine::start({}, *log, *tail, *index, sealer, real_environment());
  KRING_CHECK(engine.has_value());
  std::istringstream lines(commands);
  for (std::string line; std::getline(lines, line);) {
    auto request = json::parse_command(line);
    KRING_CHECK(request.has_value());
    request->command.actor = "test:1";
    (*engine)->submit(std::move(*request), [&](const Answer& answer) { accepted += answer.status == AnswerStatus::accepted; });
  }
  engine->reset();  // answers everything
  return accepted;
}

}  // namespace kring::test
