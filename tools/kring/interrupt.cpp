#include "tools/kring/interrupt.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

#include "events/base/check.h"

namespace kring::cli {

Interrupt::Interrupt() {
  sigset_t kept_back;
  sigemptyset(&kept_back);
  sigaddset(&kept_back, SIGINT);
  sigaddset(&kept_back, SIGTERM);
  KRING_CHECK(pthread_sigmask(SIG_BLOCK, &kept_back, nullptr) == 0);
  signals_ = signalfd(-1, &kept_back, SFD_CLOEXEC | SFD_NONBLOCK);
  KRING_CHECK(signals_ >= 0);
}

int Interrupt::take(int descriptor, int timeout) {
  pollfd fds[] = {{signals_, POLLIN, 0}, {descriptor, POLLIN, 0}};
  while (signal_ == 0 && ::poll(fds, descriptor < 0 ? 1 : 2, timeout) < 0 && errno == EINTR) {
  }
  signalfd_siginfo info{};
  if (signal_ == 0 && fds[0].revents != 0 && ::read(signals_, &info, sizeof info) == sizeof info) signal_ = static_cast<int>(info.ssi_signo);
  return signal_;
}

int pending_signal() {
  sigset_t pending;
  if (sigpending(&pending) != 0) return 0;
  return sigismember(&pending, SIGINT) == 1 ? SIGINT : sigismember(&pending, SIGTERM) == 1 ? SIGTERM : 0;
}

int Interrupt::came() { return take(-1, 0); }
bool Interrupt::wait_for(int descriptor) { return take(descriptor, -1) == 0; }
bool Interrupt::pause(std::chrono::milliseconds time) { return take(-1, static_cast<int>(time.count())) == 0; }

}  // namespace kring::cli
