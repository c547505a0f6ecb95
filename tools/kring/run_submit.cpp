// kring submit, kring init.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include "events/base/text.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/standing.h"
#include "tools/kring/submit.h"

namespace kring::cli {
namespace {

void print_line(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);  // each as soon as it is durable
}

// What is accepted is in the log; read models that could not follow are made good by the next read or a rebuild.
void close_writer(Writer& writer) {
  if (auto closed = writer.close(); !closed) std::cerr << "kring: the read models lag behind: " << closed.error().message << '\n';
}

}  // namespace

int run_submit(const Options& options) {
  std::ifstream file;
  bool from_file = !options.file.empty() && options.file != "-";
  if (from_file) {
    file.open(options.file, std::ios::binary);
    file.peek();  // opening a directory succeeds; reading it does not
    if (!file.is_open() || file.bad())
      return report({ErrorKind::io, "unreadable", "", concat("cannot read ", options.file, ": ", std::strerror(errno))});
    file.clear();
  }
  std::ios::sync_with_stdio(false);
  auto writer = Writer::open(options);
  if (!writer) return report(writer.error());
  Results results(options.format, print_line);
  submit_lines(from_file ? file : std::cin, (*writer)->engine(), {options.import_history, user_actor()}, results);
  close_writer(**writer);
  if (std::ferror(stdout)) return report({ErrorKind::io, "output_closed", "", "standard output could not be written; what was accepted is recorded"});
  return results.exit_code();
}

int run_init(const Options& options) {
  auto entries = options.file.empty() ? read_programme_text(shipped_programme(), "the shipped programme") : read_programme_file(options.file);
  if (!entries) return report(entries.error());
  std::optional<Instant> at;
  if (!options.at.empty() && !(at = parse_instant(options.at)))
    return report({ErrorKind::usage, "wrong_use", "--at", "--at must be a time with offset, like 2024-01-01T09:00:00+01:00"});
  auto writer = Writer::open(options);
  if (!writer) return report(writer.error());
  auto log = open_log_for_reading(options);
  if (!log) return report(log.error());
  auto standing = Standing::read(**log, (*writer)->sealer(), {entries->front().id});
  if (!standing) return report(standing.error());
  std::vector<json::Object> commands;
  for (const FileEntry& entry : *entries) {
    auto needed = standing->commands_for(entry);
    if (!needed) return report(needed.error());
    for (auto& command : *needed) commands.push_back(std::move(command));
  }
  Results results(options.format, print_line);
  for (const json::Object& command : commands) {
    auto place = results.expect_one();
    auto request = json::read_command(command);
    if (!request) {
      results.complete_invalid(place, place + 1, request.error());
      continue;
    }
    request->at = at;
    request->command.actor = user_actor();
    (*writer)->engine().submit(std::move(*request), [&results, place](const Answer& answer) {
      if (answer.status == AnswerStatus::invalid) results.complete_invalid(place, place + 1, *answer.error);
      else results.complete(place, answer);
    });
  }
  close_writer(**writer);
  std::cerr << "kring: " << entries->front().id << " in " << options.data << ": "
            << (commands.empty() ? "everything stands already" : concat(results.accepted(), " recorded, ", results.refused(), " refused")) << '\n';
  return results.exit_code();
}

}  // namespace kring::cli
