#include "tools/bench/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "events/base/text.h"
#include "tools/bench/measure.h"

extern char** environ;

namespace kring::bench {
namespace {

[[noreturn]] void failed(const std::string& program, std::string_view why) {
  throw Failed{{ErrorKind::io, "program_failed", "", concat(program, ": ", why)}};
}

std::array<int, 2> make_pipe(const std::string& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) failed(program, "no pipe to it can be made");
  return ends;
}

// The most memory that a process had so far; 0 when it is gone. What wait4 tells is no less than the memory of whoever started
// it, because a child begins with that.
std::uint64_t peak_of(pid_t process) {
  std::ifstream status(concat("/proc/", process, "/status"));
  for (std::string word; status >> word;) {
    std::uint64_t kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib * 1024;
  }
  return 0;
}

constexpr int look_again = 5;  // milliseconds

}  // namespace

Ran run_program(const std::string& program, const std::vector<std::string>& arguments, const std::string& input) {
  auto in = make_pipe(program), out = make_pipe(program);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  auto start = Clock::now();
  pid_t child = 0;
  int started = ::posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  // The inputs are smaller than a pipe holds.
  bool fed = started == 0 && ::write(in[1], input.data(), input.size()) == static_cast<ssize_t>(input.size());
  ::close(in[1]);
  Ran ran;
  std::array<char, 65536> buffer;
  pollfd output{out[0], POLLIN, 0};
  for (ssize_t got = 1; started == 0 && got > 0;) {
    ran.peak_bytes = std::max(ran.peak_bytes, peak_of(child));
    if (::poll(&output, 1, look_again) == 0) continue;
    got = std::max<ssize_t>(0, ::read(out[0], buffer.data(), buffer.size()));
    ran.out.append(buffer.data(), static_cast<std::size_t>(got));
    if (ran.first_line == 0 && ran.out.contains('\n')) ran.first_line = seconds_since(start);
  }
  ::close(out[0]);
  if (started != 0) failed(program, "it cannot be started");
  int status = 0;
  ::waitpid(child, &status, 0);
  ran.whole = seconds_since(start);
  if (!fed || !WIFEXITED(status) || WEXITSTATUS(status) != 0) failed(program, concat("it ended with status ", status));
  return ran;
}

}  // namespace kring::bench
