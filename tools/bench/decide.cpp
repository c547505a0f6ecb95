// decide + evolve, from decoded commands with string ids, and whether the command id was used before.
#include <unordered_map>

#include "engine/runtime/command_index.h"
#include "events/base/text.h"
#include "tools/bench/measure.h"
#include "tools/bench/suites.h"

namespace kring::bench {
namespace {

constexpr std::size_t chunk_size = 50'000, commit_every = 1024;

// The raw limit: every string of a command that has to be looked up is hashed and found in one flat table, once; nothing
// is decided. The command ids lie in a table of their own, as large as the history.
class BareTables {
 public:
  explicit BareTables(std::uint64_t ids) : ids_(room_for(ids)), words_(1 << 16) {}

  std::uint64_t look_up(const Command& command) const {
    std::uint64_t sum = find(ids_, hash(command.programme.text) ^ hash(command.id)) + find(words_, hash(command.programme.text));
    std::visit([&](const auto& body) { sum += words_of(body); }, command.body);
    return sum;
  }
  void add(const Command& command) { put(ids_, hash(command.programme.text) ^ hash(command.id)); }

 private:
  static std::size_t room_for(std::uint64_t ids) {
    std::size_t room = 1024;
    while (room < ids * 2) room *= 2;
    return room;
  }
  static std::uint64_t hash(std::string_view text) { return std::hash<std::string_view>{}(text); }
  static bool find(const std::vector<std::uint64_t>& table, std::uint64_t hash) {
    for (std::size_t at = hash & (table.size() - 1);; at = (at + 1) & (table.size() - 1))
      if (table[at] == hash || table[at] == 0) return table[at] == hash;
  }
  static void put(std::vector<std::uint64_t>& table, std::uint64_t hash) {
    std::size_t at = hash & (table.size() - 1);
    while (table[at] != 0) at = (at + 1) & (table.size() - 1);
    table[at] = hash;
  }
  template <class Body>
  std::uint64_t words_of(const Body& body) const {
    std::uint64_t sum = 0;
    Body::members(body, [&](const char*, const auto& member, auto...) {
      if constexpr (requires { member.text; }) sum += find(words_, hash(member.text));
    });
    return sum;
  }

  std::vector<std::uint64_t> ids_, words_;
};

// The states, as the engine holds them.
using States = std::unordered_map<std::string, domain::State>;

std::vector<Made> next_chunk(History& history) {
  std::vector<Made> chunk;
  chunk.reserve(chunk_size);
  for (Made made; chunk.size() < chunk_size && history.next(made);) chunk.push_back(std::move(made));
  return chunk;
}

// How many of the commands were known or refused; the same as when the history was made.
std::size_t decide_all(const std::vector<Made>& chunk, States& states, CommandIndex& index) {
  std::size_t refused = 0;
  for (const Made& made : chunk) {
    const Command& command = made.decision.command;
    auto known = index.find(command.programme, command.id);
    if (!known || *known) ++refused;
    auto verdict = domain::decide(states[command.programme.text], command, {made.decision.recording_day, made.decision.effective});
    refused += !verdict;
    keep(verdict);
  }
  return refused;
}

void check(const std::vector<Made>& chunk, std::size_t refused) {
  auto wanted = static_cast<std::size_t>(std::ranges::count_if(chunk, [](const Made& made) { return !made.decision.accepted(); }));
  if (refused != wanted) throw Failed{{ErrorKind::damaged, "decided_otherwise", "", concat(refused, " commands were refused, and not ", wanted)}};
}

void remember(const std::vector<Made>& chunk, CommandIndex& index, Position& position) {
  for (const Made& made : chunk) {
    index.add(made.decision.command.programme, made.decision.command.id, {++position, made.decision.command.digest});
    if (position % commit_every == 0) must(index.commit({position, {}, 0}));
  }
  must(index.commit({position, {}, 0}));
}

void with_many_ids(Bench& bench) {
  auto size = bench.scaled(10'000'000, 20'000);
  bench.tell(concat("deciding a history of ", size, " commands"));
  auto directory = bench.make("decide");
  auto index = must(CommandIndex::open(directory.command_ids()));
  History history(mix_of(size, bench.options().seed));
  States states;
  BareTables bare(history.size());
  Position position = 0;
  std::vector<double> rates, raw_rates, keep_rates;
  for (auto chunk = next_chunk(history); !chunk.empty(); chunk = next_chunk(history)) {
    auto count = static_cast<double>(chunk.size());
    // The last tenth counts: there all ids but a few are known, and all programmes are in full use.
    bool counts = position + chunk.size() >= history.size() - history.size() / 10;
    std::size_t refused = 0;
    auto raw = core_seconds([&] {
      std::uint64_t found = 0;
      for (const Made& made : chunk) found += bare.look_up(made.decision.command);
      keep(found);
    });
    auto decided = core_seconds([&] { refused = decide_all(chunk, states, *index); });
    auto kept = core_seconds([&] { remember(chunk, *index, position); });
    check(chunk, refused);
    for (const Made& made : chunk) bare.add(made.decision.command);
    if (!counts) continue;
    raw_rates.push_back(count / raw);
    rates.push_back(count / decided);
    keep_rates.push_back(count / kept);
  }
  bench.report().mix = history.shares();
  bench.add({"decide", concat("decide + evolve + id probe, ", history.size(), " known ids"), median(rates), "commands/s", median(raw_rates),
             "the ids of each command looked up in flat tables", at_least(400'000)});
  bench.add({"decide", concat("keeping the ids, ", history.size(), " known ids"), median(keep_rates), "ids/s", {}, "", {}});
  index.reset();
  bench.remove(directory);
}

void with_everything_in_cache(Bench& bench) {
  auto directory = bench.make("decide-cached");
  auto index = must(CommandIndex::open(directory.command_ids()));
  History history({bench.options().seed, 1, 5000, 0});
  auto known = next_chunk(history);
  Position position = 0;
  remember(known, *index, position);
  History again({bench.options().seed + 1, 1, 5000, 0});  // the same programme with other ids
  auto chunk = next_chunk(again);
  BareTables bare(chunk.size());
  for (const Made& made : known) bare.add(made.decision.command);
  auto count = static_cast<double>(chunk.size());
  std::vector<double> rates, raw_rates;
  for (std::uint64_t round = 0; round < bench.scaled(100, 5); ++round) {
    States states;
    std::size_t refused = 0;
    rates.push_back(count / core_seconds([&] { refused = decide_all(chunk, states, *index); }));
    check(chunk, refused);
    raw_rates.push_back(count / core_seconds([&] {
      std::uint64_t found = 0;
      for (const Made& made : chunk) found += bare.look_up(made.decision.command);
      keep(found);
    }));
  }
  bench.add({"decide", "decide + evolve + id probe, everything in cache", median(rates), "commands/s", median(raw_rates),
             "the ids of each command looked up in flat tables", at_least(1'500'000)});
  index.reset();
  bench.remove(directory);
}

}  // namespace

void run_decide(Bench& bench) {
  with_everything_in_cache(bench);
  with_many_ids(bench);
}

}  // namespace kring::bench
