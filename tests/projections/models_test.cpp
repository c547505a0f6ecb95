// The read models: readers beside a writer, damage, keys that stay few, moments, the history's filters.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "projections/views/moment.h"
#include "tests/support/models.h"
#include "tests/support/seeds.h"

namespace kring::projections {
namespace {

using test::decide;
using test::Models;
using test::random_commands;

TEST_F(Models, a_reader_in_a_process_of_its_own_sees_what_was_committed) {
  decide(store, random_commands(3, 100));
  auto primary = open(directory + "/a");
  catch_up(*primary);
  auto reader = Database::open_reader(directory + "/a");
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reads(**reader, 100), reads(*primary, 100));
  decide(store, random_commands(4, 100, 1000));
  catch_up(*primary);
  ASSERT_TRUE((*reader)->refresh());
  EXPECT_EQ((*reader)->progress()[0].position, primary->progress()[0].position);
  EXPECT_EQ(reads(**reader, UINT64_MAX), reads(*primary, UINT64_MAX));
}

TEST_F(Models, a_row_that_differs_from_the_log_is_named_with_its_position) {
  decide(store, random_commands(5, 50));
  auto database = open(directory + "/a");
  catch_up(*database);
  ASSERT_TRUE(verify(*database));
  ASSERT_TRUE(database->rows().put(Model::theme_roster, Key({"proef"}, table::seat).id("thema-0").id("gebied-0").number(9), "x", 41));
  ASSERT_TRUE(database->commit(database->progress()));
  auto verified = verify(*database);
  ASSERT_FALSE(verified);
  EXPECT_NE(verified.error().message.find("theme_roster"), std::string::npos);
  EXPECT_NE(verified.error().message.find("position 41"), std::string::npos) << verified.error().message;
}

TEST_F(Models, what_is_behind_the_place_that_is_known_to_be_durable_is_left_alone) {
  decide(store, random_commands(5, 50));
  auto database = open(directory + "/a");
  auto reader = open_memory_reader(store);
  Projector projector(*database, *reader);
  for (Position up_to : {Position{10}, Position{9}, Position{10}}) {
    EXPECT_EQ(projector.catch_up({}, up_to), 10u);
    for (const Bookmark& reached : database->progress()) EXPECT_EQ(reached.position, 10u);
  }
  catch_up(*database);
  EXPECT_TRUE(verify(*database));
}

// Reads so many records, and fails.
class BrokenReader : public LogReader {
 public:
  BrokenReader(LogReader& whole, int records) : whole_(whole), left_(records) {}
  Result<HistoryId> history() override { return whole_.history(); }
  Result<std::string> successor() override { return whole_.successor(); }
  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override { return whole_.read_at(position, visit); }
  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override {
    auto reached = whole_.read(from, [&](const LogEntry& entry) { return left_-- > 0 && visit(entry); });
    if (reached) return fail(ErrorKind::io, "io", "the disk cannot be read");
    return reached;
  }

 private:
  LogReader& whole_;
  int left_;
};

TEST_F(Models, after_an_error_the_models_go_on_from_the_place_that_they_had_reached_whole) {
  decide(store, random_commands(5, 90));
  auto database = open(directory + "/a");
  auto reader = open_memory_reader(store);
  for (int records : {60, 110, 20}) {
    BrokenReader broken(*reader, records);
    EXPECT_FALSE(Projector(*database, broken).catch_up());
    EXPECT_EQ(database->progress()[0].position, 0u);
  }
  catch_up(*database);
  auto verified = verify(*database);
  EXPECT_TRUE(verified) << verified.error().message;
}

TEST_F(Models, models_of_another_history_are_refused) {
  decide(store, random_commands(5, 20));
  auto database = open(directory + "/a");
  catch_up(*database);
  auto other = std::make_shared<MemoryStore>();
  decide(other, random_commands(6, 90));
  auto reader = open_memory_reader(other);
  auto reached = Projector(*database, *reader).catch_up();
  ASSERT_FALSE(reached);
  EXPECT_EQ(reached.error().code, "log_replaced");
}

TEST_F(Models, a_database_that_cannot_be_opened_is_made_anew) {
  decide(store, random_commands(5, 20));
  {
    auto database = open(directory + "/a");
    catch_up(*database);
  }
  std::filesystem::resize_file(directory + "/a/CURRENT", 3);
  auto database = open(directory + "/a");
  EXPECT_EQ(database->progress()[0].position, 0u);
  catch_up(*database);
  EXPECT_TRUE(verify(*database));
}

TEST_F(Models, a_database_that_lost_a_file_is_made_anew_or_reported) {
  decide(store, random_commands(5, 20));
  for (const char* lost : {"MANIFEST", ".sst"}) {
    const std::string path = directory + "/" + lost;
    { catch_up(*open(path)); }
    for (const auto& file : std::filesystem::directory_iterator(path))
      if (file.path().string().find(lost, path.size()) != std::string::npos) std::filesystem::remove(file);
    auto reported = Database::open_primary(path, IfDamaged::report);
    ASSERT_FALSE(reported) << lost;
    EXPECT_EQ(reported.error().code, "read_models_damaged");
    EXPECT_NE(reported.error().message.find("kring rebuild"), std::string::npos) << reported.error().message;
    auto reader = Database::open_reader(path);
    auto read = reader ? (*reader)->all_versions(Model::directory, [](auto...) { return true; }) : std::unexpected(reader.error());
    ASSERT_FALSE(read) << lost;
    EXPECT_EQ(read.error().code, "read_models_damaged") << read.error().message;
    auto database = open(path);
    catch_up(*database);
    EXPECT_TRUE(verify(*database));
  }
}

// Tables are flushed, logs of writes removed, families made and dropped while a reader opens: what it then shows must
// belong together.
TEST_F(Models, a_reader_that_opens_while_the_writer_flushes_and_rebuilds_sees_one_moment) {
  const std::string path = directory + "/a";
  const Bytes key = Key({"proef"}, table::seat).id("thema").number(1);
  std::atomic<bool> done = false;
  auto write = [&](Database& database, Position position) {
    ASSERT_TRUE(database.rows().put(Model::theme_roster, key, std::to_string(position), position));
    Progress progress;
    progress.fill({position, {}, 0});
    ASSERT_TRUE(database.commit(progress));
  };
  write(*open(path), 1);
  const auto last = static_cast<Position>(test::scaled(1000));
  std::thread writer([&] {
    for (Position position = 2; position < last && !HasFailure(); ++position) {
      auto database = open(path);  // closing it flushes
      write(*database, position);
      if (position % 3 != 0) continue;
      auto loader = database->load(Model::theme_roster);
      ASSERT_TRUE(loader);
      for (Position at = 1; at <= position; ++at) ASSERT_TRUE((*loader)->add(key, std::to_string(at), at));
      ASSERT_TRUE((*loader)->swap_in({position, {}, 0}));
    }
    done = true;
  });
  auto follower = Database::open_reader(path);
  Position opened = 0;
  while (!done && !HasFailure()) {
    auto fresh = Database::open_reader(path);
    EXPECT_TRUE(fresh) << fresh.error().message;
    auto refreshed = (*follower)->refresh();
    EXPECT_TRUE(refreshed) << refreshed.error().message;
    for (Database* reader : {fresh ? fresh->get() : nullptr, follower->get()}) {
      if (!reader) continue;
      Position position = reader->progress()[static_cast<std::size_t>(Model::theme_roster)].position;
      EXPECT_EQ(reader->get(Model::theme_roster, key, position).value(), std::to_string(position)) << (reader == follower->get());
    }
    ++opened;
  }
  writer.join();
  EXPECT_GT(opened, last / 50);
}

TEST_F(Models, people_who_come_and_go_use_the_same_few_keys) {
  std::string commands = random_commands(1, 0);
  std::string at = R"(","at":"2024-03-01T00:00:00Z"})";
  for (int i = 0; i < 1000; ++i) {
    commands += R"({"programme":"proef","type":"enrol","theme":"thema-1","area":"gebied-1","person":"p-1","id":"e-)" + std::to_string(i) + at + "\n";
    commands += R"({"programme":"proef","type":"withdraw","theme":"thema-1","person":"p-1","id":"w-)" + std::to_string(i) + at + "\n";
  }
  ASSERT_GT(decide(store, commands), 2000u);
  auto database = open(directory + "/a");
  catch_up(*database);
  std::vector<std::string> keys;
  ASSERT_TRUE(database->all_versions(Model::theme_roster, [&](BytesView key, Position, BytesView) {
    if (key.substr(0, 7) == std::string_view("proef\0s", 7) && (keys.empty() || keys.back() != key)) keys.emplace_back(key);
    return true;
  }));
  EXPECT_EQ(keys.size(), 1u);
}

TEST_F(Models, a_moment_is_a_position_a_time_or_a_date) {
  decide(store, random_commands(5, 60));
  auto database = open(directory + "/a");
  catch_up(*database);
  Position head = database->progress()[0].position;
  auto at = [&](const std::string& text) {
    auto moment = find_moment(*database, head, "", text, Instant{});
    return moment ? std::to_string(moment->as_of) : moment.error().code;
  };
  EXPECT_EQ(at(""), std::to_string(head));
  EXPECT_EQ(at("12"), "12");
  EXPECT_EQ(at("2024-01-01T05:00:00Z"), "5");       // an hour apart, from 01:00 on
  EXPECT_EQ(at("2024-01-01T05:59:59Z"), "5");
  EXPECT_EQ(at("2024-01-01"), "22");                // Amsterdam's day ends at 23:00 UTC
  EXPECT_EQ(at("2023-06-01"), "unknown_programme");
  EXPECT_EQ(at("99999"), "unknown_position");
  EXPECT_EQ(at("gisteren"), "wrong_use");
}

TEST_F(Models, the_day_of_a_moment_is_that_of_its_record_and_today_where_none_is_asked_for) {
  decide(store, random_commands(5, 60));
  auto database = open(directory + "/a");
  catch_up(*database);
  Position head = database->progress()[0].position;
  Instant now{std::int64_t{20000} * 86'400 * 1'000'000};
  auto day = [&](const std::string& as_of) { return find_moment(*database, head, "", as_of, now)->today; };
  EXPECT_EQ(day(""), Day{20000});
  EXPECT_EQ(day("22"), *parse_day("2024-01-01"));
  EXPECT_EQ(day("23"), *parse_day("2024-01-02"));
  EXPECT_EQ(day("2024-01-01T05:00:00Z"), *parse_day("2024-01-01"));
  EXPECT_EQ(day("2024-02-29"), *parse_day("2024-02-29"));
}

// Every combination of filters, against what passes them among all lines.
TEST_F(Models, the_history_is_asked_by_any_combination_of_what_it_names) {
  decide(store, random_commands(9, 400));
  auto database = open(directory + "/a");
  catch_up(*database);
  View view(*database, sealer, {"proef"}, UINT64_MAX);
  auto lines = [&](const HistoryFilter& filter) {
    std::vector<json::Object> found;
    EXPECT_TRUE(history(view, filter, [&](const json::Object& line) { return found.push_back(line), true; }));
    return found;
  };
  auto all = lines({});
  auto text = [](const json::Object& line, const char* member) { return line.at(member).is_string() ? std::string(line.at(member).as_string()) : ""; };
  std::size_t found = 0;
  for (unsigned choice = 1; choice < 64; ++choice) {
    HistoryFilter filter;
    if (choice & 1) filter.theme = ThemeId{"thema-0"};
    if (choice & 2) filter.area = AreaId{"gebied-1"};
    if (choice & 4) filter.type = choice & 8 ? "Rejected" : "Enrolled";
    if (choice & 8) filter.since = 100;
    if (choice & 16) filter.actor = choice & 1 ? "test:1" : "nobody:1";
    if (choice & 32) filter.session = 2;
    std::vector<json::Object> wanted;
    for (const auto& line : all)
      if ((!filter.theme || text(line, "theme") == filter.theme->text) && (!filter.area || text(line, "area") == filter.area->text) &&
          (filter.type.empty() || text(line, "type") == filter.type) && line.at("position").to_number<Position>() >= filter.since &&
          (filter.actor.empty() || text(line, "actor") == filter.actor) &&
          (!filter.session || (line.at("session").is_int64() && line.at("session").as_int64() == 2)))
        wanted.push_back(line);
    EXPECT_EQ(lines(filter), wanted) << choice;
    found += wanted.size();
  }
  EXPECT_GT(found, 100u);
}

// As a reader's keyring is, whose ledger names people.
class ErasingSealer : public PlainSealer {
 public:
  bool is_erased(const ProgrammeId& programme, const PersonId& person) const override { return programme.text == "proef" && person.text == "p-0"; }
};

TEST_F(Models, a_person_whom_the_ledger_alone_names_is_forgotten) {
  decide(store, random_commands(3, 20));  // nobody is forgotten so early
  auto database = open(directory + "/a");
  catch_up(*database);
  const ErasingSealer erasing;
  for (const char* id : {"p-0", "p-1"})
    for (const Opener* opener : {static_cast<const Opener*>(&sealer), static_cast<const Opener*>(&erasing)}) {
      View view(*database, *opener, {"proef"}, database->progress()[0].position);
      auto document = person(view, {id});
      ASSERT_TRUE(document) << document.error().message;
      EXPECT_EQ(document->at("forgotten").as_bool(), opener == &erasing && std::string_view(id) == "p-0") << id;
    }
}

TEST_F(Models, the_history_of_a_person_holds_all_that_names_them_in_any_part) {
  std::string at = R"(,"at":"2024-03-01T00:00:00Z"})" "\n";
  auto command = [&](const std::string& members) { return R"({"programme":"proef",)" + members + at; };
  decide(store, random_commands(1, 0) + command(R"("type":"enrol","theme":"thema-0","area":"gebied-1","person":"p-1")") +
                    command(R"("type":"transfer_seat","theme":"thema-0","from":"p-1","to":"p-5")") +
                    command(R"("type":"set_agenda","theme":"thema-0","session":1,"items":[{"kind":"workshop","title":"W","speaker":"p-1"}])") +
                    command(R"("type":"register_person","person":"x","role":"p-1","name":"Naam")"));
  auto database = open(directory + "/a");
  catch_up(*database);
  View view(*database, sealer, {"proef"}, UINT64_MAX);
  std::vector<std::string> types;
  HistoryFilter filter;
  filter.person = PersonId{"p-1"};
  ASSERT_TRUE(history(view, filter, [&](const json::Object& line) { return types.emplace_back(line.at("type").as_string()), true; }));
  EXPECT_EQ(types, (std::vector<std::string>{"PersonRegistered", "Enrolled", "SeatTransferred", "AgendaSet"}));
}

}  // namespace
}  // namespace kring::projections
