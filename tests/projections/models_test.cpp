// The laws of the read models: however they came about, they are what the log makes of it.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "events/privacy/plain_sealer.h"
#include "projections/projector.h"
#include "projections/views/moment.h"
#include "projections/views/views.h"
#include "tests/support/history.h"

namespace kring::projections {
namespace {

using test::decide;
using test::random_commands;

class Models : public testing::Test {
 protected:
  Models() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kring-models-XXXXXX").string();
    directory = mkdtemp(pattern.data());
  }
  ~Models() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  }

  static std::unique_ptr<Database> open(const std::string& path) {
    auto database = Database::open_primary(path);
    EXPECT_TRUE(database) << database.error().message;
    return std::move(*database);
  }
  void catch_up(Database& database) {
    auto reader = open_memory_reader(store);
    auto reached = Projector(database, *reader).catch_up();
    ASSERT_TRUE(reached) << reached.error().message;
  }
  Result<Position> verify(Database& database) {
    auto reader = open_memory_reader(store);
    return Projector(database, *reader).verify();
  }

  // Every row of every model with all its versions, as text.
  static std::vector<std::string> everything(Database& database) {
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < model_count; ++i)
      EXPECT_TRUE(database.all_versions(static_cast<Model>(i), [&](BytesView key, Position position, BytesView value) {
        rows.push_back(std::string(model_names[i]) + " " + std::string(key) + " " + std::to_string(position) + " " + std::string(value));
        return true;
      }));
    return rows;
  }

  // All reads as of a position, as text.
  std::string reads(Database& database, Position as_of) {
    View view(database, sealer, {"proef"}, as_of);
    std::string out;
    auto add = [&](const Result<json::Object>& document) { out += document ? json::to_text(*document) + "\n" : document.error().message; };
    for (const char* theme : {"thema-0", "thema-1", "thema-2"}) {
      add(roster(view, {theme}));
      for (int n = 1; n <= 5; ++n) add(session_sheet(view, {theme}, n));
    }
    add(venues(view));
    add(sessions(view));
    add(conflicts(view));
    add(areas(view, Day{19800}));
    add(programme(view));
    return out;
  }

  std::string directory;
  PlainSealer sealer;
  std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>();
};

TEST_F(Models, a_rebuild_equals_what_was_built_step_by_step) {
  auto incremental = open(directory + "/a");
  for (int part = 0; part < 5; ++part) {
    ASSERT_GT(decide(store, random_commands(7, 150, part * 1000)), 20u);
    catch_up(*incremental);
  }
  auto before = everything(*incremental);
  auto reader = open_memory_reader(store);
  ASSERT_TRUE(Projector(*incremental, *reader).rebuild({Model::directory, Model::theme_roster, Model::venue_assignments, Model::history}));
  EXPECT_EQ(everything(*incremental), before);
  EXPECT_TRUE(verify(*incremental));
}

TEST_F(Models, as_of_any_position_equals_models_that_know_no_more) {
  // Nobody is forgotten here: a name that was known then is not shown to those who ask since.
  std::istringstream lines(random_commands(11, 120));
  std::string commands;
  for (std::string line; std::getline(lines, line);)
    if (line.find("forget_person") == std::string::npos) commands += line + "\n";
  ASSERT_GT(decide(store, commands), 20u);
  auto whole = open(directory + "/whole");
  catch_up(*whole);
  auto reader = open_memory_reader(store);
  for (Position cut : {30u, 60u, 90u, 120u}) {
    // A log that ends at `cut`: the same records in a store of their own.
    auto shorter = std::make_shared<MemoryStore>();
    auto log = open_memory_log(shorter);
    auto tail = log->claim();
    ASSERT_TRUE(tail);
    std::vector<Draft> drafts;
    ASSERT_TRUE(reader->read({}, [&](const LogEntry& entry) {
      drafts.push_back({entry.recorded_at, Bytes(entry.body)});
      return entry.position < cut;
    }));
    ASSERT_TRUE(log->append(drafts, 0));
    auto part = open(directory + "/part" + std::to_string(cut));
    ASSERT_TRUE(Projector(*part, *log).catch_up());
    EXPECT_EQ(reads(*whole, cut), reads(*part, cut)) << cut;
  }
}

TEST_F(Models, a_reader_in_a_process_of_its_own_sees_what_was_committed) {
  decide(store, random_commands(3, 100));
  auto primary = open(directory + "/a");
  catch_up(*primary);
  auto secondary = Database::open_secondary(directory + "/a");
  ASSERT_TRUE(secondary) << secondary.error().message;
  EXPECT_EQ(reads(**secondary, 100), reads(*primary, 100));
  decide(store, random_commands(4, 100, 1000));
  catch_up(*primary);
  ASSERT_TRUE((*secondary)->refresh());
  EXPECT_EQ((*secondary)->progress()[0].position, primary->progress()[0].position);
  EXPECT_EQ(reads(**secondary, UINT64_MAX), reads(*primary, UINT64_MAX));
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

}  // namespace
}  // namespace kring::projections
