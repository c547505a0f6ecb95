// A small data directory in which one byte is another, or one file is missing, cut, duplicated or in the place of another:
// this is found, and the message says where, or no answer is another one. The read models and the index of command ids are
// made again from the log (tests/simulator has theirs).
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "engine/runtime/engine.h"
#include "events/base/check.h"
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "events/filesystem/faulty_filesystem.h"
#include "events/json/json.h"
#include "events/log/embedded/embedded_log.h"
#include "events/log/embedded/segment.h"
#include "events/privacy/keyring.h"
#include "tests/support/seeds.h"

namespace kring::test {
namespace {

const KeyringPaths paths{"data/keys", "outside/kek", "outside/erased"};

// A process that has the directory open for writing.
struct Writer {
  std::unique_ptr<EventLog> log;
  std::unique_ptr<Sealer> sealer;
  std::unique_ptr<CommandIndex> index = CommandIndex::in_memory();
  std::unique_ptr<SnapshotStore> snapshots;
  std::unique_ptr<Engine> engine;

  static Result<std::unique_ptr<Writer>> open(FaultyFileSystem& disk) {
    auto writer = std::make_unique<Writer>();
    EmbeddedOptions options;
    options.directory = "data/log";
    options.segment_size = 2600;
    options.now = [] { return std::chrono::steady_clock::time_point{}; };
    writer->log = make_embedded_log(options, disk);
    auto tail = writer->log->claim();
    if (!tail) return std::unexpected(tail.error());
    auto history = writer->log->history();
    if (!history) return std::unexpected(history.error());
    auto sealer = open_keyring(disk, paths, *history, tail->position == 0);
    if (!sealer) return std::unexpected(sealer.error());
    writer->sealer = std::move(*sealer);
    SnapshotOptions snapshots;
    snapshots.directory = "data/snapshots";
    snapshots.every = 6;
    writer->snapshots = std::make_unique<SnapshotStore>(snapshots, disk);
    Environment environment{[] { return Instant{1'704'445'200'000'000}; }, [] { return Token{}; }};
    auto engine = Engine::start({}, *writer->log, *tail, *writer->index, *writer->sealer, environment, writer->snapshots.get());
    if (!engine) return std::unexpected(engine.error());
    writer->engine = std::move(*engine);
    return writer;
  }

  Answer ask(const std::string& command) const {
    auto request = json::parse_command(command);
    KRING_CHECK(request.has_value());
    request->command.actor = "test";
    std::promise<Answer> promise;
    engine->submit(std::move(*request), [&](Answer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
};

std::string command(int id, const std::string& type, const std::string& members) {
  return concat(R"({"programme":"proef","id":"c-)", id, R"(","type":")", type, "\"", members, "}");
}

const std::vector<std::string> history{
    command(1, "define_programme", R"(,"title":"Proef","from":"2024-01-01","to":"2024-12-31")"),
    command(2, "add_theme", R"(,"theme":"t-1","title":"Thema","capacity":1)"),
    command(3, "register_area", R"(,"area":"a-1","name":"Gebied","municipality":"M")"),
    command(4, "register_area", R"(,"area":"a-2","name":"Gebied","municipality":"M")"),
    command(5, "register_person", R"(,"person":"p-1","area":"a-1","role":"coordinator","name":"Eerste Naam")"),
    command(6, "register_person", R"(,"person":"p-2","area":"a-2","role":"coordinator","name":"Tweede Naam")"),
    command(7, "register_person", R"(,"person":"p-3","area":"a-2","role":"coordinator","name":"Derde Naam")"),
    command(8, "enrol", R"(,"theme":"t-1","area":"a-1","person":"p-1","reason":"Daarom")"),
    command(9, "enrol", R"(,"theme":"t-1","area":"a-2","person":"p-2")"),
    command(10, "forget_person", R"(,"person":"p-3")"),
    command(11, "schedule_session", R"(,"theme":"t-1","session":1,"date":"2024-03-04","part":"morning")"),
};

std::string shown(const Answer& answer) {
  std::string text = concat(answer.id, ' ', name_of(answer.status), ' ', answer.position.value_or(0), ' ', answer.rejection ? answer.rejection->code : "");
  for (const std::string& event : answer.events) text += " " + event;
  return text + "\n";
}

// What a reader tells: every record, and every text that can be opened. As `kring verify` does, it calls it damage where a
// text of persons of whom none is forgotten cannot.
Result<std::string> read_all(LogReader& log, const Opener& opener) {
  std::string all;
  std::set<std::string> forgotten;
  std::optional<std::string> shut;
  std::vector<Decision> decisions;
  auto read = log.read({}, [&](const LogEntry& entry) {
    auto decision = codec::decode(entry.body);
    KRING_CHECK(decision.has_value());
    all += concat(entry.position, ' ', to_hex(view(entry.hash)), '\n');
    for (const Event& event : decision->events)
      if (const auto* gone = std::get_if<event::PersonForgotten>(&event)) forgotten.insert(gone->person.text);
    decisions.push_back(std::move(*decision));
    return true;
  });
  if (!read) return std::unexpected(read.error());
  for (const Decision& decision : decisions)
    each_personal(decision, [&](const SealContext& context, const Personal& text) {
      const auto opened = opener.open(context, text.sealed);
      all += opened.value_or("(shut)") + "\n";
      bool gone = false;
      for (const PersonId& person : context.persons) gone = gone || forgotten.contains(person.text);
      if (!opened && !gone && !text.sealed.empty()) shut = context.persons.front().text;
    });
  if (shut) return fail(ErrorKind::damaged, "keys_damaged", concat("the key of ", *shut, " in ", paths.keys, " is damaged or missing"));
  return all;
}

// Everything that this disk answers: to a reader, and then to a writer, who is also asked what depends on the state.
Result<std::string> answers(FaultyFileSystem& disk) {
  auto reader = make_embedded_reader("data/log", disk);
  auto id = reader->history();
  if (!id) return std::unexpected(id.error());
  auto opener = open_key_reader(disk, paths, *id);
  if (!opener) return std::unexpected(opener.error());
  auto all = read_all(*reader, **opener);
  if (!all) return all;
  auto writer = Writer::open(disk);
  if (!writer) return std::unexpected(writer.error());
  auto seen = read_all(*(*writer)->log, *(*writer)->sealer);
  if (!seen) return seen;
  *all += *seen;
  *all += shown((*writer)->ask(history[8]));
  *all += shown((*writer)->ask(command(20, "withdraw", R"(,"theme":"t-1","person":"p-1")")));
  *all += shown((*writer)->ask(command(21, "move_session", R"(,"theme":"t-1","session":1,"date":"2024-03-05","part":"evening")")));
  return all;
}

using Files = std::map<std::string, Bytes>;

class EveryByte : public testing::Test {
 protected:
  EveryByte() {
    FaultyFileSystem disk(1);
    {
      auto writer = Writer::open(disk);
      KRING_CHECK(writer.has_value());
      for (const std::string& line : history) KRING_CHECK((*writer)->ask(line).status == AnswerStatus::accepted);
    }
    for (const std::string& path : disk.paths()) files[path] = disk.content(path);
    auto whole = answers_of(files);
    KRING_CHECK(whole.has_value());
    expected = *whole;
  }

  static Result<std::string> answers_of(const Files& changed) {
    FaultyFileSystem disk(1);
    for (const auto& [path, content] : changed) disk.replace(path, content);
    return answers(disk);
  }

  // True: found. A failure: neither found nor without consequence.
  bool check(const Files& changed, const std::string& what) {
    const auto got = answers_of(changed);
    if (got) {
      EXPECT_EQ(*got, expected) << what;
      return false;
    }
    const std::string& message = got.error().message;
    EXPECT_TRUE(got.error().kind == ErrorKind::damaged || got.error().kind == ErrorKind::unsupported) << what << ": " << message;
    EXPECT_TRUE(message.find("data/") != std::string::npos || message.find("outside/") != std::string::npos || message.find("position ") != std::string::npos)
        << what << ": " << message;
    return true;
  }

  // In the data directory: what lies outside of it is not looked at here.
  std::vector<std::string> inside() const {
    std::vector<std::string> all;
    for (const auto& [path, content] : files)
      if (path.starts_with("data/")) all.push_back(path);
    return all;
  }

  Files files;
  std::string expected;
};

TEST_F(EveryByte, that_is_another_one_is_found_or_changes_no_answer) {
  std::size_t tried = 0, found = 0;
  Dice dice(seeds(1).front());
  for (const std::string& path : inside()) {
    const Bytes content = files[path];
    // Of the room made ahead only the beginning: it is all the same.
    const std::size_t end = std::min(content.size(), content.find_last_not_of('\0') + 1 + 300);
    for (std::size_t at = 0; at < end; ++at) {
      if (scaled(10) < 10 && !dice.chance(static_cast<unsigned>(scaled(100)))) continue;
      files[path][at] = static_cast<char>(content[at] ^ static_cast<char>(1 + dice.below(255)));
      found += check(files, concat("byte ", at, " of ", path));
      ++tried;
      files[path] = content;
      ASSERT_FALSE(HasFailure());
    }
  }
  EXPECT_GT(found, tried / 3);
  std::cout << tried << " bytes changed, " << found << " found, the others without consequence\n";
}

TEST_F(EveryByte, in_a_file_that_is_missing_or_cut_is_missed_or_changes_no_answer) {
  std::size_t found = 0;
  for (const std::string& path : inside()) {
    const Bytes content = files[path];
    files.erase(path);
    found += check(files, path + " is missing");
    const std::size_t step = std::max<std::size_t>(1, content.size() / static_cast<std::size_t>(scaled(1000)));
    for (std::size_t size = 0; size < content.size(); size += step) {
      files[path] = content.substr(0, size);
      found += check(files, concat(path, " is cut to ", size));
      ASSERT_FALSE(HasFailure());
    }
    files[path] = content;
  }
  EXPECT_GT(found, 5u);
}

TEST_F(EveryByte, in_a_file_that_is_another_one_or_there_twice_is_found_or_changes_no_answer) {
  std::size_t found = 0;
  const auto all = inside();
  for (const std::string& one : all)
    for (const std::string& other : all) {
      if (one == other) continue;
      Files changed = files;
      std::swap(changed[one], changed[other]);
      found += check(changed, concat(one, " and ", other, " are swapped"));
      changed = files;
      changed[other] = changed[one];
      found += check(changed, concat(one, " in the place of ", other));
      ASSERT_FALSE(HasFailure());
    }
  for (const std::string& path : all)
    for (const std::string& name : {path + ".copy", "data/log/" + segment_name(4711), std::string("data/log/copy.kring"), std::string("data/log/witness.new")}) {
      Files changed = files;
      changed[name] = changed[path];
      found += check(changed, concat(path, " once more as ", name));
      ASSERT_FALSE(HasFailure());
    }
  EXPECT_GT(found, 20u);
}

}  // namespace
}  // namespace kring::test
