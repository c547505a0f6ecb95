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

  // What `write` gives, which writes somewhere. Where that has to wait for whoever reads there, that is a pager, and the screen is
  // the pager's: no bar is drawn any more.
  template <class Write>
  auto unless_waiting(Write write) {
    if (!wanted_) return write();
    const auto before = clock_();
    const auto written = write();
    note_wait(clock_() - before);
    return written;
  }

 private:
  void note_wait(std::chrono::steady_clock::duration time);

  const std::string what_;
  std::ostream& out_;
  bool wanted_;
  const Clock clock_;
  const std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
  bool visible_ = false;
};

}  // namespace kring::cli
