// kring node: takes commands until it is told to end.
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "tools/kring/log_place.h"
#include "tools/kring/node/node.h"
#include "tools/kring/submit.h"

namespace kring::cli {
namespace {

void tell(const std::string& text) { std::cerr << concat("kring: ", printable(text), "\n") << std::flush; }

// Two nodes on one machine differ in the process, and one that starts again is another one.
std::string default_name() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return concat(host[0] != '\0' ? host.data() : "node", "-", getpid());
}

Error misuse(std::string member, std::string message) { return {ErrorKind::usage, "wrong_use", std::move(member), std::move(message)}; }

}  // namespace

int run_node(const Options& options) {
  const auto place = parse_log_url(options.log_url);
  if (!place) return report(place.error());
  if (!place->on_kafka) return report(misuse("--log", "kring node needs --log kafka://HOST:PORT/TOPIC; on one machine 'kring submit' writes to the embedded log"));
  if (place->partition_named) return report(misuse("--log", "a node shares all partitions of a topic: --log must not name one"));

  Interrupt interrupt;  // before there are threads
  NodeOptions how;
  how.options = options;
  how.name = options.node_name.empty() ? default_name() : options.node_name;
  how.silence = std::chrono::milliseconds(static_cast<std::int64_t>(options.takeover_after * 1000));
  how.wake = [] { ::kill(::getpid(), SIGTERM); };
  Results results(options.format, "", [](const std::string& line) { print_now(line + "\n"); });
  auto node = Node::start(std::move(how));
  if (!node) return report(node.error());

  LineReader lines(STDIN_FILENO, interrupt);
  const auto submit = [&](Request request, Engine::Completion completed) { (*node)->submit(std::move(request), std::move(completed)); };
  EndOfInput end;
  {
    ProgressBar none("commands", false);
    end = submit_lines(lines, submit, {false, user_actor()}, results, none);
  }
  if (end.how == ReadLine::failed) tell(concat("cannot read standard input behind line ", end.lines, ": ", std::strerror(errno)));
  while (interrupt.came() == 0 && interrupt.pause(std::chrono::hours(1))) {
  }
  const auto failure = (*node)->failure();
  node->reset();  // answers what is under way
  if (failure) return report(*failure);
  const int written = finish_output();
  if (written != Exit::ok) tell("not every answer could be printed; what was accepted is recorded");
  return written;
}

}  // namespace kring::cli
