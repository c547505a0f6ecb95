// kring node: takes commands until it is told to end.
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <future>
#include <iostream>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "tools/kring/log_place.h"
#include "tools/kring/node/node.h"
#include "tools/kring/node/outlet.h"
#include "tools/kring/submit.h"

namespace kring::cli {
namespace {

using std::chrono::milliseconds;

// Commands whose answers nobody has read yet; while there are so many, no more are read. Not more than an engine queues or a
// partition holds, so that handing one over never waits.
constexpr std::size_t most_unread = 4096;
// Once it is told to end: for what is under way, and for the answers to be read. Those who stop it wait ten seconds or more.
constexpr milliseconds end_within{5000}, read_within{2000};

void tell(const std::string& text) { std::cerr << concat("kring: ", printable(text), "\n") << std::flush; }

// Two nodes on one machine differ in the process, and one that starts again is another one.
std::string default_name() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return concat(host[0] != '\0' ? host.data() : "node", "-", getpid());
}

Error misuse(std::string member, std::string message) { return {ErrorKind::usage, "wrong_use", std::move(member), std::move(message)}; }

// Reads commands until the end of the input or a signal.
EndOfInput take_commands(Node& node, Interrupt& interrupt, Results& results, Outlet& outlet) {
  const auto submit = [&node](Request request, Engine::Completion completed) { node.submit(std::move(request), std::move(completed)); };
  const auto may_read = [&] {
    while (results.expected() - outlet.written() >= most_unread) {
      if (!interrupt.wait_for(outlet.progress())) return false;
      outlet.see_progress();
    }
    return true;
  };
  LineReader lines(STDIN_FILENO, interrupt);
  ProgressBar none("commands", false);
  return submit_lines(lines, submit, {false, user_actor(), may_read}, results, none);
}

// Ends the node. What is frozen, a broker or a disk, must not keep the process: what is under way then is answered `unknown`, and
// the process is left as a crash would leave it, which nothing here minds.
int end(std::unique_ptr<Node> node, Results& results, Outlet& outlet) {
  const auto failure = node->failure();
  auto closing = std::async(std::launch::async, [&node] { node.reset(); });
  const bool closed = closing.wait_for(end_within) == std::future_status::ready;
  std::size_t unanswered = 0;
  if (!closed) unanswered = results.give_up({ErrorKind::io, "outcome_unknown", "", "the node had to end before the log had answered"});
  const bool read = outlet.finish(read_within);
  int code = Exit::ok;
  if (!closed) tell(concat("what it was at did not end within ", end_within.count() / 1000, " s; the other nodes miss it in a while",
                           unanswered > 0 ? concat(". The outcome of ", unanswered, " commands is unknown: send them again with the same id") : ""));
  if (outlet.error() != 0) tell(concat("not every answer could be printed: ", std::strerror(outlet.error()), "; what was accepted is recorded"));
  if (!read) tell(concat(results.expected() - outlet.written(), " answers were not read; what was accepted is recorded: send those commands again with the same id"));
  if (outlet.error() != 0 || !read || unanswered > 0) code = Exit::failed;
  if (outlet.error() == EPIPE && unanswered == 0) code = Exit::reader_left;
  if (failure) code = report(*failure);
  if (!closed) std::_Exit(code);
  return code;
}

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
  how.silence = milliseconds(static_cast<std::int64_t>(options.takeover_after * 1000));
  how.wake = [] { ::kill(::getpid(), SIGTERM); };
  Outlet outlet(STDOUT_FILENO);
  Results results(options.format, "", [&outlet](const std::string& line) { outlet.put(line); });
  auto node = Node::start(std::move(how));
  if (!node) return report(node.error());

  const EndOfInput input = take_commands(**node, interrupt, results, outlet);
  if (input.how == ReadLine::failed) tell(concat("cannot read standard input behind line ", input.lines, ": ", std::strerror(errno)));
  while (interrupt.came() == 0 && interrupt.pause(std::chrono::hours(1))) {
  }
  return end(std::move(*node), results, outlet);
}

}  // namespace kring::cli
