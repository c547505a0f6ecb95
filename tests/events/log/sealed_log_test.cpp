// The seal of an embedded log: torn it is none, damaged it is found, and nothing brings the log back to life.
#include <gtest/gtest.h>

#include <algorithm>

#include "events/base/text.h"
#include "events/filesystem/faulty_filesystem.h"
#include "events/log/embedded/segment.h"
#include "tests/events/log/support.h"

namespace kring::testing {
namespace {

const std::string log_directory = "log";
const std::string elsewhere = "file:/elsewhere";

class SealedLog : public ::testing::Test {
 protected:
  std::unique_ptr<EventLog> writer() { return make_embedded_log(small_options(log_directory, segment_size), disk); }

  // Five records, and the place of the seal.
  void write() {
    const auto log = writer();
    ASSERT_TRUE(log->claim());
    ASSERT_TRUE(log->append(some_drafts(5), 0));
  }
  void seal() {
    const auto log = writer();
    ASSERT_TRUE(log->claim());
    const auto done = log->seal(elsewhere, 5);
    ASSERT_TRUE(done) << done.error().message;
  }
  std::string segment() const { return path_in(log_directory, segment_name(1)); }
  std::string code_of_claim() {
    const auto claim = writer()->claim();
    return claim ? "" : claim.error().code;
  }
  std::string code_of_reading() {
    const auto reader = make_embedded_reader(log_directory, disk);
    const auto read = read_all(*reader);
    return read.end ? "" : read.end.error().code;
  }

  std::uint64_t segment_size = 1 << 20;
  FaultyFileSystem disk{1};
};

TEST_F(SealedLog, ATornSealIsNoSeal) {
  write();
  const Bytes before = disk.content(segment());
  const Bytes witness = disk.content("log/witness");
  seal();
  const Bytes after = disk.content(segment());
  const std::size_t begin = before.find_last_not_of('\0') + 1, end = after.find_last_not_of('\0') + 1;
  for (std::size_t cut = begin; cut < end; ++cut) {
    Bytes torn = after;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(cut), torn.end(), '\0');
    disk.replace(segment(), torn);
    disk.replace("log/witness", witness);  // the process died before it was written
    EXPECT_EQ(make_embedded_reader(log_directory, disk)->successor().value(), "") << cut;
    EXPECT_EQ(code_of_reading(), "") << cut;
    EXPECT_EQ(code_of_claim(), "") << cut;
  }
}

TEST_F(SealedLog, ASealThatWasDurableAndIsGoneOrDamagedIsFound) {
  for (const std::uint64_t size : {std::uint64_t{1} << 20, std::uint64_t{300}}) {
    segment_size = size;  // with the small one the seal begins a segment of its own
    for (const std::string& path : disk.paths()) disk.replace(path, {});
    write();
    seal();
    const std::string path = size > 300 ? segment() : path_in(log_directory, segment_name(6));
    const Bytes whole = disk.content(path);
    const std::size_t end = whole.find_last_not_of('\0') + 1, begin = whole.rfind("KRNG", end);
    for (std::size_t at = begin; at < end; ++at) {
      Bytes broken = whole;
      broken[at] = static_cast<char>(broken[at] ^ 1);
      disk.replace(path, broken);
      EXPECT_EQ(code_of_claim(), "log_damaged") << at;
      EXPECT_EQ(code_of_reading(), "log_damaged") << at;
      EXPECT_EQ(make_embedded_reader(log_directory, disk)->successor().error().code, "log_damaged") << at;
      EXPECT_EQ(make_embedded_reader(log_directory, disk)->read_at(6, [](auto&) {}).error().code, "log_damaged") << at;
    }
    disk.replace(path, whole);
    EXPECT_EQ(code_of_claim(), "log_sealed");
  }
}

TEST_F(SealedLog, WhatStandsBehindTheSealIsDamage) {
  write();
  seal();
  const Bytes whole = disk.content(segment());
  Bytes more = whole;
  more[whole.find_last_not_of('\0') + 100] = 'x';
  disk.replace(segment(), more);
  EXPECT_EQ(code_of_claim(), "log_damaged");
  EXPECT_EQ(code_of_reading(), "log_damaged");
}

// Power loss or failure at every step of sealing: the log is sealed or it is not, whoever was told so stays right, and
// sealing again ends it.
TEST_F(SealedLog, ACrashAtAnyStepOfSealingLeavesAWholeLog) {
  for (const std::uint64_t size : {std::uint64_t{1} << 20, std::uint64_t{300}}) {
    for (const auto loss : {FaultyFileSystem::Loss::process, FaultyFileSystem::Loss::power}) {
      bool told = false;
      for (std::uint64_t step = 0; !told; ++step) {
        SCOPED_TRACE(concat(size, " at ", step));
        FaultyFileSystem faulty(step + 1);
        auto options = small_options(log_directory, size);
        const auto sealed = [&]() -> Result<void> {
          const auto log = make_embedded_log(options, faulty);
          if (auto claimed = log->claim(); !claimed) return std::unexpected(claimed.error());
          return log->seal(elsewhere, 5);
        };
        {
          const auto log = make_embedded_log(options, faulty);
          ASSERT_TRUE(log->claim());
          ASSERT_TRUE(log->append(some_drafts(5), 0));
        }
        faulty.stop_at(loss, step);
        told = sealed().has_value();
        faulty.stop(loss);
        faulty.start();
        const auto again = sealed();
        EXPECT_EQ(again ? "" : again.error().code, told || !again ? "log_sealed" : "");
        const auto reader = make_embedded_reader(log_directory, faulty);
        EXPECT_EQ(reader->successor().value(), elsewhere);
        EXPECT_EQ(read_all(*reader).hashes.size(), 5u);
      }
    }
  }
}

}  // namespace
}  // namespace kring::testing
