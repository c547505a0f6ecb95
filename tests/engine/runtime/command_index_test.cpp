// The index of command ids: on disk and in memory it keeps the same promises.
#include "engine/runtime/command_index.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace kring {
namespace {

class CommandIndexes : public testing::TestWithParam<bool> {
 protected:
  CommandIndexes() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kring-index-XXXXXX").string();
    directory = mkdtemp(pattern.data());
    open();
  }
  ~CommandIndexes() override {
    index.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  }
  void open() {
    index.reset();
    if (!GetParam()) return void(index = CommandIndex::in_memory());
    auto opened = CommandIndex::open(directory + "/ids");
    ASSERT_TRUE(opened) << opened.error().message;
    index = std::move(*opened);
  }
  std::optional<IndexedCommand> find(const std::string& programme, const std::string& id) {
    auto found = index->find({programme}, id);
    EXPECT_TRUE(found);
    return found ? *found : std::nullopt;
  }

  std::string directory;
  std::unique_ptr<CommandIndex> index;
};

TEST_P(CommandIndexes, find_what_was_added_before_and_after_a_commit) {
  index->add({"p"}, "a", {7, Token{1, 2}});
  EXPECT_EQ(find("p", "a")->position, 7u);
  ASSERT_TRUE(index->commit({7, Hash{9}, 5}));
  EXPECT_EQ(find("p", "a")->digest, (Token{1, 2}));
  EXPECT_EQ(index->reached().position, 7u);
  EXPECT_EQ(index->reached().hash, Hash{9});
}

TEST_P(CommandIndexes, keep_programmes_apart) {
  index->add({"p"}, "a", {1, {}});
  EXPECT_FALSE(find("q", "a"));
  EXPECT_FALSE(find("p", "b"));
  EXPECT_FALSE(find("pa", ""));
}

TEST_P(CommandIndexes, forget_everything_when_cleared) {
  index->add({"p"}, "a", {1, {}});
  ASSERT_TRUE(index->commit({1, {}, 0}));
  ASSERT_TRUE(index->clear());
  EXPECT_FALSE(find("p", "a"));
  EXPECT_EQ(index->reached().position, 0u);
}

INSTANTIATE_TEST_SUITE_P(Kinds, CommandIndexes, testing::Bool(), [](const auto& kind) { return kind.param ? "OnDisk" : "InMemory"; });

TEST(CommandIndexOnDisk, stores_what_the_log_has_and_keeps_the_rest_in_memory) {
  std::string pattern = (std::filesystem::temp_directory_path() / "kring-index-XXXXXX").string();
  std::string directory = mkdtemp(pattern.data());
  {
    auto index = CommandIndex::open(directory);
    ASSERT_TRUE(index);
    for (Position position : {1, 2, 3}) (*index)->add({"p"}, "c-" + std::to_string(position), {position, {}});
    ASSERT_TRUE((*index)->commit({2, Hash{1}, 0}));
    EXPECT_EQ((*index)->reached().position, 2u);
    EXPECT_TRUE(*(*index)->find({"p"}, "c-3")) << "decided, though not in the log yet";
  }
  {
    auto index = CommandIndex::open(directory);
    ASSERT_TRUE(index);
    EXPECT_EQ((*index)->reached().position, 2u);
    EXPECT_TRUE(*(*index)->find({"p"}, "c-2"));
    EXPECT_FALSE(*(*index)->find({"p"}, "c-3")) << "a log that ends at 2 gives the position to another command";
    (*index)->add({"p"}, "d-3", {3, {}});
    ASSERT_TRUE((*index)->commit({3, Hash{2}, 0}));
  }
  auto index = CommandIndex::open(directory);
  ASSERT_TRUE(index);
  EXPECT_TRUE(*(*index)->find({"p"}, "d-3"));
  index->reset();
  std::filesystem::remove_all(directory);
}

TEST(CommandIndexOnDisk, survives_a_restart_and_is_made_anew_when_it_cannot_be_opened) {
  std::string pattern = (std::filesystem::temp_directory_path() / "kring-index-XXXXXX").string();
  std::string directory = mkdtemp(pattern.data());
  {
    auto index = CommandIndex::open(directory);
    ASSERT_TRUE(index);
    (*index)->add({"p"}, "a", {3, Token{4}});
    ASSERT_TRUE((*index)->commit({3, Hash{1}, 2}));
  }
  {
    auto index = CommandIndex::open(directory);
    ASSERT_TRUE(index);
    EXPECT_EQ((*index)->reached().position, 3u);
    auto found = (*index)->find({"p"}, "a");
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->position, 3u);
  }
  std::filesystem::resize_file(directory + "/CURRENT", 2);
  auto index = CommandIndex::open(directory);
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ((*index)->reached().position, 0u);
  index->reset();
  // And where the file that tells of all others is gone.
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (entry.path().filename().string().starts_with("MANIFEST")) std::filesystem::remove(entry.path());
  index = CommandIndex::open(directory);
  ASSERT_TRUE(index) << index.error().message;
  index->reset();
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace kring
