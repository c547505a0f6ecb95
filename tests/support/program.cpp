#include "tests/support/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <thread>
#include <utility>

namespace kring::test {
namespace {

// Feeds `input` and collects both outputs without blocking on either.
void converse(int in, int out, int err, const std::string& input, Ran& ran) {
  std::size_t written = 0;
  fcntl(in, F_SETFL, O_NONBLOCK);
  pollfd fds[] = {{in, POLLOUT, 0}, {out, POLLIN, 0}, {err, POLLIN, 0}};
  auto done = [](pollfd& fd) {
    close(fd.fd);
    fd.fd = -1;
  };
  if (input.empty()) done(fds[0]);
  while (fds[0].fd >= 0 || fds[1].fd >= 0 || fds[2].fd >= 0) {
    if (poll(fds, 3, -1) < 0) break;
    if (fds[0].fd >= 0 && fds[0].revents != 0) {
      auto count = write(fds[0].fd, input.data() + written, input.size() - written);
      if (count > 0) written += static_cast<std::size_t>(count);
      if ((count < 0 && errno != EAGAIN) || written == input.size()) done(fds[0]);
    }
    for (int i : {1, 2}) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      char buffer[65536];
      auto count = read(fds[i].fd, buffer, sizeof buffer);
      if (count > 0) (i == 1 ? ran.out : ran.err).append(buffer, static_cast<std::size_t>(count));
      else done(fds[i]);
    }
  }
}

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments) {
  signal(SIGPIPE, SIG_DFL);
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

void wait_for(int child, Ran& ran) {
  int status = 0;
  rusage used{};
  while (wait4(child, &status, 0, &used) < 0 && errno == EINTR) {
  }
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ran.most_memory_kib = used.ru_maxrss;
}

}  // namespace

Ran run(const std::string& program, const std::vector<std::string>& arguments, const std::string& input) {
  Running child(program, arguments);
  return child.finish(input);
}

Ran run_on_terminal(const std::string& program, const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
  winsize size{50, 200, 0, 0};
  int terminal = -1;
  pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child < 0) std::abort();
  if (child == 0) {
    for (const auto& variable : environment) putenv(const_cast<char*>(variable.c_str()));
    become(program, arguments);
  }
  Ran ran;
  char buffer[65536];
  for (ssize_t count; (count = read(terminal, buffer, sizeof buffer)) > 0;) ran.out.append(buffer, static_cast<std::size_t>(count));
  close(terminal);
  wait_for(child, ran);
  return ran;
}

Running::Running(const std::string& program, const std::vector<std::string>& arguments) {
  signal(SIGPIPE, SIG_IGN);
  int in[2], out[2], err[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) std::abort();
  pid_ = fork();
  if (pid_ == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    become(program, arguments);
  }
  for (int descriptor : {in[0], out[1], err[1]}) close(descriptor);
  in_ = in[1];
  out_ = out[0];
  err_ = err[0];
}

Running::~Running() {
  if (pid_ > 0) finish();
}

void Running::write(const std::string& text) const {
  if (::write(in_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
}

bool Running::try_write(const std::string& text) const { return ::write(in_, text.data(), text.size()) == static_cast<ssize_t>(text.size()); }

// Waits so many milliseconds, -1: for ever, for what it prints, and takes it. Its complaints are taken along: it would wait for
// room for them. False: nothing has come, or there is nothing more.
bool Running::take(int patience) const {
  char buffer[65536];
  pollfd fds[] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
  if (poll(fds, 2, patience) <= 0) return false;
  if (fds[1].revents != 0) {
    const auto count = ::read(err_, buffer, sizeof buffer);
    if (count > 0) complaints_.append(buffer, static_cast<std::size_t>(count));
    else close(std::exchange(err_, -1));
  }
  if (fds[0].revents == 0) return true;
  const auto count = ::read(out_, buffer, sizeof buffer);
  if (count > 0) ahead_.append(buffer, static_cast<std::size_t>(count));
  return count > 0;
}

std::optional<std::string> Running::whole_line() const {
  const auto end = ahead_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = ahead_.substr(0, end);
  ahead_.erase(0, end + 1);
  return line;
}

std::string Running::read_line() const {
  for (;;) {
    if (auto line = whole_line()) return *line;
    if (!take(-1)) return std::exchange(ahead_, {});
  }
}

std::optional<std::string> Running::read_line_within(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (auto line = whole_line()) return line;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (!take(std::max(0, static_cast<int>(left.count())))) return std::nullopt;
  }
}

void Running::send(int signal) const { kill(pid_, signal); }

void Running::close_input() {
  if (in_ >= 0) close(std::exchange(in_, -1));
}

bool Running::is_alive() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

void Running::wait_until_taken() const {
  for (int unread = 1; is_alive() && ioctl(in_, FIONREAD, &unread) == 0 && unread > 0;) std::this_thread::yield();
}

void Running::wait_for_end() const {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
}

void Running::close_output() {
  close(out_);
  out_ = -1;
}

Ran Running::finish(const std::string& input) {
  Ran ran;
  ran.out = std::exchange(ahead_, {});
  ran.err = std::exchange(complaints_, {});
  converse(in_, out_, err_, input, ran);
  wait_for(std::exchange(pid_, -1), ran);
  return ran;
}

std::vector<json::Value> Ran::lines() const {
  std::vector<json::Value> values;
  std::istringstream stream(out);
  for (std::string line; std::getline(stream, line);) {
    auto value = json::parse(line);
    EXPECT_TRUE(value) << line;
    values.push_back(value ? *value : json::Value());
  }
  return values;
}

json::Object Ran::object() const {
  auto value = json::parse(out);
  EXPECT_TRUE(value && value->is_object()) << out << err;
  return value && value->is_object() ? value->get_object() : json::Object{};
}

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kring-test-XXXXXX").string();
  if (!mkdtemp(pattern.data())) std::abort();
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Kring::program() { return KRING_BINARY_DIR "/tools/kring/kring"; }

Ran Kring::operator()(std::vector<std::string> arguments, const std::string& input) const {
  arguments.insert(arguments.begin(), {"--data", data()});
  return run(program(), arguments, input);
}

Ran Kring::submit(const std::string& commands, std::vector<std::string> options) const {
  options.insert(options.begin(), "submit");
  return (*this)(options, commands);
}

}  // namespace kring::test
