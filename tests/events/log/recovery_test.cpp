// What a crash leaves behind: whatever it tears, nothing that was answered is lost, and what was torn is cut off.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "events/log/embedded/segment.h"
#include "tests/support/memory_filesystem.h"
#include "tests/events/log/support.h"

namespace kring::testing {
namespace {

const std::string first_segment = "log/" + segment_name(1);

struct Disk {
  std::unique_ptr<MemoryFileSystem> files;
  Bytes& bytes(const std::string& path = first_segment) { return *files->files.at(path); }
};

struct Crash {
  Disk before, after;               // the disk before the last batch and after it; the writer never closed
  std::vector<Hash> hashes;         // of all records
  std::vector<std::uint64_t> ends;  // where each record ends in the segment
  Position answered = 0;            // before the last batch
};

Crash crash_after(std::vector<std::size_t> batches) {
  Crash crash;
  MemoryFileSystem files;
  const auto log = make_embedded_log(small_options("log", 1 << 16), files);
  EXPECT_TRUE(log->claim());
  Position tail = 0;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (i + 1 == batches.size()) {
      crash.before.files = files.copy();
      crash.answered = tail;
    }
    tail = log->append(some_drafts(batches[i], tail), tail).value().position;
  }
  crash.after.files = files.copy();
  EXPECT_TRUE(log->read({}, [&](const LogEntry& entry) {
    crash.hashes.push_back(entry.hash);
    crash.ends.push_back(entry.after.locator + frame_header_size + entry.body.size());
    return true;
  }));
  return crash;
}

// Opens the disk for writing; expects a prefix of at least `least` records, writes on, and reads everything back.
Position expect_prefix(const Crash& crash, MemoryFileSystem& files, Position least, std::string* notice = nullptr) {
  EmbeddedOptions options = small_options("log", 1 << 16);
  options.notice = [&](std::string_view text) {
    if (notice != nullptr) *notice += text;
  };
  const auto log = make_embedded_log(options, files);
  const auto tail = log->claim();
  EXPECT_TRUE(tail) << tail.error().message;
  if (!tail) return 0;
  EXPECT_GE(tail->position, least);
  EXPECT_TRUE(log->append(some_drafts(2, tail->position), tail->position));
  const auto reading = read_all(*log);
  EXPECT_TRUE(reading.end) << reading.end.error().message;
  EXPECT_EQ(reading.hashes.size(), tail->position + 2);
  for (Position i = 0; i < tail->position; ++i) EXPECT_EQ(reading.hashes[i], crash.hashes[i]);
  return tail->position;
}

TEST(Recovery, EveryCutLeavesThePrefixThatIsWhole) {
  const Crash crash = crash_after({2, 3, 2});
  for (std::size_t size = segment_header_size; size <= crash.ends.back(); ++size) {
    Disk disk{crash.after.files->copy()};
    disk.bytes().resize(size);
    Position whole = 0;
    while (whole < crash.ends.size() && crash.ends[whole] <= size) ++whole;
    EXPECT_EQ(expect_prefix(crash, *disk.files, whole), whole) << size;
  }
}

TEST(Recovery, EveryTornLastBatchIsCutOffAndSaidSo) {
  const Crash crash = crash_after({2, 3, 2});
  for (std::size_t size = crash.ends[crash.answered - 1]; size < crash.ends.back(); ++size) {
    Disk disk{crash.after.files->copy()};
    std::fill(disk.bytes().begin() + static_cast<std::ptrdiff_t>(size), disk.bytes().end(), '\0');
    std::string notice;
    const Position kept = expect_prefix(crash, *disk.files, crash.answered, &notice);
    ASSERT_GE(kept, crash.answered) << size;
    EXPECT_EQ(notice.empty(), crash.ends[kept - 1] == size) << size;
  }
}

// The sectors of a batch reach the disk in any combination: a later record may be whole where an earlier one is torn.
RC_GTEST_PROP(Recovery, AnyTornSectorsAreNoDamage, ()) {
  static const Crash crash = crash_after({3, 4, 30});
  Disk disk{crash.before.files->copy()};
  Bytes whole = *crash.after.files->files.at(first_segment);
  Bytes& torn = disk.bytes();
  torn.resize(whole.size());
  const std::size_t sector = *rc::gen::element(64, 512, 4096);
  for (std::size_t at = 0; at < whole.size(); at += sector)
    if (*rc::gen::arbitrary<bool>())
      std::copy_n(whole.data() + at, std::min(sector, whole.size() - at), torn.data() + at);
  expect_prefix(crash, *disk.files, crash.answered);
  RC_ASSERT_FALSE(::testing::Test::HasFailure());
}

TEST(Recovery, AWitnessKeepsAnAnsweredBatchFromBeingCutOff) {
  MemoryFileSystem files;
  {
    const auto log = make_embedded_log(small_options("log"), files);
    ASSERT_TRUE(log->claim());
    ASSERT_TRUE(log->append(some_drafts(3), 0));
  }  // closed: the witness knows position 3
  Bytes& bytes = *files.files.at(first_segment);
  for (std::size_t size = segment_header_size; size < 128 + 144 + 3 * 144; size += 7) {
    auto disk = files.copy();
    std::fill(disk->files.at(first_segment)->begin() + static_cast<std::ptrdiff_t>(size),
              disk->files.at(first_segment)->end(), '\0');
    EXPECT_EQ(make_embedded_log(small_options("log"), *disk)->claim().error().code, "log_damaged") << size;
    EXPECT_EQ(read_all(*make_embedded_reader("log", *disk)).end.error().code, "log_damaged") << size;
  }
  EXPECT_GT(bytes.size(), 0u);
}

TEST(Recovery, OpeningAfterACleanCloseCostsNoSync) {
  MemoryFileSystem files;
  for (Position tail = 0; tail < 4; tail += 2) {
    const auto log = make_embedded_log(small_options("log"), files);
    const auto before = files.syncs;
    ASSERT_TRUE(log->claim());
    EXPECT_EQ(files.syncs, before);
    ASSERT_TRUE(log->append(some_drafts(1, tail), tail));
    const auto between = files.syncs;
    ASSERT_TRUE(log->append(some_drafts(1, tail + 1), tail + 1));
    EXPECT_EQ(files.syncs, between + 1);
  }
}

TEST(Recovery, OpeningAfterACrashMakesDurableWhatItFound) {
  const Crash crash = crash_after({2, 2});
  const auto files = crash.after.files->copy();
  const auto before = files->syncs;
  const auto log = make_embedded_log(small_options("log", 1 << 16), *files);
  ASSERT_TRUE(log->claim());
  EXPECT_EQ(files->syncs, before + 2);  // the newest batch, written once more, and the directory

  const auto failing = crash.after.files->copy();
  failing->syncs_until_failure = 0;
  EXPECT_EQ(make_embedded_log(small_options("log", 1 << 16), *failing)->claim().error().code, "io");
}

TEST(Recovery, TheWitnessIsWrittenOnceASecond) {
  MemoryFileSystem files;
  EmbeddedOptions options = small_options("log");
  std::chrono::steady_clock::time_point now;
  options.now = [&] { return now; };
  const auto log = make_embedded_log(options, files);
  ASSERT_TRUE(log->claim());
  ASSERT_TRUE(log->append(some_drafts(1), 0));
  EXPECT_FALSE(files.files.contains("log/witness"));
  now += std::chrono::milliseconds(1000);
  ASSERT_TRUE(log->append(some_drafts(1, 1), 1));
  ASSERT_TRUE(files.files.contains("log/witness"));
  const Bytes first = *files.files.at("log/witness");
  now += std::chrono::milliseconds(999);
  ASSERT_TRUE(log->append(some_drafts(1, 2), 2));
  EXPECT_EQ(*files.files.at("log/witness"), first);
}

TEST(Recovery, AFailedWriteOrSyncEndsTheWriter) {
  for (const bool sync : {false, true}) {
    MemoryFileSystem files;
    auto log = make_embedded_log(small_options("log"), files);
    ASSERT_TRUE(log->claim());
    ASSERT_TRUE(log->append(some_drafts(2), 0));
    (sync ? files.syncs_until_failure : files.writes_until_failure) = 0;
    EXPECT_EQ(log->append(some_drafts(2, 2), 2).error().code, "io");
    files.writes_until_failure = UINT64_MAX;
    const auto syncs = files.syncs;
    EXPECT_EQ(log->append(some_drafts(2, 2), 2).error().code, "writer_ended");
    EXPECT_EQ(log->append(some_drafts(2, 4), 4).error().code, "writer_ended");
    EXPECT_EQ(log->claim().error().code, "writer_ended");
    EXPECT_FALSE(log->read({}, [](auto&) { return true; }));
    EXPECT_FALSE(log->read_at(1, [](auto&) {}));
    EXPECT_FALSE(log->history());
    log.reset();
    EXPECT_EQ(files.syncs, syncs);  // neither retried nor witnessed
    log = make_embedded_log(small_options("log"), files);
    EXPECT_EQ(log->claim()->position, sync ? 4u : 2u);
  }
}

// Each write in turn fails, at every place of a log with several segments: what was answered is there afterwards.
TEST(Recovery, AFullDiskAtAnyWriteLosesNothingThatWasAnswered) {
  for (std::uint64_t budget = 0; budget < 40; ++budget) {
    for (const bool sync : {false, true}) {
      MemoryFileSystem files;
      (sync ? files.syncs_until_failure : files.writes_until_failure) = budget;
      Position answered = 0;
      {
        const auto log = make_embedded_log(small_options("log", 900), files);
        ASSERT_TRUE(log->claim());
        while (answered < 20) {
          const auto done = log->append(some_drafts(2, answered), answered);
          if (!done) break;
          answered = done->position;
        }
      }
      files.writes_until_failure = files.syncs_until_failure = UINT64_MAX;
      const auto log = make_embedded_log(small_options("log", 900), files);
      const auto tail = log->claim();
      ASSERT_TRUE(tail) << budget << tail.error().message;
      EXPECT_GE(tail->position, answered);
      ASSERT_TRUE(log->append(some_drafts(1, tail->position), tail->position));
      EXPECT_EQ(read_all(*log).hashes.size(), tail->position + 1);
      for (const auto& [path, bytes] : files.files) EXPECT_FALSE(path.ends_with(".new"));
    }
  }
}

TEST(Recovery, ASealedNewestSegmentIsFollowedByANewOne) {
  MemoryFileSystem files;
  const auto log = make_embedded_log(small_options("log", 900), files);
  ASSERT_TRUE(log->claim());
  Position tail = 0;
  while (files.files.size() < 3) tail = log->append(some_drafts(1, tail), tail)->position;
  const auto disk = files.copy();
  disk->files.erase("log/witness");
  disk->files.erase("log/" + segment_name(tail));  // the crash came before it was made
  const auto again = make_embedded_log(small_options("log", 900), *disk);
  const auto claimed = again->claim();
  ASSERT_TRUE(claimed) << claimed.error().message;
  EXPECT_EQ(claimed->position, tail - 1);
  ASSERT_TRUE(again->append(some_drafts(1, tail - 1), tail - 1));
  EXPECT_EQ(read_all(*again).hashes.size(), tail);
}

}  // namespace
}  // namespace kring::testing
