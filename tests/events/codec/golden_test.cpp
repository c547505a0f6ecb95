// Bytes that were released never change: tests/golden/records holds a decision for each type of event and command.
// KRING_REGENERATE_GOLDEN writes them anew, for a type that is new; a file that was there before must not differ.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "events/codec/codec.h"
#include "tests/events/codec/session_moved_1.h"

namespace kring::test {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(KRING_SOURCE_DIR) / "tests/golden/records";

struct Golden {
  std::string name;
  Bytes bytes;
  Decision decision;
};

std::vector<Golden> goldens() {
  std::vector<Golden> all;
  for (auto& [name, decision] : samples(Optionals::set)) all.push_back({name, codec::encode(decision), decision});
  all.push_back({"SessionMoved.1", session_moved_1(), moved_without_before()});
  return all;
}

// The bytes of a file of lines of hexadecimal digits.
std::optional<Bytes> read(const fs::path& path) {
  std::ifstream file(path);
  std::string hex, line;
  while (std::getline(file, line)) hex += line;
  return hex.empty() ? std::nullopt : from_hex(hex);
}

void write(const fs::path& path, BytesView bytes) {
  std::ofstream file(path);
  std::string hex = to_hex(bytes);
  for (std::size_t at = 0; at < hex.size(); at += 96) file << hex.substr(at, 96) << '\n';
}

void regenerate() {
  fs::create_directories(folder);
  for (const Golden& golden : goldens()) write(folder / (golden.name + ".hex"), golden.bytes);
}

TEST(Golden, bytes_are_what_is_encoded_today) {
  if (std::getenv("KRING_REGENERATE_GOLDEN")) {
    regenerate();
    FAIL()
        << "the golden records were written anew: look at what differs, and run again without KRING_REGENERATE_GOLDEN";
  }
  for (const Golden& golden : goldens()) {
    auto bytes = read(folder / (golden.name + ".hex"));
    ASSERT_TRUE(bytes) << "no golden record of " << golden.name;
    EXPECT_EQ(to_hex(golden.bytes), to_hex(*bytes)) << golden.name;
  }
}

TEST(Golden, bytes_decode_to_what_they_meant) {
  for (const Golden& golden : goldens()) {
    auto bytes = read(folder / (golden.name + ".hex"));
    ASSERT_TRUE(bytes) << "no golden record of " << golden.name;
    auto decoded = codec::decode(*bytes);
    ASSERT_TRUE(decoded) << golden.name << ": " << decoded.error().message;
    EXPECT_EQ(*decoded, golden.decision) << golden.name;
  }
}

TEST(Golden, files_belong_to_a_type_that_is_still_there) {
  std::set<std::string> known;
  for (const Golden& golden : goldens()) known.insert(golden.name + ".hex");
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    EXPECT_TRUE(known.contains(file.path().filename().string())) << file.path();
    ++files;
  }
  EXPECT_EQ(files, known.size());
}

}  // namespace
}  // namespace kring::test
