// Reads: rosters, venues, histories, now and as of any depth, in one process and from a fresh one.
#include <functional>

#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "projections/views/views.h"
#include "tools/bench/bare_rows.h"
#include "tools/bench/measure.h"
#include "tools/bench/process.h"
#include "tools/bench/suites.h"

namespace kring::bench {
namespace {

using projections::Database;
using projections::View;

constexpr Position newest = UINT64_MAX - 1;
constexpr std::array<double, 6> depths{0.01, 0.1, 0.25, 0.5, 0.75, 0.99};

// What is read, chosen by chance from the programmes of a history.
struct Asked {
  ProgrammeId programme;
  ThemeId theme;
  PersonId person;
};

std::vector<Asked> choose(const Written& history, std::size_t count, std::uint64_t seed) {
  Chance chance(seed);
  std::vector<Asked> asked;
  while (asked.size() < count) {
    const Course& course = chance.any(history.courses);
    const auto& facts = course.state.facts;
    if (course.hot || facts.themes.empty() || facts.people.empty()) continue;
    asked.push_back({course.id, facts.theme_ids[{chance.below(facts.themes.size())}], facts.person_ids[{chance.below(facts.people.size())}]});
  }
  return asked;
}

const Asked hot{{"hot"}, {"hot"}, {""}};

using Read = std::function<void(Database&, const Opener&, const Asked&, Position)>;

void read_roster(Database& database, const Opener& opener, const Asked& asked, Position as_of) {
  View view(database, opener, asked.programme, as_of);
  keep(must(projections::roster(view, asked.theme)));
}
void read_venues(Database& database, const Opener& opener, const Asked& asked, Position as_of) {
  View view(database, opener, asked.programme, as_of);
  keep(must(projections::venues(view)));
}
void read_history(Database& database, const Opener& opener, const Asked& asked, Position as_of) {
  View view(database, opener, asked.programme, as_of);
  projections::HistoryFilter filter;
  filter.person = asked.person;
  must(projections::history(view, filter, [](const json::Object& line) {
    keep(line);
    return true;
  }));
}

// Milliseconds, of many reads. Each of them is done three times and its median counts: a percentile then tells reads
// apart, and not the moments in which the machine was busy with something else.
struct Times {
  std::vector<double> all;
  double p50() const { return percentile(all, 0.5); }
  double p99() const { return percentile(all, 0.99); }
};

constexpr int times_each = 3;

// Two reads, turn by turn; the first turn brings their blocks into the cache and does not count.
void take_turns(Times& a, const auto& work_a, Times& b, const auto& work_b) {
  std::vector<double> times_a, times_b;
  for (int turn = 0; turn <= times_each; ++turn) {
    auto of_a = seconds(work_a), of_b = seconds(work_b);
    if (turn == 0) continue;
    times_a.push_back(of_a * 1000);
    times_b.push_back(of_b * 1000);
  }
  a.all.push_back(median(std::move(times_a)));
  b.all.push_back(median(std::move(times_b)));
}

void take(Times& times, const auto& work) {
  Times ignored;
  take_turns(times, work, ignored, [] {});
}

class Reads {
 public:
  Reads(Bench& bench, std::uint64_t records)
      : bench_(bench),
        history_(bench.with_models(records)),
        log_(make_embedded_reader(history_.directory.log())),
        opener_(must(open_key_reader(posix_filesystem(), history_.directory.keyring(), must(log_->history())))),
        database_(must(Database::open_reader(history_.directory.models()))),
        asked_(choose(history_, std::min<std::uint64_t>(300, bench.scaled(3000, 30)), bench.options().seed)),
        suffix_(concat(", ", records, " events")) {}

  void run() {
    beside_unversioned_rows();
    as_of({asked_.begin(), asked_.begin() + static_cast<std::ptrdiff_t>(asked_.size() / 3)}, "roster");
    as_of(std::vector<Asked>(10, hot), "roster of the hot theme");
    warm("venues", read_venues);
    warm("history of a person", read_history);
    from_fresh_processes();
  }

 private:
  void add(std::string what, double measured, std::optional<double> raw, std::string limit, std::optional<Target> target) {
    bench_.add({"reads", what + suffix_, measured, "ms", raw, std::move(limit), target});
  }

  void warm(const std::string& name, const Read& read) {
    Times times;
    for (const Asked& one : asked_) take(times, [&] { read(*database_, *opener_, one, history_.records); });
    add(name + ", warm, p50", times.p50(), {}, "", {});
    add(name + ", warm, p99", times.p99(), {}, "", {});
  }

  // The newest rosters, and the same ones from rows without versions.
  void beside_unversioned_rows() {
    auto directory = bench_.make("reads-bare");
    {
      auto bare = copy_newest(*database_, directory.path);
      for (const auto& [name, asked] : {std::pair(std::string("roster"), asked_), std::pair(std::string("roster of the hot theme"), std::vector<Asked>(20, hot))}) {
        Times versioned, unversioned;
        for (const Asked& one : asked)
          take_turns(versioned, [&] { read_roster(*database_, *opener_, one, newest); }, unversioned, [&] { read_roster(*bare, *opener_, one, newest); });
        const char* limit = "the same read of the same rows without versions";
        add(name + ", newest, warm, p50", versioned.p50(), unversioned.p50(), limit, ratio_at_most(2));
        add(name + ", newest, warm, p99", versioned.p99(), unversioned.p99(), limit, ratio_at_most(2));
      }
    }
    bench_.remove(directory);
  }

  // At every depth beside the newest; the worst depth is told.
  void as_of(const std::vector<Asked>& asked, const std::string& name) {
    std::optional<std::pair<double, double>> worst;  // p99 then, and now
    double worst_depth = 0;
    for (double depth : depths) {
      Times then, now;
      auto position = static_cast<Position>(depth * static_cast<double>(history_.records));
      for (const Asked& one : asked) {
        // A programme that was not there yet has nothing to read.
        auto key = projections::Key(one.programme, projections::table::theme).id(one.theme.text);
        if (must(database_->get(projections::Model::directory, key, position)).empty()) continue;
        take_turns(then, [&] { read_roster(*database_, *opener_, one, position); }, now, [&] { read_roster(*database_, *opener_, one, newest); });
      }
      if (then.all.empty() || (worst && then.p99() / now.p99() <= worst->first / worst->second)) continue;
      worst = std::pair(then.p99(), now.p99());
      worst_depth = depth;
    }
    if (!worst) return;
    add(concat(name, " as of, warm, p99, at the worst depth (", static_cast<int>(worst_depth * 100), " %)"), worst->first, worst->second, "the newest read", ratio_at_most(1.5));
  }

  // What somebody waits for who types it, cached by the system and not.
  void from_fresh_processes() {
    const auto half = std::to_string(std::max<Position>(1, history_.records / 2));
    from_fresh_process("roster", at_most(100), [](const Asked& one) { return Arguments{"roster", one.theme.text}; });
    from_fresh_process("roster as of half the log", {}, [&](const Asked& one) { return Arguments{"roster", one.theme.text, "--as-of", half}; });
    from_fresh_process("venues", {}, [](const Asked&) { return Arguments{"venues"}; });
    from_fresh_process("history of a person", {}, [](const Asked& one) { return Arguments{"history", "--person", one.person.text}; });
  }

  using Arguments = std::vector<std::string>;

  void from_fresh_process(const std::string& name, std::optional<Target> target, const std::function<Arguments(const Asked&)>& ask) {
    Times cached, dropped, nothing;
    std::size_t rounds = std::min<std::size_t>(asked_.size(), bench_.scaled(20, 3));
    for (std::size_t i = 0; i < rounds; ++i) {
      Arguments arguments = ask(asked_[i]);
      arguments.insert(arguments.end(), {"--data", history_.directory.path, "--programme", asked_[i].programme.text});
      auto whole = [&](Times& times) { times.all.push_back(run_program(bench_.options().program, arguments).whole * 1000); };
      drop_from_cache(history_.directory.path);
      whole(dropped);
      whole(cached);
      nothing.all.push_back(run_program(bench_.options().program, {"--version"}).whole * 1000);
    }
    add(name + " from a fresh process, p50", cached.p50(), nothing.p50(), "kring --version", target);
    add(name + " from a fresh process, p99", cached.p99(), nothing.p99(), "kring --version", target);
    add(name + " from a fresh process, nothing in the page cache, p50", dropped.p50(), nothing.p50(), "kring --version", {});
    add(name + " from a fresh process, nothing in the page cache, p99", dropped.p99(), nothing.p99(), "kring --version", {});
  }

  Bench& bench_;
  const Written& history_;
  std::unique_ptr<LogReader> log_;
  std::unique_ptr<Opener> opener_;
  std::unique_ptr<Database> database_;
  std::vector<Asked> asked_;
  std::string suffix_;
};

}  // namespace

void run_reads(Bench& bench) {
  std::uint64_t last = 0;
  for (double size : {10'000.0, 1'000'000.0, 10'000'000.0}) {
    auto records = bench.scaled(size, 2'000);
    if (records != last) Reads(bench, last = records).run();  // at a small scale some are the same
  }
}

}  // namespace kring::bench
