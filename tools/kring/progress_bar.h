// A bar for what takes longer than a second: on standard error, only where that is a terminal, gone at the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace kring::cli {

// Belongs to one thread at a time.
class ProgressBar {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  explicit ProgressBar(std::string what, bool useful = true);  // on standard error; not `useful`: never
  ProgressBar(std::string what, std::ostream& out, bool shown, Clock clock);  // for tests
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `all` 0: not known. Cheap: draws ten times a second at most.
  void operator()(std::uint64_t done, std::uint64_t all);
  void erase();  // until it is drawn again

 private:
  const std::string what_;
  std::ostream& out_;
  const bool wanted_;
  const Clock clock_;
  const std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
  bool visible_ = false;
};

}  // namespace kring::cli
