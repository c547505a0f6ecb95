// A damaged log: what verify says of it, and what repair does.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/program.h"

namespace kring::test {
namespace {

namespace fs = std::filesystem;

class Repairs : public testing::Test {
 protected:
  // Seven records; the fifth is then damaged on disk.
  Repairs() {
    std::string commands = R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2035-12-31"})" "\n";
    for (const char* theme : {"een", "twee", "drie", "vier", "vijf", "zes"})
      commands += std::string(R"({"type":"add_theme","theme":")") + theme + R"(","title":"Thema","id":"c-)" + theme + "\"}\n";
    EXPECT_EQ(kring.submit(commands).exit_code, 0);
    std::string bytes = content(segment());
    bytes[bytes.find("c-vier") + 2] ^= 1;
    std::ofstream(segment(), std::ios::binary) << bytes;
  }

  std::string segment() const { return kring.data() + "/log/00000000000000000001.kring"; }
  static std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
  }
  static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

  Kring kring;
};

TEST_F(Repairs, verify_names_position_file_and_offset_and_says_what_can_be_done) {
  auto ran = kring({"verify"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(has(ran.err, "position 5, file " + segment() + ", offset ")) << ran.err;
  EXPECT_TRUE(has(ran.err, "records 1 to 4 are whole")) << ran.err;
  EXPECT_TRUE(has(ran.err, "kring repair --cut-at 5")) << ran.err;
}

TEST_F(Repairs, without_yes_nothing_is_changed) {
  const std::string before = content(segment());
  auto ran = kring({"repair", "--cut-at", "5"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.object().at("position").to_number<int>(), 4);
  EXPECT_TRUE(has(ran.err, "nothing was changed")) << ran.err;
  EXPECT_EQ(content(segment()), before);
}

TEST_F(Repairs, with_yes_the_rest_goes_on_and_what_was_cut_off_is_kept) {
  const std::string before = content(segment());
  auto ran = kring({"repair", "--cut-at", "5", "--yes"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  auto kept = std::string(ran.object().at("kept").as_string());
  EXPECT_EQ(content(kept + "/00000000000000000001.kring"), before);
  EXPECT_EQ(kring({"verify"}).object().at("verified").to_number<int>(), 4);
  auto answers = kring.submit(R"({"type":"add_theme","theme":"vier","title":"Thema","id":"c-vier"})" "\n"
                              R"({"type":"add_theme","theme":"drie","title":"Thema","id":"c-drie"})").lines();
  EXPECT_EQ(answers.at(0).at("status").as_string(), "accepted") << "its id is free again";
  EXPECT_EQ(answers.at(0).at("position").to_number<int>(), 5);
  EXPECT_EQ(answers.at(1).at("status").as_string(), "duplicate");
  EXPECT_EQ(kring({"programme"}).object().at("themes").as_array().size(), 4u);
  EXPECT_EQ(kring({"verify"}).exit_code, 0);
}

TEST_F(Repairs, behind_the_damage_or_the_end_is_refused_with_the_place) {
  const auto before_it = kring({"repair", "--cut-at", "3"});
  EXPECT_TRUE(has(before_it.err, "2 of these records are whole")) << before_it.err;
  EXPECT_TRUE(has(before_it.err, "records behind the damage may be whole as well; they are not counted")) << before_it.err;
  auto behind = kring({"repair", "--cut-at", "7", "--yes"});
  EXPECT_EQ(behind.exit_code, 2);
  EXPECT_TRUE(has(behind.err, "damaged at position 5,")) << behind.err;
  ASSERT_EQ(kring({"repair", "--cut-at", "5", "--yes"}).exit_code, 0);
  auto healthy = kring({"repair", "--cut-at", "3"});
  EXPECT_EQ(healthy.object().at("whole_records").to_number<int>(), 2);
  EXPECT_TRUE(has(healthy.err, "2 of these records are whole and were answered; nothing in this log is damaged")) << healthy.err;
  auto nothing = kring({"repair", "--cut-at", "5", "--yes"});
  EXPECT_EQ(nothing.exit_code, 3);
  EXPECT_TRUE(has(nothing.err, "there is nothing to cut")) << nothing.err;
  auto beyond = kring({"repair", "--cut-at", "9", "--yes"});
  EXPECT_EQ(beyond.exit_code, 3);
  EXPECT_TRUE(has(beyond.err, "ends before position 9")) << beyond.err;
  EXPECT_EQ(kring({"repair", "--yes"}).exit_code, 1) << "where to cut must be said";
  const auto zero = kring({"repair", "--cut-at", "0"});
  EXPECT_EQ(zero.exit_code, 1);
  EXPECT_TRUE(has(zero.err, "--cut-at: must be at least 1")) << zero.err;
}

}  // namespace
}  // namespace kring::test
