#include "tests/support/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

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

}  // namespace

Ran run(const std::string& program, const std::vector<std::string>& arguments, const std::string& input) {
  signal(SIGPIPE, SIG_IGN);
  int in[2], out[2], err[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) std::abort();
  pid_t child = fork();
  if (child == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  close(err[1]);
  Ran ran;
  converse(in[1], out[0], err[0], input, ran);
  int status = 0;
  waitpid(child, &status, 0);
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
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
