// kring copy from one data directory to another: what is the same afterwards, and what is left of it when it is killed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "events/base/text.h"
#include "tests/support/moved.h"
#include "tests/support/planted.h"

namespace kring::test {
namespace {

namespace fs = std::filesystem;

class Copying : public Planted {
 protected:
  std::string target() const { return root.path() + "/new"; }
  Ran copy(const std::string& to) const { return kring({"copy", "--from", "embedded", "--to", to}); }
  Ran at(const std::string& directory, std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"--data", directory});
    return run(Kring::program(), arguments, input);
  }
  std::vector<KeyAtRest> keys_left() const { return keys_at_rest(keys(), kek()); }
};

TEST_F(Copying, keeps_every_record_and_every_answer_and_takes_the_keys_along) {
  plant();
  const auto before = answers({"--data", data()});
  const Ran copied = copy(target());
  ASSERT_EQ(copied.exit_code, 0) << to_text(copied);
  const std::string name = "file:" + fs::canonical(target()).string();
  EXPECT_EQ(copied.object()["to"].as_string(), name);
  EXPECT_EQ(answers({"--data", target()}), before);
  const Ran verified = at(target(), {"verify"});
  EXPECT_EQ(verified.exit_code, 0) << to_text(verified);
  EXPECT_NE(verified.out.find("can be opened"), std::string::npos) << verified.out;

  // The old place: names the new one, shows no name any more, takes nothing.
  const Ran refused = submit(R"({"type":"forget_person","person":"p-2"})");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find(name), std::string::npos) << refused.err;
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(kring({"verify"}).object()["successor"].as_string(), name);
  EXPECT_EQ(kring({"rebuild"}).exit_code, 0);
  EXPECT_EQ(kring({"repair", "--cut-at", "3", "--yes"}).exit_code, 2);
  const Ran read = kring({"person", "p-2"});
  EXPECT_EQ(read.exit_code, 0) << to_text(read);
  EXPECT_TRUE(read.object()["name"].is_null());
  EXPECT_NE(read.err.find("sealed"), std::string::npos);
  EXPECT_TRUE(keys_left().empty());

  // What is forgotten at the new place is gone at both.
  const auto forgotten = at(target(), {"submit"}, R"({"type":"forget_person","person":"p-2"})");
  EXPECT_EQ(forgotten.exit_code, 0) << to_text(forgotten);
  expect_none(kring({"history"}).out, of_p2_alone(), "the old place");
  const Ran again = copy(target());
  EXPECT_EQ(again.exit_code, 0) << to_text(again);
  EXPECT_NE(again.err.find("done before"), std::string::npos) << again.err;
  EXPECT_EQ(again.object()["copied"].to_number<int>(), 0);
}

TEST_F(Copying, refuses_what_would_make_two_of_one_or_one_of_two) {
  plant();
  EXPECT_EQ(copy(data()).exit_code, 1);
  EXPECT_EQ(copy(data() + "/../data/").exit_code, 1);
  fs::create_directory_symlink(data(), root.path() + "/link");
  EXPECT_EQ(copy("file:" + root.path() + "/link").exit_code, 1);
  for (const std::string wrong : {"http://x/y", "kafka://x", "file:", "//x"}) {
    const Ran ran = copy(wrong);
    EXPECT_EQ(ran.exit_code, 1) << wrong;
    EXPECT_NE(ran.err.find("--to " + wrong), std::string::npos) << ran.err;
  }
  EXPECT_EQ(run(Kring::program(), {"copy", "--from", root.path() + "/nothing", "--to", target()}).exit_code, 2);

  ASSERT_EQ(at(target(), {"init"}).exit_code, 0);
  const Ran refused = copy(target());
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("not empty"), std::string::npos) << refused.err;
  const std::string elsewhere = root.path() + "/elsewhere";
  ASSERT_EQ(copy(elsewhere).exit_code, 0) << "nothing was sealed by what was refused";
  EXPECT_EQ(copy(root.path() + "/third").exit_code, 2);
  EXPECT_FALSE(fs::exists(root.path() + "/third/keys"));
}

TEST_F(Copying, waits_for_a_writer_and_says_who_it_is) {
  plant();
  const Running writer(Kring::program(), {"--data", data(), "submit"});
  writer.write(R"({"type":"apply_retention"})" "\n");
  writer.read_line();
  const Ran busy = copy(target());
  EXPECT_EQ(busy.exit_code, 2);
  EXPECT_NE(busy.err.find("is writing to"), std::string::npos) << busy.err;
}

// Killed as it enters one of the calls by which it reaches the disk, for each of them in turn.
TEST_F(Copying, killed_at_any_step_is_completed_by_the_next_one) {
  plant();
  const auto before = answers({"--data", data()});
  const auto keys_before = keys_left();
  const TemporaryDirectory elsewhere;
  const std::string backup = elsewhere.path() + "/backup";
  fs::copy(root.path(), backup, fs::copy_options::recursive);
  int killed = 0;
  for (const std::string call : {"pwrite64", "fdatasync", "fsync", "rename", "ftruncate", "fallocate", "mkdir", "openat"}) {
    const int step = call == "openat" ? 10 / std::min(10, scaled(10)) : 1;  // most of them load libraries
    for (int nth = 1;; nth += step) {
      SCOPED_TRACE(concat("killed at ", call, " ", nth));
      for (const auto& entry : fs::directory_iterator(root.path())) fs::remove_all(entry);
      fs::copy(backup, root.path(), fs::copy_options::recursive);
      const Ran cut = run("strace", {"-f", "-E", no_leak_check, "-o", "/dev/null", "-e", "trace=" + call, "-e", concat("inject=", call, ":signal=SIGKILL:when=", nth),
                                     Kring::program(), "--data", data(), "copy", "--from", "embedded", "--to", target()});
      if (cut.exit_code == 0) break;
      ASSERT_EQ(cut.exit_code, 128 + 9) << to_text(cut);
      ++killed;
      const Ran again = copy(target());
      ASSERT_EQ(again.exit_code, 0) << to_text(again);
      EXPECT_TRUE(keys_left().empty());
      EXPECT_EQ(keys_at_rest(target() + "/keys", target() + ".kek").size(), keys_before.size());
      EXPECT_EQ(submit(R"({"type":"apply_retention"})").exit_code, 2);
    }
  }
  EXPECT_GT(killed, 20);
  EXPECT_EQ(answers({"--data", target()}), before);
}

}  // namespace
}  // namespace kring::test
