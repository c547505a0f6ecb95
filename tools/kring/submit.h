// Commands in, result lines out, in order, each as soon as it is durable.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "engine/runtime/engine.h"
#include "events/json/json.h"
#include "tools/kring/line_reader.h"
#include "tools/kring/output.h"
#include "tools/kring/progress_bar.h"

namespace kring::cli {

// Collects what commands are answered and writes it in the order in which they came. Thread-safe.
class Results {
 public:
  using Sink = std::function<void(const std::string& line)>;
  // `source`: the file that the commands come from, named where a line of it is invalid; empty: standard input.
  Results(Format format, std::string source, Sink sink) : format_(format), source_(std::move(source)), sink_(std::move(sink)) {}

  std::size_t expect_one(std::string id = "");  // the place of the next answer; `id`: what it is to be told if nobody completes it
  void complete(std::size_t place, const Answer& answer);
  void complete_invalid(std::size_t place, std::size_t line, const Error& error);
  // Answers `unknown` to all that is not complete; what completes later is not looked at. How many there were.
  std::size_t give_up(const Error& why);
  std::size_t expected() const;  // so far

  // After everything is complete: 0 all accepted, 3 something rejected or invalid, 2 something unknown.
  int exit_code() const;
  std::size_t accepted() const { return accepted_; }
  std::size_t refused() const { return refused_; }
  // Those whose outcome is unknown, and what the first of them was told.
  std::size_t unknown() const { return unknown_; }
  const std::string& trouble() const { return trouble_; }

 private:
  struct Waiting {
    std::string id;
    std::optional<std::string> text;
  };
  std::string text_of(const Answer& answer) const;
  void count(const Answer& answer);
  void complete_text(std::size_t place, std::string text);

  const Format format_;
  const std::string source_;
  const Sink sink_;
  mutable std::mutex mutex_;
  std::deque<Waiting> waiting_;  // from place written_ on
  bool given_up_ = false;
  std::size_t written_ = 0, expected_ = 0, accepted_ = 0, refused_ = 0, unknown_ = 0;
  std::string trouble_;
};

struct SubmitOptions {
  bool import_history = false;  // commands may carry `at`
  std::string default_actor;
  std::function<bool()> may_read{};  // before each line; false: it ends as if it were interrupted. May be empty
};

// How the input ended, and behind which line.
struct EndOfInput {
  ReadLine how;
  std::size_t lines;
};

// Reads commands, one on a line, until the end of input. An empty line is skipped; a line that is no valid command is
// answered as such and the next one goes on. Returns when everything was handed to `submit`, which takes it to an engine.
using Submit = std::function<void(Request, Engine::Completion)>;
EndOfInput submit_lines(LineReader& in, const Submit& submit, const SubmitOptions& options, Results& results, ProgressBar& progress);

std::string user_actor();  // "cli:USER"

json::Object to_json(const Answer& answer);

}  // namespace kring::cli
