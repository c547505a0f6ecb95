// Ctrl-C, and the request to end that `kill` sends, as something to look at between two pieces of work.
#pragma once

#include <chrono>

namespace kring::cli {

// From its making on the two signals are kept back from this thread and from those that it starts, so that no call of
// theirs is cut short; who wants to know asks. What the user has set to be ignored stays ignored. One at a time; lives as
// long as the process.
class Interrupt {
 public:
  Interrupt();

  // The signal that came, or 0. Costs a system call.
  int came();
  // Waits until `descriptor` can be read, a signal came, or the time is over (none: for ever). False: a signal came.
  bool wait_for(int descriptor);
  bool pause(std::chrono::milliseconds time);

 private:
  int take(int descriptor, int timeout);

  int signals_ = -1;
  int signal_ = 0;
};

// The signal that came and was not looked at yet, or 0; it stays to be looked at. For any thread: what waits for something in the
// depth of other work asks here. Where there is no Interrupt a signal ends the process by itself.
int pending_signal();

// The exit code that a shell gives to a process that a signal ended.
constexpr int exit_code_of(int signal) { return 128 + signal; }

}  // namespace kring::cli
