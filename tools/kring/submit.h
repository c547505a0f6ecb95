// Commands in, result lines out, in order, each as soon as it is durable.
#pragma once

#include <deque>
#include <functional>
#include <istream>
#include <mutex>
#include <optional>
#include <string>

#include "engine/runtime/engine.h"
#include "events/json/json.h"
#include "tools/kring/output.h"

namespace kring::cli {

inline constexpr std::size_t max_line = 1 << 20;  // bytes of one command

// Collects what commands are answered and writes it in the order in which they came. Thread-safe.
class Results {
 public:
  using Sink = std::function<void(const std::string& line)>;
  Results(Format format, Sink sink) : format_(format), sink_(std::move(sink)) {}

  std::size_t expect_one();  // the place of the next answer
  void complete(std::size_t place, const Answer& answer);
  void complete_invalid(std::size_t place, std::size_t line, const Error& error);

  // After everything is complete: 0 all accepted, 3 something rejected or invalid, 2 something unknown.
  int exit_code() const;
  std::size_t accepted() const { return accepted_; }
  std::size_t refused() const { return refused_; }

 private:
  void complete_text(std::size_t place, std::string text);

  const Format format_;
  const Sink sink_;
  mutable std::mutex mutex_;
  std::deque<std::optional<std::string>> waiting_;  // from place written_ on
  std::size_t written_ = 0, expected_ = 0, accepted_ = 0, refused_ = 0, unknown_ = 0;
};

struct SubmitOptions {
  bool import_history = false;  // commands may carry `at`
  std::string default_actor;
};

// Reads commands, one on a line, until the end of input. An empty line is skipped; a line that is no valid command is
// answered as such and the next one goes on. Returns when everything was handed to the engine.
void submit_lines(std::istream& in, Engine& engine, const SubmitOptions& options, Results& results);

std::string user_actor();  // "cli:USER"

json::Object to_json(const Answer& answer);

}  // namespace kring::cli
