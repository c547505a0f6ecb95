// What the tests of the embedded log share.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "events/log/embedded/embedded_log.h"

namespace kring::testing {

// Long loops do this part of the full work: KRING_TEST_SCALE=1 is all of it.
inline double test_scale() {
  const char* scale = std::getenv("KRING_TEST_SCALE");
  return scale == nullptr ? 0.1 : std::strtod(scale, nullptr);
}

class TempDirectory {
 public:
  TempDirectory() {
    std::string path = ::testing::TempDir() + "kring-log-XXXXXX";
    path_ = ::mkdtemp(path.data());
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  ~TempDirectory() {
    std::error_code ignored;  // a child process may still be writing there when a test has failed
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Tokens 01 01 .., 02 02 ..: the same on each run.
inline std::function<Token()> counting_tokens() {
  return [next = std::uint8_t{0}]() mutable {
    Token token;
    token.fill(++next);
    return token;
  };
}

inline EmbeddedOptions small_options(std::string directory, std::uint64_t segment_size = 1 << 20) {
  EmbeddedOptions options;
  options.directory = std::move(directory);
  options.segment_size = segment_size;
  options.lock_wait = std::chrono::milliseconds(0);
  options.random = counting_tokens();
  options.now = [] { return std::chrono::steady_clock::time_point{}; };  // so that only closing writes a witness
  return options;
}

inline std::vector<Draft> some_drafts(std::size_t count, Position after = 0) {
  std::vector<Draft> drafts;
  for (std::size_t i = 1; i <= count; ++i) {
    const auto number = static_cast<std::int64_t>(after + i);
    drafts.push_back({Instant{1'700'000'000'000'000 + number}, "body of record " + std::to_string(number)});
  }
  return drafts;
}

struct Reading {
  std::vector<Hash> hashes;
  Result<Bookmark> end;
};

inline Reading read_all(LogReader& reader, const Bookmark& from = {}) {
  Reading reading;
  reading.end = reader.read(from, [&](const LogEntry& entry) {
    reading.hashes.push_back(entry.hash);
    return true;
  });
  return reading;
}

}  // namespace kring::testing
