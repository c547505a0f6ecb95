#include "events/filesystem/filesystem.h"

#include <unistd.h>

#include "tests/events/log/support.h"

namespace kring::testing {
namespace {

TEST(PosixFileSystem, WritesAndReadsBack) {
  const TempDirectory temp;
  FileSystem& files = posix_filesystem();
  auto file = files.open(temp / "a", OpenMode::create).value();
  ASSERT_TRUE(file->write_at(3, "abc"));
  ASSERT_TRUE(file->sync_data());
  char buffer[10];
  EXPECT_EQ(file->read_at(0, buffer).value(), 6u);
  EXPECT_EQ(BytesView(buffer, 6), BytesView("\0\0\0abc", 6));
  EXPECT_EQ(file->read_at(100, buffer).value(), 0u);
  ASSERT_TRUE(file->allocate(5000));
  EXPECT_EQ(file->size().value(), 5000u);
  ASSERT_TRUE(file->allocate(10));  // never smaller
  EXPECT_EQ(file->size().value(), 5000u);
  ASSERT_TRUE(file->truncate(4));
  EXPECT_EQ(file->size().value(), 4u);
}

TEST(DirectoryOf, is_what_the_path_lies_in_also_at_the_root) {
  EXPECT_EQ(directory_of("/data/x.kek"), "/data");
  EXPECT_EQ(directory_of("/data.kek"), "/");
  EXPECT_EQ(directory_of("data.kek"), ".");
}

TEST(PosixFileSystem, NamesAreListedRenamedAndRemoved) {
  const TempDirectory temp;
  FileSystem& files = posix_filesystem();
  ASSERT_TRUE(files.make_directory(temp / "x/y"));
  ASSERT_TRUE(files.make_directory(temp / "x/y"));
  for (const char* name : {"x/y/b", "x/y/a"}) ASSERT_TRUE(files.open(temp / name, OpenMode::create));
  ASSERT_TRUE(files.rename(temp / "x/y/b", temp / "x/y/c"));
  ASSERT_TRUE(files.sync_directory(temp / "x/y"));
  EXPECT_EQ(files.list(temp / "x/y").value(), (std::vector<std::string>{"a", "c"}));
  ASSERT_TRUE(files.remove(temp / "x/y/a"));
  EXPECT_EQ(files.list(temp / "x/y").value().size(), 1u);
}

TEST(PosixFileSystem, ErrorsNameThePathAndTheCause) {
  const TempDirectory temp;
  FileSystem& files = posix_filesystem();
  const auto missing = files.open(temp / "none", OpenMode::read);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "file_not_found");
  EXPECT_NE(missing.error().message.find(temp / "none"), std::string::npos);
  EXPECT_NE(missing.error().message.find("No such file"), std::string::npos);
  EXPECT_EQ(files.list(temp / "none").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(files.open(temp / "file", OpenMode::create));
  EXPECT_EQ(files.make_directory(temp / "file/below").error().kind, ErrorKind::io);
  auto full = files.open("/dev/full", OpenMode::update);
  ASSERT_TRUE(full);
  EXPECT_NE((*full)->write_at(0, "x").error().message.find("No space left"), std::string::npos);
}

TEST(PosixFileSystem, ALockKeepsOthersOutAndNamesItsOwner) {
  const TempDirectory temp;
  FileSystem& files = posix_filesystem();
  auto first = files.try_lock(temp / "lock").value();
  ASSERT_TRUE(first.lock);
  const auto second = files.try_lock(temp / "lock").value();
  EXPECT_FALSE(second.lock);
  EXPECT_EQ(second.owner, std::to_string(::getpid()));
  first.lock.reset();
  EXPECT_TRUE(files.try_lock(temp / "lock").value().lock);
}

}  // namespace
}  // namespace kring::testing
