#include "tools/kring/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "events/base/text.h"

namespace kring::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds patience = 1s, pace = 100ms, longest_write = 500ms;
constexpr std::uint64_t width = 40;

std::string bar(std::uint64_t done, std::uint64_t all) {
  auto full = static_cast<std::size_t>(static_cast<double>(width) * static_cast<double>(done) / static_cast<double>(all));
  auto percent = static_cast<int>(100.0 * static_cast<double>(done) / static_cast<double>(all));
  return concat('[', std::string(full, '#'), std::string(width - full, ' '), "] ", percent, " %");
}

}  // namespace

ProgressBar::ProgressBar(std::string what, bool useful)
    : ProgressBar(std::move(what), std::cerr, useful && isatty(STDERR_FILENO) == 1, [] { return std::chrono::steady_clock::now(); }) {}

ProgressBar::ProgressBar(std::string what, std::ostream& out, bool shown, Clock clock)
    : what_(std::move(what)), out_(out), wanted_(shown), clock_(std::move(clock)), start_(clock_()), drawn_(start_) {}

ProgressBar::~ProgressBar() { erase(); }

void ProgressBar::operator()(std::uint64_t done, std::uint64_t all) {
  if (!wanted_) return;
  auto now = clock_();
  if (now - start_ < patience || now - drawn_ < pace) return;
  drawn_ = now;
  // The last sequence wipes what a longer line left behind.
  out_ << '\r' << what_ << ' ' << (all == 0 ? concat(done) : bar(std::min(done, all), all)) << "\033[K" << std::flush;
  visible_ = true;
}

void ProgressBar::note_wait(std::chrono::steady_clock::duration time) {
  if (time < longest_write) return;
  erase();
  wanted_ = false;
}

void ProgressBar::erase() {
  if (visible_) out_ << "\r\033[K" << std::flush;
  visible_ = false;
}

}  // namespace kring::cli
