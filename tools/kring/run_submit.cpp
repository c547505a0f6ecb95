// kring submit, kring init.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/standing.h"
#include "tools/kring/submit.h"

namespace kring::cli {
namespace {

void print_line(const std::string& line) { print_now(line + "\n"); }  // each as soon as it is durable

void tell(const std::string& text) { std::cerr << "kring: " << printable(text) << '\n'; }

// What is accepted is in the log; read models that could not follow are made good by the next read or a rebuild.
void close_writer(Writer& writer) {
  if (auto closed = writer.close(); !closed) tell(concat("the read models lag behind: ", closed.error().message));
}

// Standard input, or a file that is closed at the end.
class Input {
 public:
  ~Input() {
    if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
  }
  Result<void> open(const std::string& path) {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (descriptor_ >= 0 && fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) errno = EISDIR;
    else if (descriptor_ >= 0) return {};
    return fail(ErrorKind::io, "unreadable", concat("cannot read ", path, ": ", std::strerror(errno)));
  }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = STDIN_FILENO;
};

// The exit code when answers could not be printed: whoever reads them may have had enough. Nothing of that was undone.
int with_output(int code, const Results& results) {
  const int written = finish_output();
  if (written == Exit::ok) return code;
  tell("not every answer could be printed; what was accepted is recorded");
  return results.unknown() > 0 ? code : written;
}

// Tells on standard error what the result lines do not, and gives the exit code.
int conclude(const EndOfInput& end, int read_error, Interrupt& interrupt, const std::string& source, const Results& results) {
  int code = results.exit_code();
  if (results.unknown() > 0)
    tell(concat(results.trouble(), ". The outcome of ", results.unknown(),
                results.unknown() == 1 ? " command is unknown: send it" : " commands is unknown: send them", " again with the same id once that is solved"));
  if (end.how == ReadLine::failed) {
    tell(concat("cannot read ", source.empty() ? "standard input" : source, " behind line ", end.lines, ": ", std::strerror(read_error)));
    code = Exit::failed;
  }
  if (end.how == ReadLine::interrupted) {
    tell(concat("interrupted behind line ", end.lines, ": everything up to it is answered, and nothing behind it was done"));
    code = results.unknown() > 0 ? code : exit_code_of(interrupt.came());
  }
  return with_output(code, results);
}

}  // namespace

int run_submit(const Options& options) {
  Interrupt interrupt;
  Input input;
  std::string source = options.file == "-" ? "" : options.file;
  if (!source.empty())
    if (auto opened = input.open(source); !opened) return report(opened.error());
  auto writer = Writer::open(options);
  if (!writer) return report(writer.error());
  Results results(options.format, source, print_line);
  LineReader lines(input.descriptor(), interrupt);
  EndOfInput end;
  int read_error = 0;
  {
    ProgressBar bar("commands", !stdout_is_terminal());  // there the result lines show it
    const auto submit = [&engine = (*writer)->engine()](Request request, Engine::Completion completed) { engine.submit(std::move(request), std::move(completed)); };
    end = submit_lines(lines, submit, {options.import_history, user_actor()}, results, bar);
    read_error = errno;
  }
  close_writer(**writer);
  return conclude(end, read_error, interrupt, source, results);
}

int run_init(const Options& options) {
  Interrupt interrupt;
  const std::string file = options.file.empty() ? "the shipped programme" : options.file;
  auto entries = options.file.empty() ? read_programme_text(shipped_programme(), file) : read_programme_file(file);
  if (!entries) return report(entries.error());
  std::optional<Instant> at;
  if (!options.at.empty() && !(at = parse_instant(options.at)))
    return report({ErrorKind::usage, "wrong_use", "--at", "--at must be a time with offset, like 2024-01-01T09:00:00+01:00"});
  // A file that cannot stand makes no directory.
  if (auto there = open_log_for_reading(options); !there && there.error().code == "no_data")
    if (auto fits = Standing().commands_for(*entries); !fits) return report(fits.error());
  auto writer = Writer::open(options);
  if (!writer) return report(writer.error());
  auto log = open_log_for_reading(options);
  if (!log) return report(log.error());
  auto standing = Standing::read(**log, (*writer)->sealer(), {entries->front().id});
  if (!standing) return report(standing.error());
  auto commands = standing->commands_for(*entries);
  if (!commands) return report(commands.error());
  Results results(options.format, "", print_line);
  std::size_t sent = 0;
  for (const auto& [command, entry] : *commands) {
    if (interrupt.came() != 0) break;
    const int line = entry->line;
    ++sent;
    auto place = results.expect_one();
    auto request = json::read_command(command);
    if (!request) {
      results.complete_invalid(place, static_cast<std::size_t>(line), request.error());
      continue;
    }
    request->at = at;
    request->command.actor = user_actor();
    (*writer)->engine().submit(std::move(*request), [&results, &file, place, line](const Answer& answer) {
      if (answer.status == AnswerStatus::invalid) results.complete_invalid(place, static_cast<std::size_t>(line), *answer.error);
      else results.complete(place, answer);
      if (answer.rejection) tell(concat(file, ":", line, ": ", answer.rejection->message));
    });
  }
  close_writer(**writer);
  if (results.unknown() > 0) tell(concat(results.trouble(), ". The outcome of ", results.unknown(), " entries is unknown: run it again once that is solved"));
  tell(concat(entries->front().id, " in ", options.data, ": ",
              commands->empty() ? "everything stands already" : concat(results.accepted(), " recorded, ", results.refused(), " refused")));
  if (sent == commands->size()) return with_output(results.exit_code(), results);
  tell(concat("interrupted: ", commands->size() - sent, " entries were not looked at; run it again"));
  return exit_code_of(interrupt.came());
}

}  // namespace kring::cli
