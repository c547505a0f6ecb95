// Lines on their way to whoever reads them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace kring::cli {

// A thread of its own writes, so that who answers never waits for who reads. After a write that failed all else is dropped, and
// counts as written.
class Outlet {
 public:
  explicit Outlet(int descriptor);  // which stays the caller's
  ~Outlet();                        // what nobody has read by then is dropped
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  // ---- thread-safe ----
  void put(std::string line);  // without its end; never waits
  std::size_t written() const { return written_; }
  int error() const { return error_; }  // errno of the write that failed, or 0
  // Waits until all that was put is written. False: it is not, after so long a time.
  bool finish(std::chrono::milliseconds patience);

  // Readable when lines were written since the last call of see_progress.
  int progress() const { return progress_; }
  void see_progress() const;

 private:
  void run();
  bool write(std::string_view text);

  const int descriptor_, progress_, stop_;
  std::atomic<std::size_t> written_ = 0;
  std::atomic<int> error_ = 0;

  std::mutex mutex_;  // guards what follows
  std::condition_variable arrived_, emptied_;
  std::deque<std::string> lines_;
  std::size_t put_ = 0;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace kring::cli
