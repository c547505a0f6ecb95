// Runs the built kring as people do: arguments and input in; output, errors and exit code out.
#pragma once

#include <string>
#include <vector>

#include "events/json/json.h"
#include "tests/support/seeds.h"

namespace kring::test {

struct Ran {
  int exit_code = -1;
  std::string out, err;

  std::vector<json::Value> lines() const;  // of JSON Lines
  json::Object object() const;             // of one JSON document
};

// `program`: found on PATH where it holds no slash.
Ran run(const std::string& program, const std::vector<std::string>& arguments, const std::string& input = "");

// A directory of its own, removed afterwards.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// kring on a data directory of its own.
class Kring {
 public:
  Ran operator()(std::vector<std::string> arguments, const std::string& input = "") const;
  Ran submit(const std::string& commands, std::vector<std::string> options = {}) const;
  std::string data() const { return directory_.path() + "/data"; }
  static std::string program();

 private:
  TemporaryDirectory directory_;
};

}  // namespace kring::test
