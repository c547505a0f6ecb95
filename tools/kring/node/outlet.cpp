#include "tools/kring/node/outlet.h"

#include <limits.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "events/base/check.h"

namespace kring::cli {
namespace {

// What a pipe takes whole, and without waiting, where it has room at all.
constexpr std::size_t chunk = PIPE_BUF;

int make_event() {
  const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  KRING_CHECK(descriptor >= 0);
  return descriptor;
}

}  // namespace

Outlet::Outlet(int descriptor) : descriptor_(descriptor), progress_(make_event()), stop_(make_event()), thread_([this] { run(); }) {}

Outlet::~Outlet() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  (void)eventfd_write(stop_, 1);
  thread_.join();
  for (const int descriptor : {progress_, stop_}) ::close(descriptor);
}

void Outlet::put(std::string line) {
  line += '\n';
  {
    std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    ++put_;
  }
  arrived_.notify_one();
}

bool Outlet::finish(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, patience, [this] { return written_ == put_; });
}

void Outlet::see_progress() const {
  eventfd_t count = 0;
  (void)eventfd_read(progress_, &count);
}

void Outlet::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    arrived_.wait(lock, [this] { return stopping_ || !lines_.empty(); });
    if (lines_.empty()) return;
    // Whole lines together, as far as a pipe takes them at once.
    std::string text;
    std::size_t count = 0;
    while (!lines_.empty() && (count == 0 || text.size() + lines_.front().size() <= chunk)) {
      text += lines_.front();
      lines_.pop_front();
      ++count;
    }
    lock.unlock();
    if (!write(text)) return;
    lock.lock();
    written_ += count;
    (void)eventfd_write(progress_, 1);
    emptied_.notify_all();
  }
}

// False: it was told to stop.
bool Outlet::write(std::string_view text) {
  while (!text.empty() && error_ == 0) {
    pollfd fds[] = {{descriptor_, POLLOUT, 0}, {stop_, POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0) continue;
    if (fds[0].revents == 0) return false;
    const ssize_t count = ::write(descriptor_, text.data(), std::min(text.size(), chunk));
    if (count >= 0) text.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR && errno != EAGAIN) error_ = errno;
  }
  return true;
}

}  // namespace kring::cli
