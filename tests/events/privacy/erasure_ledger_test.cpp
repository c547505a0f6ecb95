// The ledger of erasures: what was appended is there, and a torn line is not.
#include "events/privacy/erasure_ledger.h"

#include <gtest/gtest.h>

#include "events/base/text.h"
#include "tests/support/memory_filesystem.h"

namespace kring {
namespace {

using testing::MemoryFileSystem;

const std::string path = "d.erased";
const Erasure anna{{"p"}, {"p-anna"}, 17}, bram{{"q"}, {"p-bram"}, 4711};

class Ledgers : public ::testing::Test {
 protected:
  Ledgers() { history.fill(0xab); }

  std::unique_ptr<ErasureLedger> ledger() {
    auto opened = ErasureLedger::open(files, path, history);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  Bytes& text() { return *files.files.at(path); }

  HistoryId history{};
  MemoryFileSystem files;
};

TEST_F(Ledgers, holds_what_was_appended_in_order_and_in_a_form_that_people_can_read) {
  ASSERT_TRUE(ledger()->append({anna}));
  ASSERT_TRUE(ledger()->append({bram}));
  EXPECT_EQ(ledger()->erasures(), (std::vector<Erasure>{anna, bram}));
  EXPECT_EQ(text().substr(0, text().find('\n')),
            R"({"history":"abababababababababababababababab","programme":"p","person":"p-anna","position":17,"crc":"114f29ec"})");
}

TEST_F(Ledgers, of_lines_that_were_written_before_there_were_checksums_are_read_and_go_on) {
  const Bytes old = R"({"history":"abababababababababababababababab","programme":"p","person":"p-anna","position":17})";
  files.files[path] = std::make_shared<Bytes>(old + "\n");
  ASSERT_TRUE(ledger()->append({bram}));
  EXPECT_EQ(ledger()->erasures(), (std::vector<Erasure>{anna, bram}));
  EXPECT_TRUE(text().starts_with(old + "\n{"));
}

TEST_F(Ledgers, in_which_any_byte_was_changed_name_line_and_offset_and_are_left_as_they_are) {
  ASSERT_TRUE(ledger()->append({anna, bram}));
  const Bytes whole = text();
  const auto second = whole.find('\n') + 1;
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const int change : {1, 2, 0x10, 0x20}) {
      text() = whole;
      text()[at] = static_cast<char>(text()[at] ^ change);
      const Bytes damaged = text();
      auto opened = ErasureLedger::open(files, path, history);
      ASSERT_FALSE(opened) << at << " " << damaged;
      EXPECT_EQ(opened.error().code, "ledger_damaged");
      EXPECT_NE(opened.error().message.find(at < second ? "d.erased:1: the line at offset 0 " : concat("d.erased:2: the line at offset ", second, " ")), std::string::npos) << opened.error().message;
      EXPECT_EQ(text(), damaged);
    }
}

TEST_F(Ledgers, is_synced_with_each_append) {
  auto open = ledger();
  auto before = files.syncs;
  ASSERT_TRUE(open->append({anna, bram}));
  EXPECT_EQ(files.syncs, before + 1);
  ASSERT_TRUE(open->append({}));
  EXPECT_EQ(files.syncs, before + 1);
}

TEST_F(Ledgers, of_several_histories_each_sees_its_own) {
  ASSERT_TRUE(ledger()->append({anna}));
  history.fill(1);
  EXPECT_TRUE(ledger()->erasures().empty());
  ASSERT_TRUE(ledger()->append({bram}));
  history.fill(0xab);
  EXPECT_EQ(ledger()->erasures(), std::vector<Erasure>{anna});
}

TEST_F(Ledgers, cut_at_any_byte_holds_the_whole_lines_and_takes_more) {
  ASSERT_TRUE(ledger()->append({anna, bram}));
  const Bytes whole = text();
  const auto first_end = whole.find('\n') + 1;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    text() = whole.substr(0, cut);
    auto open = ledger();
    EXPECT_EQ(open->erasures().size(), (cut + 1 >= first_end ? 1u : 0u) + (cut + 1 >= whole.size() ? 1u : 0u)) << cut;
    ASSERT_TRUE(open->append({bram}));
    EXPECT_EQ(ledger()->erasures().back(), bram) << cut;
  }
}

// The size of the file, and a later page of it, may reach the disk before an earlier one.
TEST_F(Ledgers, lines_that_a_crash_left_zeros_in_are_passed_over) {
  ASSERT_TRUE(ledger()->append({anna}));
  const auto kept = text().size();
  ASSERT_TRUE(ledger()->append({bram, bram}));
  const Bytes whole = text();
  for (std::size_t lost = kept + 1; lost < whole.size(); ++lost) {
    text() = whole;
    std::fill_n(text().begin() + static_cast<std::ptrdiff_t>(kept), lost - kept, '\0');
    EXPECT_EQ(ledger()->erasures().front(), anna) << lost;
    ASSERT_TRUE(ledger()->append({bram}));
    EXPECT_EQ(ledger()->erasures().back(), bram) << lost;
  }
}

TEST_F(Ledgers, a_line_that_is_none_is_refused_with_its_number) {
  ASSERT_TRUE(ledger()->append({anna, bram}));
  const Bytes whole = text();
  for (const char* line : {"\n", "{}\n", R"({"history":"ab","programme":"p","person":"p-1","position":1})" "\n",
                           R"({"history":"abababababababababababababababab","programme":"p","person":"p-1","position":-1})" "\n",
                           R"({"history":"abababababababababababababababab","programme":"p","person":"P 1","position":1})" "\n",
                           R"({"history":"abababababababababababababababab","programme":"p","person":"p-1","position":1} )" "\n"}) {
    text() = whole + line;
    auto opened = ErasureLedger::open(files, path, history);
    ASSERT_FALSE(opened) << line;
    EXPECT_EQ(opened.error().code, "ledger_damaged");
    EXPECT_NE(opened.error().message.find("d.erased:3:"), std::string::npos) << opened.error().message;
    EXPECT_EQ(text(), whole + line) << "and left as it is";
  }
}

TEST_F(Ledgers, a_failed_write_is_an_error) {
  auto open = ledger();
  files.writes_until_failure = 0;
  EXPECT_FALSE(open->append({anna}));
  files.writes_until_failure = UINT64_MAX;
  files.syncs_until_failure = 0;
  EXPECT_FALSE(open->append({anna}));
}

}  // namespace
}  // namespace kring
