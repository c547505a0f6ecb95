#include "tools/bench/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

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
  for (ssize_t got = 1; started == 0 && (got = ::read(out[0], buffer.data(), buffer.size())) > 0;) {
    ran.out.append(buffer.data(), static_cast<std::size_t>(got));
    if (ran.first_line == 0 && ran.out.contains('\n')) ran.first_line = seconds_since(start);
  }
  ::close(out[0]);
  if (started != 0) failed(program, "it cannot be started");
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  ran.whole = seconds_since(start);
  ran.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  if (!fed || !WIFEXITED(status) || WEXITSTATUS(status) != 0) failed(program, concat("it ended with status ", status));
  return ran;
}

}  // namespace kring::bench
