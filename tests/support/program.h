// Runs the built kring as people do: arguments and input in; output, errors and exit code out.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "events/json/json.h"
#include "tests/support/seeds.h"

namespace kring::test {

struct Ran {
  int exit_code = -1;
  std::string out, err;
  long most_memory_kib = 0;  // resident, at its highest

  std::vector<json::Value> lines() const;  // of JSON Lines
  json::Object object() const;             // of one JSON document
};

// `program`: found on PATH where it holds no slash.
Ran run(const std::string& program, const std::vector<std::string>& arguments, const std::string& input = "");

// The same with standard output and standard error on one terminal of 200 columns; `out` holds what was written to both.
// `environment`: "NAME=value", beside the one of the test.
Ran run_on_terminal(const std::string& program, const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {});

// For `strace -E`: a sanitizer cannot look for leaks in a process that is traced.
inline constexpr const char* no_leak_check = "ASAN_OPTIONS=detect_leaks=0";

// A kring that runs while the test goes on, with pipes to its input and outputs.
class Running {
 public:
  Running(const std::string& program, const std::vector<std::string>& arguments);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void write(const std::string& text) const;  // to its standard input, which must have room for it
  bool try_write(const std::string& text) const;  // the same; false where it is gone
  std::string read_line() const;              // from its standard output; waits for it; empty: there is nothing more
  std::optional<std::string> read_line_within(std::chrono::milliseconds patience);  // none where no whole line came, or it is gone
  void send(int signal) const;
  void close_input();
  bool is_alive() const;
  void wait_until_taken() const;              // until it has read all that was written to it
  void wait_for_end() const;                  // and reads nothing of it; finish() comes after it
  void close_output();                        // as a reader that has had enough
  // Writes `input`, closes the input, reads what is left, and waits for its end.
  Ran finish(const std::string& input = "");

 private:
  bool take(int patience) const;
  std::optional<std::string> whole_line() const;

  int pid_, in_, out_;
  mutable int err_;
  mutable std::string ahead_;       // was read and not asked for yet
  mutable std::string complaints_;  // from its standard error, meanwhile
};

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
