// Directories that cannot be written, disks that are full, and data of another format version: what is there stays, and
// people are told what to do.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "events/base/bytes.h"
#include "events/base/little_endian.h"
#include "events/base/text.h"
#include "tests/support/program.h"

namespace kring::test {
namespace {

namespace fs = std::filesystem;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// ---- a directory that this user may only read ----

class ReadOnly : public testing::Test {
 protected:
  ReadOnly() {
    EXPECT_EQ(kring({"init"}).exit_code, 0);
    EXPECT_EQ(kring.submit(R"({"type":"register_person","person":"p-1","area":"breda-noord","role":"coordinator","name":"Noor Voorbeeld"}
{"type":"enrol","theme":"re-integratie","area":"breda-noord","person":"p-1"}
)").exit_code, 0);
    // The program may lie where nobody else can go.
    fs::copy_file(Kring::program(), program);
    for (auto path = fs::path(kring.data()); path != fs::temp_directory_path() && path.has_relative_path(); path = path.parent_path())
      fs::permissions(path, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
  }
  void let_others_read() const {
    for (const auto& entry : fs::recursive_directory_iterator(kring.data()))
      if (entry.path().filename() != "keys")
        fs::permissions(entry, fs::perms::others_read | (entry.is_directory() ? fs::perms::others_exec : fs::perms::none), fs::perm_options::add);
  }
  // As a user who owns nothing here.
  Ran as_nobody(std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"--reuid", "65534", "--regid", "65534", "--clear-groups", program, "--data", kring.data()});
    return run("setpriv", arguments, input);
  }

  Kring kring;
  const std::string program = kring.data() + ".program";
};

TEST_F(ReadOnly, shows_everything_but_names_to_who_may_read_it_and_not_the_keys) {
  let_others_read();
  for (const std::vector<std::string>& read : {std::vector<std::string>{"roster", "re-integratie"}, {"areas"}, {"person", "p-1"}, {"history"}, {"log"}, {"stats"}}) {
    auto ran = as_nobody(read);
    EXPECT_EQ(ran.exit_code, 0) << read[0] << ran.err;
    EXPECT_TRUE(holds(ran.err, "names cannot be shown") && holds(ran.err, "Permission denied")) << ran.err;
    EXPECT_FALSE(holds(ran.out, "Voorbeeld")) << ran.out;
  }
  auto roster = as_nobody({"roster", "re-integratie"}).object();
  EXPECT_EQ(roster["seats"].at(0).at("person").as_string(), "p-1");
  EXPECT_TRUE(roster["seats"].at(0).at("name").is_null());
}

TEST_F(ReadOnly, refuses_to_be_changed_and_says_why) {
  let_others_read();
  for (const std::vector<std::string>& change : {std::vector<std::string>{"submit"}, {"init"}, {"rebuild"}, {"verify"}}) {
    auto ran = as_nobody(change, R"({"type":"add_theme","theme":"a","title":"A"})");
    EXPECT_EQ(ran.exit_code, 2) << change[0];
    EXPECT_EQ(ran.out, "") << change[0];
    EXPECT_TRUE(holds(ran.err, kring.data()) && holds(ran.err, "Permission denied")) << ran.err;
  }
  EXPECT_EQ(kring({"log"}).lines().size(), 28u);
}

TEST_F(ReadOnly, with_read_models_that_are_missing_says_that_somebody_else_must_make_them) {
  fs::remove_all(kring.data() + "/read-models");
  let_others_read();
  auto ran = as_nobody({"roster", "re-integratie"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(holds(ran.err, "no read models") && holds(ran.err, "by this user") && holds(ran.err, "Permission denied")) << ran.err;
  EXPECT_EQ(kring({"roster", "re-integratie"}).exit_code, 0);  // its owner can
}

TEST_F(ReadOnly, with_read_models_that_may_not_be_read_names_the_file_and_what_to_do) {
  let_others_read();
  const std::string models = kring.data() + "/read-models";
  for (const std::string& closed : {models, models + "/CURRENT"}) {
    const auto before = fs::status(closed).permissions();
    fs::permissions(closed, fs::perms::owner_all);
    auto ran = as_nobody({"programme"});
    EXPECT_EQ(ran.exit_code, 2) << closed;
    EXPECT_TRUE(holds(ran.err, closed) && holds(ran.err, "Permission denied") && holds(ran.err, "kring rebuild")) << ran.err;
    fs::permissions(closed, before);
  }
  EXPECT_EQ(as_nobody({"programme"}).exit_code, 0);
}

TEST_F(ReadOnly, is_told_from_one_that_may_not_even_be_looked_at) {
  fs::permissions(kring.data(), fs::perms::owner_all, fs::perm_options::replace);
  auto ran = as_nobody({"roster", "re-integratie"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(holds(ran.err, "cannot read " + kring.data() + ": Permission denied")) << ran.err;
  std::string secret = kring.data() + ".jsonl";
  std::ofstream(secret) << "{}";
  fs::permissions(secret, fs::perms::owner_all, fs::perm_options::replace);
  auto unreadable = as_nobody({"submit", secret});
  EXPECT_EQ(unreadable.exit_code, 2);
  EXPECT_TRUE(holds(unreadable.err, "cannot read " + secret + ": Permission denied")) << unreadable.err;
}

// ---- a full disk ----

// A file system of so many bytes. Needs root: a machine that refuses it fails the test.
class SmallDisk {
 public:
  SmallDisk(std::string path, const std::string& size) : path_(std::move(path)) {
    fs::create_directory(path_);
    if (mount("tmpfs", path_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) != 0) ADD_FAILURE() << "cannot mount a tmpfs: " << std::strerror(errno);
  }
  ~SmallDisk() { umount2(path_.c_str(), MNT_DETACH); }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  void grow(const std::string& size) const { ASSERT_EQ(mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT, ("size=" + size).c_str()), 0) << std::strerror(errno); }

 private:
  const std::string path_;
};

std::string long_themes(int count) {
  std::ostringstream lines;
  for (int i = 0; i < count; ++i) lines << R"({"type":"add_theme","theme":"t-)" << i << R"(","id":"i-)" << i << R"(","title":")" << std::string(900, 'x') << "\"}\n";
  return lines.str();
}

class FullDisk : public testing::TestWithParam<const char*> {};

TEST_P(FullDisk, loses_nothing_that_was_accepted_and_works_again_once_there_is_room) {
  Kring kring;
  fs::create_directory(kring.data());
  SmallDisk disk(kring.data() + "/klein", GetParam());
  std::string data = kring.data() + "/klein/data", commands = long_themes(4000);
  auto on_disk = [&](std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), {"--data", data});
    return run(Kring::program(), arguments, input);
  };
  ASSERT_EQ(on_disk({"submit"}, R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2035-12-31"})").exit_code, 0);
  auto full = on_disk({"submit"}, commands);
  auto answers = full.lines();
  ASSERT_EQ(answers.size(), 4000u);  // every line has its answer
  std::size_t accepted = 0;
  while (accepted < answers.size() && answers[accepted].at("status").as_string() == "accepted") ++accepted;
  bool models_only = accepted == answers.size();  // there was room for the log, and none for the read models
  EXPECT_EQ(full.exit_code, models_only ? 0 : 2);
  EXPECT_TRUE(holds(full.err, "No space left on device")) << full.err;
  EXPECT_TRUE(holds(full.err, models_only ? "lag behind" : "again with the same id")) << full.err;
  EXPECT_GT(accepted, 0u);
  for (std::size_t i = accepted; i < answers.size(); ++i) ASSERT_EQ(answers[i].at("status").as_string(), "unknown") << i;
  auto log = on_disk({"log"});
  EXPECT_EQ(log.exit_code, 0) << log.err;  // what is there can be read
  EXPECT_GE(log.lines().size(), 1 + accepted);

  disk.grow("400m");
  auto again = on_disk({"submit"}, commands);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  auto lines = again.lines();
  ASSERT_EQ(lines.size(), 4000u);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    ASSERT_TRUE(i >= accepted || lines[i].at("status").as_string() == "duplicate") << i;
    ASSERT_EQ(lines[i].at("position").to_number<std::size_t>(), i + 2);
  }
  EXPECT_EQ(on_disk({"verify"}).exit_code, 0);
  EXPECT_EQ(on_disk({"programme"}).object()["themes"].as_array().size(), 4000u);
}

// Where exactly the disk is full differs: at the log's next piece of room, at the ids of commands, at the read models.
INSTANTIATE_TEST_SUITE_P(OfDifferentSizes, FullDisk, testing::Values("4800k", "6m", "14m"), [](const auto& size) { return std::string(size.param); });

TEST(DiskThatIsFull, from_the_beginning_is_said_and_leaves_no_half_directory_in_the_way) {
  Kring kring;
  fs::create_directory(kring.data());
  SmallDisk disk(kring.data() + "/klein", "512k");
  std::string data = kring.data() + "/klein/data";
  auto ran = run(Kring::program(), {"--data", data, "init"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(holds(ran.err, "No space left on device")) << ran.err;
  disk.grow("100m");
  EXPECT_EQ(run(Kring::program(), {"--data", data, "init"}).exit_code, 0);
}

// ---- another format version ----

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Raises the version in a header of 128 bytes: two bytes at 8; the checksum over all of it, itself taken as zero, at 12.
void raise_version(const std::string& path) {
  auto bytes = bytes_of(path);
  ASSERT_GE(bytes.size(), 128u);
  ++bytes[8];
  std::string header = bytes.substr(0, 128);
  for (std::size_t i = 12; i < 16; ++i) header[i] = 0;
  put_little(bytes.data() + 12, crc32c(header));
  std::ofstream(path, std::ios::binary) << bytes;
}

class OtherVersion : public testing::Test {
 protected:
  OtherVersion() { EXPECT_EQ(kring({"init"}).exit_code, 0); }
  Kring kring;
};

TEST_F(OtherVersion, of_the_log_is_refused_and_left_alone) {
  std::string segment = kring.data() + "/log/00000000000000000001.kring";
  raise_version(segment);
  auto bytes = bytes_of(segment);
  for (const std::vector<std::string>& command : {std::vector<std::string>{"log"}, {"submit"}, {"verify"}, {"init"}}) {
    auto ran = kring(command, R"({"type":"add_theme","theme":"a","title":"A"})");
    EXPECT_EQ(ran.exit_code, 2) << command[0];
    EXPECT_TRUE(holds(ran.err, segment) && holds(ran.err, "version")) << ran.err;
  }
  EXPECT_EQ(bytes_of(segment), bytes);
}

TEST_F(OtherVersion, of_the_keys_is_refused_and_left_alone) {
  std::string keys = kring.data() + "/keys";
  raise_version(keys);
  auto bytes = bytes_of(keys);
  auto ran = kring.submit(R"({"type":"add_theme","theme":"a","title":"A"})");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(holds(ran.err, keys) && holds(ran.err, "format version 3")) << ran.err;
  auto read = kring({"areas"});  // all but names
  EXPECT_EQ(read.exit_code, 0);
  EXPECT_TRUE(holds(read.err, "format version 3")) << read.err;
  EXPECT_EQ(bytes_of(keys), bytes);
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.at(0));
    bytes.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return number;
  }
}

// Debian's RocksDB ends the process where the properties of a table seem to have a hash index.
TEST(DamagedTable, says_what_to_do_even_where_rocksdb_ends_the_process) {
  Kring kring;
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  ASSERT_EQ(kring({"rebuild"}).exit_code, 0);
  std::size_t damaged = 0;
  for (const auto& entry : fs::directory_iterator(kring.data() + "/read-models")) {
    if (entry.path().extension() != ".sst") continue;
    std::string bytes = bytes_of(entry.path());
    // From the footer to the index of the other blocks, and from there to the properties.
    std::string_view footer = std::string_view(bytes).substr(bytes.size() - 52);
    const auto index = take_varint(footer);
    std::string_view place = std::string_view(bytes).substr(bytes.find("rocksdb.properties", index) + std::strlen("rocksdb.properties"));
    const auto offset = take_varint(place), size = take_varint(place);
    bytes.at(offset + size - 1) ^= static_cast<char>(0x80);
    std::ofstream(entry.path(), std::ios::binary) << bytes;
    ++damaged;
  }
  ASSERT_GT(damaged, 0u);
  const auto ran = kring({"areas"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(holds(ran.err, "read-models")) << ran.err;
  fs::remove_all(kring.data() + "/read-models");
  EXPECT_EQ(kring({"areas"}).exit_code, 0);
}

// As after a backup of the log alone was put back, or its end was lost: the read models are all that knows.
TEST(LostRecords, that_read_models_have_seen_are_told_before_their_positions_are_used_again) {
  Kring kring;
  ASSERT_EQ(kring({"init"}).exit_code, 0);
  fs::copy(kring.data() + "/log", kring.data() + "/older", fs::copy_options::recursive);
  const auto add = [&](const std::string& theme) { return kring.submit(concat(R"({"type":"add_theme","title":"T","theme":")", theme, "\"}")); };
  ASSERT_EQ(add("verloren").exit_code, 0);
  fs::remove_all(kring.data() + "/log");
  fs::rename(kring.data() + "/older", kring.data() + "/log");
  const std::string before = kring({"log"}).out;

  const auto refused = add("daarna");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(holds(refused.err, "have followed the log as far as position")) << refused.err;
  EXPECT_TRUE(holds(refused.err, "kring rebuild")) << refused.err;
  EXPECT_EQ(kring({"log"}).out, before) << "nothing is appended";

  ASSERT_EQ(kring({"rebuild"}).exit_code, 0);
  EXPECT_EQ(add("daarna").exit_code, 0);
  EXPECT_EQ(kring({"verify"}).exit_code, 0);
}

TEST_F(OtherVersion, of_read_models_and_command_ids_is_made_anew_from_the_log) {
  auto areas = kring({"areas"}).out;
  for (const char* part : {"/read-models", "/command-ids"})
    for (const char* file : {"CURRENT", "MANIFEST"}) {
      for (const auto& entry : fs::directory_iterator(kring.data() + part))
        if (entry.path().filename().string().starts_with(file)) std::ofstream(entry.path(), std::ios::binary) << "something of a later version\n";
      auto again = kring({"areas"});
      EXPECT_EQ(again.exit_code, 0) << part << file << again.err;
      EXPECT_EQ(again.out, areas) << part << file;
      auto ran = kring.submit(R"({"type":"define_programme","programme":"leerkringen-2024-2025","title":"x","from":"2024-01-01","to":"2024-12-31"})");
      EXPECT_EQ(ran.exit_code, 3) << part << file << ran.err;
      EXPECT_EQ(kring({"verify"}).exit_code, 0) << part << file;
      areas = kring({"areas"}).out;
    }
}

}  // namespace
}  // namespace kring::test
