// Tables and CSV from JSON documents.
#include "tools/kring/output.h"

#include <gtest/gtest.h>

#include "tools/kring/options.h"

namespace kring::cli {

int report(const Error&) { return Exit::failed; }  // main.cpp has the real one

namespace {

const TableSpec spec{"people", "people", {{"name", "name"}, {"no", "number", true}, {"city", "at.city"}}, "nobody"};

json::Object people(std::initializer_list<json::Object> rows) {
  json::Array list;
  for (const auto& row : rows) list.push_back(row);
  return {{"people", std::move(list)}};
}

TEST(Table, aligns_by_what_a_terminal_shows_not_by_bytes) {
  auto document = people({{{"name", "Zo\xc3\xab"}, {"number", 5}, {"at", json::Object{{"city", "Breda"}}}},
                          {{"name", "re\xcc\x88""el"}, {"number", 10}},
                          {{"name", "\xea\xb9\x80\xeb\xaf\xbc"}, {"number", 100}, {"at", json::Object{{"city", "Delft"}}}}});
  EXPECT_EQ(table(spec, document, false),
            "people\n"
            "name   no  city\n"
            "Zo\xc3\xab     5  Breda\n"
            "re\xcc\x88""el   10\n"
            "\xea\xb9\x80\xeb\xaf\xbc  100  Delft\n");
}

TEST(Table, writes_out_what_would_steer_a_terminal) {
  auto document = people({{{"name", "a\x1b[2Jb\nc"}, {"number", json::Array{"x\ty"}}}});
  EXPECT_EQ(table({"h\x07", "people", spec.columns, ""}, document, false), "h\\u0007\nname              no  city\na\\u001b[2Jb\\nc  x\\ty\n");
}

TEST(Table, has_colour_only_where_it_is_asked_for) {
  EXPECT_EQ(table(spec, people({}), false), "people\n  nobody\n");
  EXPECT_EQ(table(spec, people({}), true), "\033[1mpeople\033[0m\n  nobody\n");
}

TEST(Csv, quotes_what_needs_it) {
  EXPECT_EQ(csv(people({{{"name", "a,b"}, {"number", 1}}, {{"name", "say \"x\"\n"}, {"number", nullptr}}})), "name,number\r\n\"a,b\",1\r\n\"say \"\"x\"\"\n\",\r\n");
}

TEST(Csv, has_a_column_for_each_member_that_any_row_has) {
  EXPECT_EQ(csv(people({{{"name", "a"}, {"city", "x"}}, {{"name", "b"}}, {{"number", 5}, {"name", "c"}, {"city", "y"}}})),
            "name,city,number\r\na,x,\r\nb,,\r\nc,y,5\r\n");
}

}  // namespace
}  // namespace kring::cli
