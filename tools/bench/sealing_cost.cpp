// What sealing costs: the same commands through the same engine on a log on disk, once with the keyring and once with a
// sealer that only marks texts, in turn. Prints the ratio of the two throughputs; docs/privacy.md has numbers.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <random>

#include "engine/runtime/engine.h"
#include "events/base/check.h"
#include "events/json/json.h"
#include "events/log/embedded/embedded_log.h"
#include "events/privacy/keyring.h"

namespace kring {
namespace {

namespace fs = std::filesystem;

// Marks texts and keeps no keys: all that the keyring adds is not there.
class PlainSealer : public Sealer {
 public:
  bool must_resume_all() const override { return false; }
  void resume(const Decision&) override {}
  Result<void> resumed() override { return {}; }
  Result<void> settle() override { return {}; }
  Result<Bytes> seal(const SealContext&, std::string_view clear) override { return Bytes(1, '\0').append(clear); }
  Result<void> make_durable() override { return {}; }
  Result<void> forget(const std::vector<Erasure>&) override { return {}; }
  std::optional<std::string> open(const SealContext&, BytesView) const override { return std::nullopt; }
};

Request request(const std::string& text) {
  auto read = json::parse_command(text);
  KRING_CHECK(read.has_value());
  read->command.actor = "bench:sealing";
  return std::move(*read);
}

std::string registration(int number) {
  return fmt::format(R"({{"type":"register_person","id":"r-{0}","person":"p-{0}","area":"a","role":"coordinator","name":"Voornaam Achternaam {0}",)"
                     R"("email":"naam{0}@voorbeeld.nl","organisation":"Stichting Voorbeeld","phone":"06-{0:08}","reason":"Aangemeld door de gemeente"}})",
                     number);
}

constexpr int enrolled_people = 500;

std::vector<std::string> foundation() {
  std::vector<std::string> lines{R"({"type":"define_programme","programme":"p","title":"P","from":"2024-01-01","to":"2035-12-31"})",
                                 R"({"type":"set_policy","seats_per_area":1000})", R"({"type":"register_area","area":"a","name":"A","municipality":"M"})",
                                 R"({"type":"add_theme","theme":"t","title":"T"})"};
  for (int i = 0; i < enrolled_people; ++i) lines.push_back(registration(i));
  return lines;
}

// Each command a registration with all personal members and a reason: as much to seal as there can be, and a key for each.
std::vector<Request> registrations(int count) {
  std::vector<Request> requests;
  for (int i = 0; i < count; ++i) requests.push_back(request(registration(enrolled_people + i)));
  return requests;
}

// One in ten registers somebody; the others enrol or withdraw people known already, three in ten of them with a reason.
std::vector<Request> typical(int count) {
  std::mt19937 random(1);
  std::vector<bool> enrolled(enrolled_people);
  std::vector<Request> requests;
  for (int i = 0; i < count; ++i) {
    if (random() % 10 == 0) {
      requests.push_back(request(registration(enrolled_people + i)));
      continue;
    }
    auto person = random() % enrolled_people;
    bool in = enrolled[person];
    enrolled[person] = !in;
    requests.push_back(request(fmt::format(R"({{"type":"{}","id":"c-{}","theme":"t","person":"p-{}"{}{}}})", in ? "withdraw" : "enrol", i, person,
                                           in ? "" : R"(,"area":"a")", random() % 10 < 3 ? R"(,"reason":"Op verzoek van de deelnemer zelf")" : "")));
  }
  return requests;
}

struct Mix {
  std::string name;
  std::vector<Request> (*make)(int count);
};

// Counts what is under way, and waits until there is room.
class Window {
 public:
  explicit Window(int most) : most_(most) {}
  void enter() {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [&] { return under_way_ < most_; });
    ++under_way_;
  }
  void leave() {
    std::lock_guard lock(mutex_);
    --under_way_;
    left_.notify_one();  // under the lock: who is woken may destroy this
  }
  void drain() {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [&] { return under_way_ == 0; });
  }

 private:
  const int most_;
  int under_way_ = 0;
  std::mutex mutex_;
  std::condition_variable left_;
};

// Commands per second, of a history of its own in `directory`.
double throughput(const fs::path& directory, bool sealed, std::vector<Request> requests, int in_flight) {
  fs::remove_all(directory);
  EmbeddedOptions embedded;
  embedded.directory = directory / "data/log";
  auto log = make_embedded_log(embedded);
  auto tail = log->claim();
  KRING_CHECK(tail.has_value());
  std::unique_ptr<Sealer> sealer = std::make_unique<PlainSealer>();
  if (sealed) {
    auto opened = open_keyring(posix_filesystem(), {directory / "data/keys", directory / "data.kek", directory / "data.erased"}, log->history().value(), true);
    KRING_CHECK(opened.has_value());
    sealer = std::move(*opened);
  }
  auto index = CommandIndex::open(directory / "data/command-ids");
  KRING_CHECK(index.has_value());
  auto engine = Engine::start({}, *log, *tail, **index, *sealer, real_environment());
  KRING_CHECK(engine.has_value());
  Window window(in_flight);
  auto submit = [&](Request one) {
    window.enter();
    (*engine)->submit(std::move(one), [&](const Answer& answer) {
      KRING_CHECK(answer.status == AnswerStatus::accepted);
      window.leave();
    });
  };
  for (const auto& line : foundation()) submit(request(line));
  window.drain();
  auto count = static_cast<double>(requests.size());
  auto start = std::chrono::steady_clock::now();
  for (Request& one : requests) submit(std::move(one));
  window.drain();
  return count / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  auto half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

struct Measured {
  std::string mix;
  int in_flight = 0, commands = 0;
  std::vector<double> plain, sealed, ratio;
};

void print_table(const std::vector<Measured>& all) {
  fmt::print("{:<14} {:>9} {:>9} {:>12} {:>12} {:>8} {:>15} {:>8}\n", "mix", "in flight", "commands", "plain /s", "sealed /s", "ratio", "least .. most", "cost");
  for (const auto& m : all)
    fmt::print("{:<14} {:>9} {:>9} {:>12.0f} {:>12.0f} {:>8.3f} {:>6.3f} .. {:<5.3f} {:>7.1f}%\n", m.mix, m.in_flight, m.commands, median(m.plain),
               median(m.sealed), median(m.ratio), std::ranges::min(m.ratio), std::ranges::max(m.ratio), 100 * (1 - median(m.ratio)));
}

void print_json(const std::vector<Measured>& all) {
  auto list = [](const std::vector<double>& values) { return json::Array(values.begin(), values.end()); };
  for (const auto& m : all)
    std::cout << json::to_text(json::Object{{"mix", m.mix}, {"in_flight", m.in_flight}, {"commands", m.commands}, {"plain_per_second", list(m.plain)},
                                            {"sealed_per_second", list(m.sealed)}, {"ratio_median", median(m.ratio)}, {"ratio_least", std::ranges::min(m.ratio)},
                                            {"ratio_most", std::ranges::max(m.ratio)}})
              << '\n';
}

int run(int argc, char** argv) {
  CLI::App app("What sealing costs of the throughput of appending: pairs of runs, with keys and without.", "sealing_cost");
  std::string directory = (fs::temp_directory_path() / "kring-sealing-cost").string();
  int pairs = 7;
  double scale = 1;
  bool as_json = false;
  app.add_option("--dir", directory, "where to measure; emptied before and removed after")->capture_default_str();
  app.add_option("--pairs", pairs, "pairs of runs of each kind")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--scale", scale, "share of the commands of a run")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_flag("--json", as_json, "a JSON object a line, with every run");
  CLI11_PARSE(app, argc, argv);
  std::vector<Measured> all;
  for (const auto& [mix, make] : {Mix{"registrations", registrations}, Mix{"typical", typical}})
    for (auto [in_flight, full] : {std::pair(1, 2000), std::pair(16, 10'000), std::pair(256, 40'000)}) {
      Measured m{mix, in_flight, std::max(1, static_cast<int>(full * scale)), {}, {}, {}};
      for (int pair = 0; pair < pairs; ++pair) {
        double speed[2] = {};
        for (bool first : {true, false}) {
          bool sealed = first == (pair % 2 == 0);  // which one goes first changes in turn
          speed[sealed] = throughput(directory, sealed, make(m.commands), in_flight);
        }
        m.plain.push_back(speed[0]);
        m.sealed.push_back(speed[1]);
        m.ratio.push_back(speed[1] / speed[0]);
      }
      all.push_back(std::move(m));
    }
  fs::remove_all(directory);
  as_json ? print_json(all) : print_table(all);
  return 0;
}

}  // namespace
}  // namespace kring

int main(int argc, char** argv) { return kring::run(argc, argv); }
