#include "tools/bench/report.h"

#include <gtest/gtest.h>

namespace kring::bench {
namespace {

TEST(BenchReport, sets_each_figure_beside_its_raw_limit_and_its_target) {
  Report report;
  report.rows.push_back({"append", "1 in flight", 8'512.7, "commands/s", 10'000, "a bare committer", ratio_at_least(0.8)});
  report.rows.push_back({"reads", "roster", 3.25, "ms", 1, "the same rows", ratio_at_most(2)});
  report.rows.push_back({"startup", "memory", 1023.9, "MiB", {}, "", at_most(1024)});
  report.rows.push_back({"codec", "size", 0, "bytes", {}, "", {}});
  auto document = to_json(report);
  const auto& rows = document.at("rows").as_array();
  EXPECT_EQ(json::to_text(rows.at(0)),
            R"({"suite":"append","what":"1 in flight","measured":8510,"unit":"commands/s","raw":10000,"limit":"a bare committer","ratio":0.851,"target":">= 0.8 of raw","reached":true})");
  EXPECT_EQ(rows.at(1).at("reached"), json::Value(false));
  EXPECT_EQ(json::to_text(rows.at(2).at("target")), R"("<= 1024 MiB")");
  EXPECT_EQ(rows.at(2).at("reached"), json::Value(true));
  EXPECT_TRUE(rows.at(3).at("reached").is_null());
  EXPECT_TRUE(rows.at(3).at("raw").is_null());
}

}  // namespace
}  // namespace kring::bench
