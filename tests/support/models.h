// Read models on a log in memory: what tests of them share.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/plain_sealer.h"
#include "projections/projector.h"
#include "projections/views/views.h"
#include "tests/support/history.h"

namespace kring::test {

using namespace projections;  // NOLINT(google-build-using-namespace): tests of it

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

}  // namespace kring::test
