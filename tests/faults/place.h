// A data directory on a log on Kafka.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "events/base/text.h"
#include "tests/support/program.h"

namespace kring::test {

// Settings, for one broker.
inline std::string by_offsets(bool on) { return concat("allow_unreplicated = true\nanswer_by_offsets = ", on ? "true" : "false", "\n"); }

class Place {
 public:
  explicit Place(std::string url, const std::string& settings = "allow_unreplicated = true\n") : url_(std::move(url)) {
    std::filesystem::create_directories(kring_.data());
    std::ofstream(kring_.data() + "/kring.toml") << "[kafka]\n" << settings;
  }
  // As another machine gets it, keys included.
  Place(const Place& from) : url_(from.url_) {
    std::filesystem::copy(from.kring_.data(), kring_.data(), std::filesystem::copy_options::recursive);
    for (const char* suffix : {".kek", ".erased"}) std::filesystem::copy(from.kring_.data() + suffix, kring_.data() + suffix);
  }
  Place& operator=(const Place&) = delete;
  const std::string& url() const { return url_; }
  std::vector<std::string> arguments(const std::vector<std::string>& command) const {
    std::vector<std::string> all{"--data", kring_.data(), "--log", url_};
    all.insert(all.end(), command.begin(), command.end());
    return all;
  }
  Ran operator()(const std::vector<std::string>& command, const std::string& input = "") const { return run(Kring::program(), arguments(command), input); }

 private:
  Kring kring_;
  std::string url_;
};

// The same log from another data directory, and checked from end to end in its own.
inline void expect_same_elsewhere(const Place& place, const std::vector<std::string>& ids) {
  const auto records = Place(place.url())({"log"}).lines();
  std::vector<std::string> found;
  for (const auto& record : records) {
    found.emplace_back(record.at("command").at("id").as_string());
    EXPECT_EQ(record.at("position").to_number<std::size_t>(), found.size());
  }
  EXPECT_EQ(found, ids);
  const Ran verified = place({"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
}

}  // namespace kring::test
