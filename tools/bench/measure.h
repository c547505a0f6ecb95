// Private to the suites: time, middles, and errors that end the run.
#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "events/base/error.h"

namespace kring::bench {

// Ends the run; caught in bench.cpp, the only door of this library.
struct Failed {
  Error error;
};

template <class T>
T must(Result<T> result) {
  if (!result) throw Failed{std::move(result.error())};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

template <class Work>
double seconds(Work&& work) {
  auto start = Clock::now();
  work();
  return seconds_since(start);
}

// The time that this thread had a core: for work that never waits, on a machine that does other things too.
template <class Work>
double core_seconds(Work&& work) {
  auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  auto start = now();
  work();
  return now() - start;
}

// `share` 0.5: the median; 0.99: what all but one in a hundred keep to.
inline double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  auto at = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values[std::min(at, values.size() - 1)];
}
inline double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

// Keeps the compiler from leaving out what nobody looks at.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

}  // namespace kring::bench
