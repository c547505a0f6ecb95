// Snapshots: they hold the whole state, nothing damaged is ever believed, and an engine that starts from one answers as
// one that read the whole log.
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <sstream>

#include "engine/runtime/engine.h"
#include "events/base/check.h"
#include "events/codec/codec.h"
#include "events/json/json.h"
#include "tests/support/history.h"
#include "tests/support/memory_filesystem.h"
#include "tests/support/passing_log.h"
#include "tests/support/plain_sealer.h"
#include "tests/support/seeds.h"
#include "tests/support/state_text.h"

namespace kring::test {
namespace {

using kring::testing::MemoryFileSystem;

// The state after the first `limit` records of a log.
Snapshot state_of(const std::shared_ptr<MemoryStore>& store, Position limit = UINT64_MAX) {
  Snapshot snapshot;
  auto log = open_memory_reader(store);
  snapshot.history = log->history().value();
  auto read = log->read({}, [&](const LogEntry& entry) {
    if (entry.position > limit) return false;
    auto decision = codec::decode(entry.body);
    KRING_CHECK(decision.has_value());
    add_erasures(*decision, entry.position, snapshot.erasures);
    KRING_CHECK(snapshot.programmes.apply({entry.position, entry.recorded_at, entry.previous, entry.hash, std::move(*decision)}).has_value());
    snapshot.at = entry.after;
    return true;
  });
  KRING_CHECK(read.has_value());
  return snapshot;
}

std::shared_ptr<MemoryStore> random_log(unsigned seed, int commands) {
  auto store = std::make_shared<MemoryStore>();
  decide(store, random_commands(seed, commands));
  return store;
}

std::string text_of(const Snapshot& snapshot) {
  std::string text = std::to_string(snapshot.at.position) + " " + std::to_string(snapshot.erasures.size()) + "\n";
  for (const auto& [id, programme] : snapshot.programmes.all())
    text += id + " " + programme.zone_name + " " +
            (programme.last_time ? to_string(*programme.last_time) : "-") + " " + state_text(programme.state);
  return text;
}

TEST(Snapshots, hold_all_of_a_state_and_equal_states_make_equal_bytes) {
  for (unsigned seed : seeds(100)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    Snapshot snapshot = state_of(random_log(seed, 150));
    Bytes bytes = encode_snapshot(snapshot);
    auto back = decode_snapshot(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(text_of(*back), text_of(snapshot));
    EXPECT_EQ(encode_snapshot(*back), bytes);
  }
}

TEST(Snapshots, with_a_byte_changed_or_cut_off_are_none) {
  const Bytes whole = encode_snapshot(state_of(random_log(1, 60)));
  ASSERT_TRUE(decode_snapshot(whole));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (at >= 10 && at < 16) continue;  // reserved
    Bytes bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x04);
    EXPECT_FALSE(decode_snapshot(bytes)) << at;
    EXPECT_FALSE(decode_snapshot(BytesView(whole).substr(0, at))) << at;
  }
  EXPECT_FALSE(decode_snapshot(whole + '\0'));
}

// A snapshot of another version is not read. So whoever changes what a state is, or how it is written, must raise it:
// KRING_REGENERATE_GOLDEN then writes the file of the new version.
TEST(Snapshots, of_this_version_are_the_same_bytes_for_ever) {
  const std::string path = std::string(KRING_SOURCE_DIR) + "/tests/golden/snapshots/" + std::to_string(snapshot_version) + ".hex";
  Snapshot snapshot = state_of(random_log(1, 150));
  snapshot.history.fill(1);  // that of a log in memory is random, and so are its hashes
  snapshot.at.hash.fill(2);
  std::string hex = to_hex(encode_snapshot(snapshot)), lines;
  for (std::size_t at = 0; at < hex.size(); at += 96) lines += hex.substr(at, 96) + "\n";
  if (std::getenv("KRING_REGENERATE_GOLDEN")) {
    std::ofstream(path) << lines;
    FAIL() << path << " was written anew: look at what differs, and run again without KRING_REGENERATE_GOLDEN";
  }
  std::ifstream file(path);
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(golden.str(), lines) << "raise snapshot_version";
}

class SnapshotStores : public ::testing::Test {
 protected:
  SnapshotStore snapshots() {
    SnapshotOptions options;
    options.directory = "s";
    options.every = every;
    options.notice = [this](std::string_view text) { notices.emplace_back(text); };
    return SnapshotStore(options, files);
  }
  Position newest(Position limit = UINT64_MAX) {
    auto reader = open_memory_reader(log);
    auto found = snapshots().newest(*reader, reader->history().value(), limit);
    EXPECT_TRUE(found);
    return *found ? (*found)->at.position : 0;
  }
  Bytes& file(Position position) {
    std::string number = std::to_string(position);
    return *files.files.at("s/" + std::string(20 - number.size(), '0') + number + ".snapshot");
  }

  Position every = 10;
  std::shared_ptr<MemoryStore> log = random_log(1, 100);
  MemoryFileSystem files;
  std::vector<std::string> notices;
};

TEST_F(SnapshotStores, give_the_newest_that_is_usable) {
  for (Position at : {10, 30, 40, 50}) snapshots().write(state_of(log, at));
  EXPECT_EQ(newest(), 50u);
  EXPECT_EQ(newest(49), 40u);
  EXPECT_EQ(newest(9), 0u);
  file(50)[100] ^= 1;
  EXPECT_EQ(newest(), 40u) << "one that is damaged";
  file(40) = file(30);
  EXPECT_EQ(newest(), 30u) << "one under another's name";
  Snapshot strange = state_of(log, 30);
  strange.at.hash.fill(9);
  file(30) = encode_snapshot(strange);
  EXPECT_EQ(newest(), 10u) << "one of a record that the log does not hold";
  Snapshot foreign = state_of(log, 10);
  foreign.history.fill(9);
  file(10) = encode_snapshot(foreign);
  EXPECT_EQ(newest(), 0u) << "one of another history";
}

TEST_F(SnapshotStores, without_any_give_none) { EXPECT_EQ(newest(), 0u); }

TEST_F(SnapshotStores, leave_one_that_was_cut_short_unread) {
  snapshots().write(state_of(log, 20));
  files.files["s/00000000000000000030.snapshot.new"] = std::make_shared<Bytes>("KRNG");
  files.files["s/00000000000000000030.snapshot"] = std::make_shared<Bytes>();
  EXPECT_EQ(newest(), 20u);
}

TEST_F(SnapshotStores, are_due_after_so_many_records_and_bytes) {
  auto store = snapshots();
  EXPECT_FALSE(store.due(9, 1'000'000));
  EXPECT_TRUE(store.due(10, 1));
  store.write(state_of(log, 10));
  EXPECT_FALSE(store.due(30, 1)) << "the snapshot would be larger than what it saves";
  EXPECT_TRUE(store.due(31, 1'000'000));
}

TEST_F(SnapshotStores, thin_out_the_further_back_the_more) {
  every = 1;
  auto store = snapshots();
  for (Position at = 1; at <= 100; ++at) store.write(state_of(log, at));
  std::vector<Position> kept;
  for (const auto& [path, bytes] : files.files) kept.push_back(decode_snapshot(*bytes).value().at.position);
  EXPECT_LE(kept.size(), 9u);
  for (Position position = 1; position <= 100; ++position) {  // a fork there finds one not much further away than the end
    auto next = std::ranges::upper_bound(kept, position);
    Position before = next == kept.begin() ? 0 : *std::prev(next);
    EXPECT_LE(position - before, std::max<Position>(4 * (100 - position), 2)) << position;
  }
}

TEST_F(SnapshotStores, say_what_could_not_be_written_and_keep_the_older_ones) {
  snapshots().write(state_of(log, 20));
  for (bool sync : {false, true}) {
    (sync ? files.syncs_until_failure : files.writes_until_failure) = 0;
    snapshots().write(state_of(log, 30));
    files.writes_until_failure = files.syncs_until_failure = UINT64_MAX;
    ASSERT_EQ(notices.size(), sync ? 2u : 1u);
    EXPECT_NE(notices.back().find("the next start takes longer"), std::string::npos);
    EXPECT_EQ(newest(), 20u);
    EXPECT_EQ(files.files.size(), 1u) << "what was begun is gone";
  }
}

// ---- the engine ----

// Tells from where it is read.
class WatchedLog : public PassingLog {
 public:
  using PassingLog::PassingLog;
  std::size_t visited = 0;

  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override {
    return log_->read(from, [&](const LogEntry& entry) { return visit(entry) && ++visited; });
  }
};

std::string text_of(const Answer& answer) {
  std::string text = concat(answer.id, ' ', name_of(answer.status), ' ', answer.position.value_or(0));
  for (const std::string& event : answer.events) text += " " + event;
  for (const Warning& warning : answer.warnings) text += " " + warning.detail;
  if (answer.rejection) text += " " + answer.rejection->code + " " + answer.rejection->message;
  if (answer.first_status) text += concat(' ', name_of(*answer.first_status));
  if (answer.error) text += " " + answer.error->message;
  return text;
}

struct Machine {
  std::shared_ptr<MemoryStore> log = std::make_shared<MemoryStore>();
  std::unique_ptr<CommandIndex> index = CommandIndex::in_memory();
  PlainSealer sealer;
  std::size_t read_at_start = 0;

  // Submits the commands to a new engine; the answers as text.
  std::string submit(const std::vector<std::string>& commands, SnapshotStore* snapshots) {
    WatchedLog watched(open_memory_log(log));
    auto tail = watched.claim();
    auto engine = Engine::start({}, watched, *tail, *index, sealer, {[] { return Instant{}; }, [] { return Token{}; }}, snapshots);
    KRING_CHECK(engine.has_value());
    read_at_start = watched.visited;
    std::string answers;
    for (const std::string& command : commands) {
      auto request = json::parse_command(command);
      KRING_CHECK(request.has_value());
      (*engine)->submit(std::move(*request), [&](const Answer& answer) { answers += text_of(answer) + "\n"; });
    }
    engine->reset();
    return answers;
  }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(EngineFromSnapshot, answers_as_one_that_read_the_whole_log) {
  for (unsigned seed : seeds(200)) {
    SCOPED_TRACE("KRING_TEST_SEED=" + std::to_string(seed));
    auto commands = lines_of(random_commands(seed, 150));
    Machine plain, with;
    MemoryFileSystem files;
    std::size_t part = 7 + seed % 30;
    for (std::size_t at = 0; at < commands.size(); at += part) {  // a new process for each part
      SnapshotOptions options;
      options.directory = "s";
      options.every = 1 + seed % 20;
      SnapshotStore snapshots(options, files);
      std::vector<std::string> some(commands.begin() + static_cast<std::ptrdiff_t>(at),
                                    commands.begin() + static_cast<std::ptrdiff_t>(std::min(commands.size(), at + part)));
      some.push_back(commands[at / 2]);  // a duplicate
      if (seed % 3 == 0) with.index = CommandIndex::in_memory();
      ASSERT_EQ(with.submit(some, &snapshots), plain.submit(some, nullptr));
    }
  }
}

TEST(EngineFromSnapshot, reads_the_log_from_there_on_only) {
  auto commands = lines_of(random_commands(1, 150));
  MemoryFileSystem files;
  Machine run;
  SnapshotOptions options;
  options.directory = "s";
  options.every = 50;
  {
    SnapshotStore snapshots(options, files);
    run.submit(commands, &snapshots);  // in one batch: one snapshot, at its end
  }
  SnapshotStore snapshots(options, files);
  run.submit({}, &snapshots);
  EXPECT_LT(run.read_at_start, 50u);
  run.submit({}, nullptr);
  EXPECT_GT(run.read_at_start, 100u);
}

TEST(EngineFromSnapshot, takes_one_after_having_read_much) {
  MemoryFileSystem files;
  Machine run;
  run.submit(lines_of(random_commands(1, 150)), nullptr);
  SnapshotOptions options;
  options.directory = "s";
  options.every = 50;
  SnapshotStore snapshots(options, files);
  run.submit({}, &snapshots);
  EXPECT_EQ(files.files.size(), 1u);
}

}  // namespace
}  // namespace kring::test
