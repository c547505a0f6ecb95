#include "tools/kring/submit.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "events/json/to_json.h"

namespace kring::cli {
namespace {

json::Object to_json(const Error& error) {
  json::Object out{{"code", error.code}};
  out.emplace("member", error.member.empty() ? json::Value(nullptr) : json::Value(error.member));
  out.emplace("message", error.message);
  return out;
}

std::string human_line(const Answer& answer) {
  auto status = answer.first_status ? concat("duplicate, ", name_of(*answer.first_status)) : std::string(name_of(answer.status));
  std::string out = answer.position ? concat(*answer.position, "  ", status) : concat("-  ", status);
  for (const std::string& event : answer.events) out += "  " + event;
  if (answer.person) out += "  " + answer.person->text;
  for (const Warning& warning : answer.warnings) out += concat("\n   warning ", name_of(warning.rule), ": ", printable(warning.detail));
  if (answer.rejection) out += concat("  ", answer.rejection->code, ": ", printable(answer.rejection->message));
  if (answer.error) out += concat("  ", printable(answer.error->message), "; send it again with the id ", answer.id);
  return out;
}

}  // namespace

json::Object to_json(const Answer& answer) {
  json::Object out{{"id", answer.id}, {"status", name_of(answer.status)}};
  if (answer.first_status) out.emplace("first_status", name_of(*answer.first_status));
  out.emplace("position", answer.position ? json::Value(*answer.position) : json::Value(nullptr));
  json::Array events;
  for (const std::string& event : answer.events) events.emplace_back(event);
  out.emplace("events", std::move(events));
  json::Array warnings;
  for (const Warning& warning : answer.warnings) warnings.push_back(json::to_json(warning));
  out.emplace("warnings", std::move(warnings));
  if (answer.rejection) out.emplace("rejection", json::to_json(*answer.rejection));
  if (answer.person) out.emplace("person", answer.person->text);
  if (answer.error) out.emplace("error", to_json(*answer.error));
  return out;
}

std::size_t Results::expect_one(std::string id) {
  std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(id), std::nullopt});
  return expected_++;
}

std::size_t Results::expected() const {
  std::lock_guard lock(mutex_);
  return expected_;
}

std::string Results::text_of(const Answer& answer) const { return format_ == Format::table ? human_line(answer) : json::to_text(to_json(answer)); }

void Results::count(const Answer& answer) {
  auto status = answer.first_status.value_or(answer.status);
  ++(status == AnswerStatus::accepted ? accepted_ : status == AnswerStatus::unknown ? unknown_ : refused_);
  if (answer.error && trouble_.empty()) trouble_ = answer.error->message;
}

void Results::complete(std::size_t place, const Answer& answer) {
  std::string text = text_of(answer);
  std::lock_guard lock(mutex_);
  if (given_up_) return;
  count(answer);
  complete_text(place, std::move(text));
}

std::size_t Results::give_up(const Error& why) {
  std::lock_guard lock(mutex_);
  given_up_ = true;
  std::size_t unanswered = 0;
  for (Waiting& one : waiting_) {
    if (!one.text) {
      const Answer answer = unknown_answer(std::move(one.id), why);
      count(answer);
      one.text = text_of(answer);
      ++unanswered;
    }
    sink_(*one.text);
    ++written_;
  }
  waiting_.clear();
  return unanswered;
}

void Results::complete_invalid(std::size_t place, std::size_t line, const Error& found) {
  Error error = found;
  if (!source_.empty()) error.message = concat(source_, ":", line, ": ", error.message);
  std::string text = format_ == Format::table
                         ? concat(source_.empty() ? concat("line ", line, "  ") : "", "invalid  ", printable(error.message))
                         : json::to_text(json::Object{{"line", line}, {"status", "invalid"}, {"error", to_json(error)}});
  std::lock_guard lock(mutex_);
  if (given_up_) return;
  ++refused_;
  complete_text(place, std::move(text));
}

void Results::complete_text(std::size_t place, std::string text) {
  waiting_[place - written_].text = std::move(text);
  while (!waiting_.empty() && waiting_.front().text) {
    sink_(*waiting_.front().text);
    waiting_.pop_front();
    ++written_;
  }
}

int Results::exit_code() const {
  std::lock_guard lock(mutex_);
  return unknown_ > 0 ? 2 : refused_ > 0 ? 3 : 0;
}

EndOfInput submit_lines(LineReader& in, const Submit& submit, const SubmitOptions& options, Results& results, ProgressBar& progress) {
  std::string line;
  const auto size = in.size();
  for (std::size_t number = 1;; ++number) {
    if (options.may_read && !options.may_read()) return {ReadLine::interrupted, number - 1};
    auto read = in.next(line);
    if (read != ReadLine::line && read != ReadLine::too_long) return {read, number - 1};
    if (size > 0) progress(in.offset(), size);
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    Result<Request> request =
        read == ReadLine::too_long ? Result<Request>(fail(ErrorKind::invalid, "invalid_command", concat("a command has at most ", max_line, " bytes")))
                                   : json::parse_command(line);
    if (request && request->at && !options.import_history)
      request = fail(ErrorKind::invalid, "invalid_command", "'at' is only for importing a history: use --import", "at");
    const auto place = results.expect_one(request ? request->command.id : "");
    if (!request) {
      results.complete_invalid(place, number, request.error());
      continue;
    }
    if (request->command.actor.empty()) request->command.actor = options.default_actor;
    submit(std::move(*request), [&results, place, number](const Answer& answer) {
      if (answer.status == AnswerStatus::invalid) results.complete_invalid(place, number, *answer.error);
      else results.complete(place, answer);
    });
  }
}

std::string user_actor() {
  const passwd* user = getpwuid(geteuid());
  const char* given = std::getenv("USER");
  std::string name = given && *given ? given : user ? user->pw_name : "unknown";
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (std::string actor = concat("cli:", c); !is_actor(actor)) c = '-';
  }
  return concat("cli:", name.substr(0, 100));
}

}  // namespace kring::cli
