// The bytes of a log, held still: what one version wrote every later one reads and writes alike. The files are made
// once, by running this test with KRING_WRITE_GOLDEN=1; a difference afterwards is a change of the format.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/events/log/support.h"

namespace kring::testing {
namespace {

namespace fs = std::filesystem;

const fs::path golden = fs::path(KRING_SOURCE_DIR) / "tests/golden/log";

// Golden name, and the name in a log directory.
const std::array<std::pair<const char*, const char*>, 4> golden_files{{
    {"segment-1.bin", "00000000000000000001.kring"},
    {"segment-4.bin", "00000000000000000004.kring"},
    {"segment-5.bin", "00000000000000000005.kring"},
    {"witness.bin", "witness"},
}};

Bytes contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Two writers, three segments, an empty body, one with every byte, a time before 1970.
void write_log(const std::string& directory) {
  EmbeddedOptions options = small_options(directory, 850);
  options.random = counting_tokens();
  Bytes every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  {
    const auto log = make_embedded_log(options);
    ASSERT_TRUE(log->claim());
    ASSERT_TRUE(log->append(std::vector<Draft>{{Instant{1'700'000'000'000'000}, "first"}, {Instant{-1}, ""}}, 0));
    ASSERT_TRUE(log->append(std::vector<Draft>{{Instant{1'700'000'000'000'001}, "third"}}, 2));
  }
  options.random = [] {
    Token token;
    token.fill(0x99);
    return token;
  };
  const auto log = make_embedded_log(options);
  ASSERT_TRUE(log->claim());
  ASSERT_TRUE(log->append(std::vector<Draft>{{Instant{1'700'000'000'000'002}, every}}, 3));
  ASSERT_TRUE(log->append(std::vector<Draft>{{Instant{1'700'000'000'000'002}, "fifth"}}, 4));
  ASSERT_TRUE(log->append(std::vector<Draft>{{Instant{1'700'000'000'000'003}, "sixth"}}, 5));
}

// The golden log, sealed by a third writer.
void seal_log(const std::string& directory, std::uint64_t segment_size) {
  EmbeddedOptions options = small_options(directory, segment_size);
  options.random = [] {
    Token token;
    token.fill(0x55);
    return token;
  };
  const auto log = make_embedded_log(options);
  ASSERT_EQ(log->claim()->position, 6u);
  ASSERT_TRUE(log->seal("kafka://localhost:9092/kring/0", 6));
}

std::string hash_lines(const std::string& directory) {
  std::string lines;
  const auto reading = read_all(*make_embedded_reader(directory));
  EXPECT_TRUE(reading.end) << reading.end.error().message;
  for (std::size_t i = 0; i < reading.hashes.size(); ++i)
    lines += std::to_string(i + 1) + " " + to_hex(view(reading.hashes[i])) + "\n";
  return lines;
}

void copy_golden(const std::string& directory) {
  fs::create_directories(directory);
  for (const auto& [from, to] : golden_files) fs::copy_file(golden / from, fs::path(directory) / to);
}

struct Output {
  std::string text;
  int status;
};

Output read_log_tool(const std::string& arguments) {
  const std::string command = "python3 -B '" KRING_SOURCE_DIR "/tools/read_log.py' " + arguments + " 2>&1";
  FILE* const pipe = ::popen(command.c_str(), "r");
  Output output{{}, -1};
  if (pipe == nullptr) return output;
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    output.text.append(buffer.data(), got);
  output.status = ::pclose(pipe);
  return output;
}

TEST(Golden, TheSameLogIsTheSameBytes) {
  const TempDirectory temp;
  write_log(temp / "log");
  if (std::getenv("KRING_WRITE_GOLDEN") != nullptr) {
    fs::create_directories(golden);
    for (const auto& [to, from] : golden_files)
      fs::copy_file(fs::path(temp / "log") / from, golden / to, fs::copy_options::overwrite_existing);
    std::ofstream(golden / "hashes.txt") << hash_lines(temp / "log");
  }
  for (const auto& [expected, written] : golden_files)
    EXPECT_EQ(to_hex(contents(golden / expected)), to_hex(contents(fs::path(temp / "log") / written))) << expected;
}

TEST(Golden, OldBytesAreReadAndWrittenOn) {
  const TempDirectory temp;
  copy_golden(temp / "log");
  EXPECT_EQ(hash_lines(temp / "log"), contents(golden / "hashes.txt"));
  const auto log = make_embedded_log(small_options(temp / "log", 850));
  ASSERT_EQ(log->claim()->position, 6u);
  ASSERT_TRUE(log->append(some_drafts(1, 6), 6));
  EXPECT_EQ(read_all(*log).hashes.size(), 7u);
}

// The files that sealing changes: golden name, and the name in a log directory.
const std::array<std::pair<const char*, const char*>, 2> sealed_files{{
    {"sealed-segment-5.bin", "00000000000000000005.kring"},
    {"sealed-witness.bin", "witness"},
}};

TEST(Golden, TheSameSealIsTheSameBytes) {
  const TempDirectory temp;
  copy_golden(temp / "log");
  seal_log(temp / "log", 850);
  for (const auto& [expected, written] : sealed_files) {
    if (std::getenv("KRING_WRITE_GOLDEN") != nullptr)
      fs::copy_file(fs::path(temp / "log") / written, golden / expected, fs::copy_options::overwrite_existing);
    EXPECT_EQ(to_hex(contents(golden / expected)), to_hex(contents(fs::path(temp / "log") / written))) << expected;
  }
}

TEST(Golden, AnOldSealIsRead) {
  const TempDirectory temp;
  copy_golden(temp / "log");
  for (const auto& [from, to] : sealed_files)
    fs::copy_file(golden / from, fs::path(temp / "log") / to, fs::copy_options::overwrite_existing);
  EXPECT_EQ(make_embedded_reader(temp / "log")->successor().value(), "kafka://localhost:9092/kring/0");
  EXPECT_EQ(hash_lines(temp / "log"), contents(golden / "hashes.txt"));
  EXPECT_EQ(make_embedded_log(small_options(temp / "log", 850))->claim().error().code, "log_sealed");
}

TEST(ReadLogTool, TellsOfASeal) {
  for (const std::uint64_t segment_size : {300u, 850u}) {  // in a segment of its own, and behind the records
    const TempDirectory temp;
    copy_golden(temp / "log");
    seal_log(temp / "log", segment_size);
    const Output output = read_log_tool("--checksums '" + temp / "log" + "'");
    EXPECT_EQ(output.status, 0) << output.text;
    EXPECT_EQ(output.text, contents(golden / "hashes.txt") + "sealed kafka://localhost:9092/kring/0\n");
  }
}

TEST(ReadLogTool, RecomputesEveryHash) {
  const TempDirectory temp;
  copy_golden(temp / "log");
  const Output output = read_log_tool("--checksums '" + temp / "log" + "'");
  EXPECT_EQ(output.status, 0) << output.text;
  EXPECT_EQ(output.text, contents(golden / "hashes.txt"));
}

TEST(ReadLogTool, FindsWhatWasChanged) {
  const TempDirectory temp;
  copy_golden(temp / "log");
  const fs::path path = fs::path(temp / "log") / golden_files[2].second;
  Bytes bytes = contents(path);
  bytes[bytes.find("fifth")] = 'F';
  std::ofstream(path, std::ios::binary) << bytes;
  const Output output = read_log_tool("'" + temp / "log" + "'");
  EXPECT_NE(output.status, 0);
  EXPECT_NE(output.text.find("position 5"), std::string::npos) << output.text;
}

}  // namespace
}  // namespace kring::testing
