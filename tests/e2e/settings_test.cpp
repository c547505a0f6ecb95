// kring.toml of a data directory.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/planted.h"

namespace kring::test {
namespace {

namespace fs = std::filesystem;

class Settings : public Planted {
 protected:
  void write(const std::string& text) const {
    fs::create_directories(data());
    std::ofstream(data() + "/kring.toml") << text;
  }
  static constexpr auto define = R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2024-12-31"})" "\n"
                                 R"({"type":"register_person","person":"p-1","role":"speaker","name":"Iemand"})";
};

TEST_F(Settings, say_where_the_key_encryption_key_and_the_ledger_lie) {
  write("key_encryption_key = '" + root.path() + "/safe/kek'\nerasure_ledger = '../gone/ledger' # relative to the data directory\n");
  for (const char* directory : {"/safe", "/gone"}) fs::create_directory(root.path() + directory);
  ASSERT_EQ(submit(define).exit_code, 0);
  EXPECT_TRUE(fs::exists(root.path() + "/safe/kek"));
  EXPECT_EQ(fs::status(root.path() + "/safe/kek").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(fs::exists(root.path() + "/gone/ledger"));
  EXPECT_FALSE(fs::exists(kek()) || fs::exists(ledger()));
  EXPECT_EQ(kring({"person", "p-1"}).object()["name"], "Iemand");
}

TEST_F(Settings, that_ship_are_all_explained_and_none_is_taken) {
  fs::create_directory(data());
  fs::copy(KRING_SOURCE_DIR "/config/kring.toml", data() + "/kring.toml");
  ASSERT_EQ(submit(define).exit_code, 0);
  EXPECT_TRUE(fs::exists(kek()) && fs::exists(ledger()));
}

TEST_F(Settings, that_are_wrong_are_refused_with_file_line_and_member_and_nothing_is_made) {
  for (const auto& [line, member] : {std::pair("erasure_ledger = 'ledger'", "erasure_ledger"), std::pair("key_encryption_key = 'keys/../kek'", "key_encryption_key"),
                                     std::pair("key_encryption_key = ''", "key_encryption_key"), std::pair("kek = '/x'", "kek"), std::pair("erasure_ledger = 7", "erasure_ledger")}) {
    write(std::string("# a line\n") + line + "\n");
    auto ran = submit(define);
    EXPECT_EQ(ran.exit_code, 3) << line;
    EXPECT_NE(ran.err.find("kring.toml:2: '" + std::string(member) + "'"), std::string::npos) << ran.err;
    EXPECT_FALSE(fs::exists(data() + "/log")) << line;
  }
}

TEST_F(Settings, that_lead_into_the_data_directory_through_a_link_are_refused) {
  fs::create_directory(data());
  for (const auto& [link, target, setting] : {std::tuple("/inside", "/data", "inside/kek"), {"/alias", "/data/not-yet", "alias"}, {"/deep", "/inside/deeper", "deep"}}) {
    fs::create_symlink(root.path() + target, root.path() + link);
    write("\nkey_encryption_key = '../" + std::string(setting) + "'\n");
    auto ran = submit(define);
    EXPECT_EQ(ran.exit_code, 3) << setting;
    EXPECT_NE(ran.err.find("kring.toml:2: 'key_encryption_key' must lie outside"), std::string::npos) << ran.err;
    EXPECT_FALSE(fs::exists(data() + "/log")) << setting;
  }
  // Also where nothing is set, and where the data directory itself is named by a link.
  fs::remove(data() + "/kring.toml");
  fs::create_symlink("data/ledger", ledger());
  auto by_default = submit(define);
  EXPECT_EQ(by_default.exit_code, 3);
  EXPECT_NE(by_default.err.find(ledger()), std::string::npos) << by_default.err;
  fs::remove(ledger());
  write("erasure_ledger = '" + root.path() + "/inside/ledger'\n");
  EXPECT_EQ(run(Kring::program(), {"--data", root.path() + "/inside", "submit"}, define).exit_code, 3);
}

TEST_F(Settings, that_lead_elsewhere_through_a_link_are_taken) {
  fs::create_directory(root.path() + "/safe");
  fs::create_symlink("safe", root.path() + "/alias");
  write("key_encryption_key = '../alias/kek'\n");
  EXPECT_EQ(submit(define).exit_code, 0);
  EXPECT_TRUE(fs::exists(root.path() + "/safe/kek"));
}

TEST_F(Settings, that_name_a_directory_which_does_not_exist_say_so_and_nothing_is_made) {
  for (const std::string name : {"key_encryption_key", "erasure_ledger"}) {
    write("\n" + name + " = '" + root.path() + "/nowhere/file'\n");
    auto ran = submit(define);
    EXPECT_EQ(ran.exit_code, 2) << name;
    EXPECT_NE(ran.err.find("kring.toml:2: '" + name + "' is " + root.path() + "/nowhere/file, and there is no directory " + root.path() + "/nowhere"), std::string::npos) << ran.err;
    EXPECT_FALSE(fs::exists(data() + "/log")) << name;
  }
}

TEST_F(Settings, that_name_what_is_no_file_or_one_file_for_both_say_so_and_nothing_is_made) {
  fs::create_directory(root.path() + "/directory");
  for (const std::string name : {"key_encryption_key", "erasure_ledger"})
    for (const std::string& place : {std::string("/dev/null"), root.path() + "/directory"}) {
      write("\n" + name + " = '" + place + "'\n");
      auto ran = submit(define);
      EXPECT_EQ(ran.exit_code, 3) << name;
      EXPECT_NE(ran.err.find("kring.toml:2: '" + name + "' is " + place + ", which is not a file"), std::string::npos) << ran.err;
      EXPECT_FALSE(fs::exists(data() + "/log")) << name;
    }
  write("key_encryption_key = '../same'\nerasure_ledger = '../same'\n");
  auto ran = submit(define);
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_NE(ran.err.find("kring.toml:2: 'key_encryption_key' and 'erasure_ledger' are the same file"), std::string::npos) << ran.err;
  EXPECT_FALSE(fs::exists(data() + "/log"));
  fs::remove(data() + "/kring.toml");
  EXPECT_EQ(submit(define).exit_code, 0) << "nothing half done stands in the way";
}

}  // namespace
}  // namespace kring::test
