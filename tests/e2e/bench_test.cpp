// kring bench at a tiny scale: every suite gives its rows, and what it prints is sane.
#include <gtest/gtest.h>
#include <signal.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <thread>

#include "tests/support/program.h"

namespace kring::test {
namespace {

std::map<std::string, int> rows_of(const json::Object& document) {
  std::map<std::string, int> rows;
  for (const json::Value& row : document.at("rows").as_array()) {
    ++rows[std::string(row.at("suite").as_string())];
    double measured = row.at("measured").to_number<double>();
    EXPECT_TRUE(std::isfinite(measured) && measured > 0) << json::to_text(row);
    if (row.at("raw").is_null()) continue;
    EXPECT_GT(row.at("raw").to_number<double>(), 0) << json::to_text(row);
    EXPECT_NEAR(row.at("ratio").to_number<double>(), measured / row.at("raw").to_number<double>(), 0.02 * row.at("ratio").to_number<double>()) << json::to_text(row);
  }
  return rows;
}

TEST(Bench, gives_the_rows_of_every_suite_and_leaves_nothing_behind) {
  TemporaryDirectory directory;
  auto ran = run(Kring::program(), {"bench", "--scale", "0.0005", "--work-dir", directory.path(), "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  auto document = ran.object();
  EXPECT_EQ(document["seed"].to_number<int>(), 1);
  auto rows = rows_of(document);
  for (const char* suite : {"decide", "codec", "append", "rebuild", "project", "reads", "startup"}) EXPECT_GT(rows[suite], 0) << suite;
  EXPECT_LE(document["mix"].at("rejected").to_number<double>(), 0.2);
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(Bench, runs_the_suites_that_are_named_and_names_those_that_are_not) {
  auto ran = run(Kring::program(), {"bench", "codec", "--scale", "0.0005", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  auto rows = rows_of(ran.object());
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_GT(rows["codec"], 0);
  auto unknown = run(Kring::program(), {"bench", "speed"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_NE(unknown.err.find("decide, codec, append"), std::string::npos) << unknown.err;
}

TEST(Bench, that_is_interrupted_leaves_nothing_behind) {
  for (const int signal : {SIGINT, SIGTERM}) {
    TemporaryDirectory directory;
    const auto log_of = [&] {  // something lies there, and is being written to
      std::error_code gone;  // files come and go
      for (std::filesystem::recursive_directory_iterator at(directory.path(), gone), end; !gone && at != end; at.increment(gone))
        if (const auto size = at->is_regular_file(gone) ? at->file_size(gone) : 0; !gone && size > 100'000) return true;
      return false;
    };
    Running bench(Kring::program(), {"bench", "rebuild", "--scale", "1", "--work-dir", directory.path(), "--json"});
    while (!log_of() && bench.is_alive()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    bench.send(signal);
    const Ran ran = bench.finish();
    EXPECT_EQ(ran.exit_code, 128 + signal) << ran.err;
    EXPECT_TRUE(std::filesystem::is_empty(directory.path())) << ran.err;
  }
}

}  // namespace
}  // namespace kring::test
