// The disk that fails on purpose: what is synced survives, and everything that may happen to the rest does happen.
#include "events/filesystem/faulty_filesystem.h"

#include <gtest/gtest.h>

#include <set>

namespace kring {
namespace {

using Operation = FaultyFileSystem::Operation;
using Loss = FaultyFileSystem::Loss;

constexpr std::uint64_t page = 4096;

Bytes letters(char letter, std::uint64_t pages) { return Bytes(pages * page, letter); }

std::unique_ptr<File> make(FaultyFileSystem& files, const std::string& path) { return files.open(path, OpenMode::create).value(); }

std::unique_ptr<File> make_durable(FaultyFileSystem& files, const std::string& path, BytesView content) {
  auto file = make(files, path);
  EXPECT_TRUE(file->write_at(0, content));
  EXPECT_TRUE(file->sync_data());
  EXPECT_TRUE(files.sync_directory("d"));
  return file;
}

template <class T>
Result<void> ended(const Result<T>& result) {
  if (!result) return std::unexpected(result.error());
  return {};
}

void lose_power(FaultyFileSystem& files) {
  files.stop(Loss::power);
  files.start();
}

// What `content of d/a` may be after a power loss, over many seeds.
template <class Doing>
std::set<Bytes> survivors(Doing doing) {
  std::set<Bytes> all;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    FaultyFileSystem files(seed);
    auto file = make_durable(files, "d/a", letters('o', 2));
    doing(files, *file);
    lose_power(files);
    all.insert(files.content("d/a"));
  }
  return all;
}

TEST(FaultyFileSystem, WhatIsSyncedSurvivesAPowerLoss) {
  FaultyFileSystem files(1);
  auto file = make_durable(files, "d/a", "first");
  ASSERT_TRUE(file->write_at(5, ", second"));
  ASSERT_TRUE(file->sync_data());
  lose_power(files);
  EXPECT_EQ(files.content("d/a"), "first, second");
  char buffer[20];
  EXPECT_EQ(files.open("d/a", OpenMode::read).value()->read_at(7, buffer).value(), 6u);
}

TEST(FaultyFileSystem, PagesThatWereNotSyncedSurviveInAnyCombinationAndTornAtAnyByte) {
  const auto all = survivors([](FaultyFileSystem&, File& file) { ASSERT_TRUE(file.write_at(0, letters('n', 2))); });
  EXPECT_TRUE(all.contains(letters('o', 2)));
  EXPECT_TRUE(all.contains(letters('n', 2)));
  EXPECT_TRUE(all.contains(letters('o', 1) + letters('n', 1))) << "the second without the first";
  EXPECT_TRUE(all.contains(letters('n', 1) + letters('o', 1)));
  std::set<std::size_t> cuts;
  for (const Bytes& content : all) {
    EXPECT_EQ(content.size(), 2 * page);
    EXPECT_EQ(content.find_first_not_of("on"), Bytes::npos);
    if (content.starts_with('n')) cuts.insert(content.find('o'));
  }
  EXPECT_GT(cuts.size(), 50u);
}

TEST(FaultyFileSystem, ASizeThatWasNotSyncedIsOldOrNewOrInBetween) {
  std::set<std::size_t> sizes;
  for (const Bytes& content : survivors([](FaultyFileSystem&, File& file) { ASSERT_TRUE(file.write_at(2 * page, "more")); }))
    sizes.insert(content.size());
  EXPECT_EQ(sizes, (std::set<std::size_t>{2 * page, 2 * page + 1, 2 * page + 2, 2 * page + 3, 2 * page + 4}));

  const auto cut = survivors([](FaultyFileSystem&, File& file) { ASSERT_TRUE(file.truncate(page)); });
  EXPECT_TRUE(cut.contains(letters('o', 1)) && cut.contains(letters('o', 2)));
  EXPECT_EQ(survivors([](FaultyFileSystem&, File& file) {
              ASSERT_TRUE(file.truncate(page));
              ASSERT_TRUE(file.allocate(3 * page));
              ASSERT_TRUE(file.sync_data());
            }),
            (std::set<Bytes>{letters('o', 1) + letters('\0', 2)}));
}

// Names survive in the order in which they were made, up to some point; those of a synced directory do.
TEST(FaultyFileSystem, NamesAreLostUntilTheirDirectoryIsSynced) {
  std::set<std::vector<std::string>> all;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FaultyFileSystem files(seed);
    make_durable(files, "d/a", "a");
    ASSERT_TRUE(make(files, "d/b")->sync_data());  // the file, not its name
    ASSERT_TRUE(files.rename("d/b", "d/c"));
    ASSERT_TRUE(files.remove("d/a"));
    lose_power(files);
    all.insert(files.paths());
  }
  EXPECT_EQ(all, (std::set<std::vector<std::string>>{{"d/a"}, {"d/a", "d/b"}, {"d/a", "d/c"}, {"d/c"}}));

  FaultyFileSystem files(1);
  ASSERT_TRUE(make(files, "d/b"));
  ASSERT_TRUE(files.rename("d/b", "d/c"));
  ASSERT_TRUE(files.sync_directory("d"));
  lose_power(files);
  EXPECT_EQ(files.paths(), std::vector<std::string>{"d/c"});
}

TEST(FaultyFileSystem, AProcessThatEndsLeavesEverythingAndFreesItsLocks) {
  FaultyFileSystem files(1);
  auto lock = files.try_lock("lock").value();
  EXPECT_FALSE(files.try_lock("lock").value().lock);
  auto file = make(files, "d/a");
  ASSERT_TRUE(file->write_at(0, "abc"));
  files.stop(Loss::process);
  EXPECT_FALSE(file->write_at(3, "d"));
  EXPECT_FALSE(files.open("d/a", OpenMode::read));
  files.start();
  EXPECT_EQ(files.content("d/a"), "abc");
  EXPECT_FALSE(file->write_at(3, "d")) << "it belonged to a process that is gone";
  auto next = files.try_lock("lock").value();
  EXPECT_TRUE(next.lock);
  lock.lock.reset();
  EXPECT_FALSE(files.try_lock("lock").value().lock) << "the lock of the one that is gone frees nothing";
}

TEST(FaultyFileSystem, EverythingStopsAtTheChangeThatWasChosen) {
  FaultyFileSystem files(1);
  files.stop_at(Loss::power, 2);
  auto file = make(files, "d/a");         // change 0
  EXPECT_TRUE(file->write_at(0, "abc"));  // 1
  EXPECT_FALSE(file->sync_data());        // 2
  EXPECT_FALSE(files.running());
  EXPECT_FALSE(files.list("d"));
  files.start();
  EXPECT_TRUE(files.running());
  EXPECT_EQ(files.changes(), 3u);
}

TEST(FaultyFileSystem, EachKindOfOperationFailsOnceWhenAsked) {
  FaultyFileSystem files(1);
  auto file = make_durable(files, "d/a", "abc");
  char buffer[3];
  for (const Operation operation : {Operation::open, Operation::read, Operation::write, Operation::sync, Operation::rename, Operation::remove}) {
    const auto attempt = [&]() -> Result<void> {
      switch (operation) {
        case Operation::open: return ended(files.open("d/a", OpenMode::read));
        case Operation::read: return ended(file->read_at(0, buffer));
        case Operation::write: return file->write_at(0, "xyz");
        case Operation::sync: return file->sync_data();
        case Operation::rename: return files.rename("d/a", "d/a");
        default: return files.remove("d/a");
      }
    };
    files.fail_at(operation, 1);
    ASSERT_TRUE(attempt()) << static_cast<int>(operation);
    if (operation == Operation::remove) files.replace("d/a", "abc");
    ASSERT_FALSE(attempt()) << static_cast<int>(operation);
    ASSERT_TRUE(files.has_failed());
    ASSERT_TRUE(attempt()) << static_cast<int>(operation);
  }
}

// As on Linux: what a failed sync did not write is taken for written.
TEST(FaultyFileSystem, ASyncAfterAFailedOneWritesNothingOfWhatWasLost) {
  std::set<Bytes> all;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FaultyFileSystem files(seed);
    auto file = make_durable(files, "d/a", letters('o', 2));
    ASSERT_TRUE(file->write_at(0, letters('n', 2)));
    files.fail_at(Operation::sync, 0);
    ASSERT_FALSE(file->sync_data());
    ASSERT_TRUE(file->sync_data());
    lose_power(files);
    all.insert(files.content("d/a"));
  }
  EXPECT_EQ(all.size(), 4u) << "each page is old or new";
}

TEST(FaultyFileSystem, AFullDiskTakesAPartAndFails) {
  FaultyFileSystem files(1);
  auto file = make(files, "d/a");
  files.limit_room(10);
  ASSERT_TRUE(file->write_at(0, "12345678"));
  EXPECT_FALSE(file->allocate(11));
  EXPECT_FALSE(file->write_at(8, "abc"));
  EXPECT_TRUE(files.content("d/a").starts_with("12345678"));
  EXPECT_LE(files.content("d/a").size(), 10u);
  EXPECT_TRUE(file->write_at(0, "x")) << "what is there may be written over";
  files.limit_room(std::nullopt);
  EXPECT_TRUE(file->write_at(8, "abc"));
}

TEST(FaultyFileSystem, ABitThatFlipsFlipsOnTheMedium) {
  FaultyFileSystem files(1);
  make_durable(files, "d/a", "abc");
  files.flip("d/a", 1, 0);
  EXPECT_EQ(files.content("d/a"), "acc");
  lose_power(files);
  EXPECT_EQ(files.content("d/a"), "acc");
}

TEST(FaultyFileSystem, SparedFilesAreNeitherCountedNorFailedButLostAllTheSame) {
  std::set<Bytes> all;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FaultyFileSystem files(seed);
    files.spare("d/");
    auto file = make_durable(files, "d/a", letters('o', 2));
    files.fail_at(Operation::write, 0);
    ASSERT_TRUE(file->write_at(0, letters('n', 2)));
    EXPECT_EQ(files.changes(), 0u);
    lose_power(files);
    all.insert(files.content("d/a"));
  }
  EXPECT_GT(all.size(), 4u);
}

TEST(FaultyFileSystem, TheSameSeedDoesTheSame) {
  const auto outcome = [](std::uint64_t seed) {
    FaultyFileSystem files(seed);
    auto file = make_durable(files, "d/a", letters('o', 9));
    EXPECT_TRUE(file->write_at(5, letters('n', 9)));
    lose_power(files);
    return files.content("d/a");
  };
  EXPECT_EQ(outcome(7), outcome(7));
  EXPECT_NE(outcome(7), outcome(8));
}

}  // namespace
}  // namespace kring
