// Cutting a damaged log: exactly the records before the cut stay, and what is cut off is kept.
#include "events/log/embedded/cut.h"

#include <gtest/gtest.h>

#include "events/log/embedded/segment.h"
#include "tests/events/log/support.h"
#include "tests/support/memory_filesystem.h"

namespace kring::testing {
namespace {

constexpr std::size_t count = 40;

struct Log {
  std::unique_ptr<MemoryFileSystem> files = std::make_unique<MemoryFileSystem>();
  std::vector<Hash> hashes;

  // Several segments, several writers.
  Log() {
    for (Position tail = 0; tail < count;) {
      const auto log = make_embedded_log(small_options("log", 2500), *files);
      EXPECT_TRUE(log->claim());
      for (int batch = 0; batch < 3; ++batch) tail = log->append(some_drafts(3, tail), tail).value().position;
    }
    hashes = read_all(*make_embedded_reader("log", *files)).hashes;
  }
  std::size_t segments() const {
    return static_cast<std::size_t>(std::ranges::count_if(files->files, [](const auto& file) { return file.first.starts_with("log/") && file.first.ends_with(".kring"); }));
  }
};

void damage(MemoryFileSystem& files, Position position) {
  const auto clean = make_embedded_reader("log", files);
  std::uint64_t offset = 0;
  ASSERT_TRUE(clean->read_at(position, [&](const LogEntry& entry) { offset = entry.after.locator; }));
  const auto list = list_segments(files, "log").value();
  const Position segment = *std::prev(std::ranges::upper_bound(list.first, position));
  auto& bytes = *files.files.at("log/" + segment_name(segment));
  bytes[offset + 20] = static_cast<char>(bytes[offset + 20] ^ 1);
}

void expect_ends_before(MemoryFileSystem& files, Position at, const std::vector<Hash>& hashes) {
  const auto log = make_embedded_log(small_options("log", 2500), files);
  const auto tail = log->claim();
  ASSERT_TRUE(tail) << tail.error().message;
  EXPECT_EQ(tail->position, at - 1);
  ASSERT_TRUE(log->append(some_drafts(5, tail->position), tail->position)) << "the log goes on";
  const auto reading = read_all(*log);
  ASSERT_EQ(reading.hashes.size(), at - 1 + 5);
  EXPECT_TRUE(std::equal(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(at - 1), reading.hashes.begin()));
}

TEST(Cut, anywhere_leaves_what_stands_before_it_and_keeps_the_rest) {
  for (Position at = 1; at <= count; ++at)
    for (bool damaged : {false, true}) {
      SCOPED_TRACE(at);
      Log log;
      ASSERT_GE(log.segments(), 3u);
      if (damaged) damage(*log.files, at);
      const auto before = log.files->copy();
      const auto plan = plan_cut(*log.files, "log", at);
      ASSERT_TRUE(plan) << plan.error().message;
      EXPECT_GT(plan->bytes, 0u);
      ASSERT_TRUE(cut_log(*log.files, "log", *plan, "kept"));
      for (const auto& [path, bytes] : before->files) {
        const auto kept = log.files->files.find("kept/" + path.substr(4));
        const Bytes& now = kept != log.files->files.end() ? *kept->second : *log.files->files.at(path);
        EXPECT_EQ(now, *bytes) << path;
      }
      expect_ends_before(*log.files, at, log.hashes);
    }
}

TEST(Cut, behind_a_damaged_record_is_refused_and_names_it) {
  Log log;
  damage(*log.files, 7);
  const auto plan = plan_cut(*log.files, "log", 20);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, "log_damaged");
  EXPECT_NE(plan.error().message.find("position 7,"), std::string::npos) << plan.error().message;
}

TEST(Cut, behind_the_end_is_refused) {
  Log log;
  const Position end = log.hashes.size();
  EXPECT_TRUE(plan_cut(*log.files, "log", end + 1)) << "what lies behind the last record may be damaged too";
  EXPECT_EQ(plan_cut(*log.files, "log", end + 2).error().kind, ErrorKind::not_found);
  EXPECT_EQ(plan_cut(*log.files, "log", 0).error().kind, ErrorKind::not_found);
  MemoryFileSystem empty;
  EXPECT_EQ(plan_cut(empty, "log", 1).error().kind, ErrorKind::not_found);
}

TEST(Cut, beside_a_writer_is_refused) {
  Log log;
  const auto writer = make_embedded_log(small_options("log", 2500), *log.files);
  ASSERT_TRUE(writer->claim());
  EXPECT_EQ(cut_log(*log.files, "log", plan_cut(*log.files, "log", 7).value(), "kept").error().kind, ErrorKind::busy);
}

TEST(Cut, into_a_directory_with_something_in_it_is_refused) {
  Log log;
  log.files->files["kept/x"] = std::make_shared<Bytes>();
  const auto before = log.files->copy();
  EXPECT_EQ(cut_log(*log.files, "log", plan_cut(*log.files, "log", 7).value(), "kept").error().code, "exists");
  for (const auto& [path, bytes] : before->files) EXPECT_EQ(*log.files->files.at(path), *bytes);
}

TEST(Cut, that_fails_at_any_step_can_be_done_again_and_loses_nothing) {
  for (bool sync : {false, true})
    for (std::uint64_t step = 0;; ++step) {
      Log log;
      damage(*log.files, 20);
      const auto plan = plan_cut(*log.files, "log", 20).value();
      (sync ? log.files->syncs_until_failure : log.files->writes_until_failure) = step;
      const auto done = cut_log(*log.files, "log", plan, "kept");
      log.files->syncs_until_failure = log.files->writes_until_failure = UINT64_MAX;
      if (!done) {
        const auto again = plan_cut(*log.files, "log", 20);
        ASSERT_TRUE(again) << again.error().message;
        ASSERT_TRUE(cut_log(*log.files, "log", *again, "kept-2"));
      }
      expect_ends_before(*log.files, 20, log.hashes);
      if (done) break;
      ASSERT_LT(step, 100u);
    }
}

}  // namespace
}  // namespace kring::testing
