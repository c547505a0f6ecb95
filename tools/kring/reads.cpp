// The reads: which moment is asked for, which document answers, and how it looks as a table.
#include <iostream>
#include <set>
#include <utility>

#include "engine/runtime/environment.h"
#include "events/base/printable.h"
#include "events/base/text.h"
#include "projections/views/moment.h"
#include "projections/views/views.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/log_place.h"
#include "tools/kring/progress_bar.h"

namespace kring::cli {
namespace {

using json::Object;
using projections::View;

std::string heading_of(const std::string& name, const Object& document) {
  auto text = [&](const char* member) { return document.contains(member) ? cell(document.at(member)) : std::string(); };
  if (name == "roster") return concat(text("title"), " (", text("theme"), ")", text("capacity").empty() ? "" : ", capacity " + text("capacity"));
  if (name == "session") return concat(text("theme"), "/", text("session"), "  ", text("date"), " ", text("part"), "  ", text("venue"), "  ", text("status"));
  if (name == "person") return concat(text("person"), "  ", text("name"), "  ", text("role"), "  ", text("area"));
  if (name == "programme") return concat(text("title"), ", ", text("from"), " to ", text("to"), ", release ", text("release"));
  return name;
}

const std::vector<Column> session_columns{{"date", "date"}, {"part", "part"}, {"theme", "theme"}, {"no", "session", true}, {"venue", "venue"},
                                          {"expected", "expected", true}, {"status", "status"}};

// Is there no room for area, name and theme beside one another?
bool is_narrow() {
  constexpr int enough = 115;
  const int columns = terminal_columns();
  return columns > 0 && columns < enough;
}

std::vector<TableSpec> tables_of(const std::string& name, const std::string& heading) {
  if (name == "roster")
    return {{heading, "seats", {{"area", "area"}, {"person", "person"}, {"name", "name"}, {"role", "role"}, {"since", "since"}}, "nobody is enrolled"},
            {"waiting", "waitlist", {{"rank", "rank", true}, {"area", "area"}, {"person", "person"}, {"name", "name"}, {"since", "since"}}, "nobody waits"},
            {"open areas", "open_areas", {{"area", ""}}, "none"}};
  if (name == "venues")
    return {{"venues", "assignments", {{"date", "date"}, {"part", "part"}, {"theme", "theme"}, {"no", "session", true}, {"venue", "venue_name"},
                                       {"holds", "capacity", true}, {"expected", "expected", true}, {"status", "status"}}, "no session has a venue"},
            {"without a venue", "unassigned", {{"date", "date"}, {"part", "part"}, {"theme", "theme"}, {"no", "session", true},
                                               {"expected", "expected", true}, {"status", "status"}}, "none"}};
  if (name == "sessions") return {{heading, "sessions", session_columns, "no theme has a session"}};
  if (name == "session")
    return {{heading, "people", {{"area", "area"}, {"person", "person"}, {"name", "name"}, {"role", "role"}, {"expected", "expected"},
                                 {"replaces", "replaces"}, {"replaced by", "replaced_by"}, {"attendance", "attendance"}}, "nobody"},
            {"agenda", "agenda", {{"kind", "kind"}, {"title", "title"}, {"speaker", "speaker"}}, "none"}};
  if (name == "conflicts")
    return {{"conflicts", "conflicts", {{"rule", "rule"}, {"severity", "severity"}, {"theme", "theme"}, {"no", "session", true}, {"detail", "detail"}}, "none stand"}};
  if (name == "areas" && is_narrow()) return {{"areas", "areas", {{"area, theme", "area"}, {"persons", "persons"}, {"invitation", "invitation"}}, "none"}};
  if (name == "areas")
    return {{"areas", "areas", {{"area", "area"}, {"name", "name"}, {"theme", "theme"}, {"persons", "persons"}, {"invitation", "invitation"}}, "none"}};
  if (name == "person")
    return {{heading, "seats", {{"theme", "theme"}, {"from", "from"}, {"to", "to"}}, "never had a seat"},
            {"waiting", "waiting", {{"theme", "theme"}, {"rank", "rank", true}, {"since", "since"}}, "for nothing"},
            {"stands in", "substitutions", {{"theme", "theme"}, {"no", "session", true}, {"for", "for"}}, "for nobody"},
            {"attendance", "attendance", {{"theme", "theme"}, {"no", "session", true}, {"status", "status"}}, "none recorded"}};
  return {{heading, "themes", {{"theme", "theme"}, {"title", "title"}, {"sessions", "sessions", true}, {"capacity", "capacity", true},
                               {"enrolled", "enrolled", true}, {"waiting", "waiting", true}}, "no themes"}};
}

std::string text_of_invitation(const Object& invitation) {
  const std::string status = cell(invitation.at("status")), day = cell(invitation.at("respond_by"));
  return invitation.at("overdue").as_bool() ? concat("overdue ", day) : status == "open" ? concat("open to ", day) : status;
}

// As a table an area has a row for each theme that it has something to do with: in one row they would be wider than a terminal.
// On a narrow one the themes stand below the area.
Object areas_by_theme(const Object& document, bool narrow) {
  json::Array rows;
  for (const json::Value& one : document.at("areas").as_array()) {
    const Object &area = one.as_object(), &seats = area.at("seats").as_object(), &invitations = area.at("invitations").as_object();
    std::set<std::string> themes;
    for (const Object* by_theme : {&seats, &invitations})
      for (const auto& theme : *by_theme) themes.emplace(theme.key());
    Object row{{"area", area.at("area")}, {"name", area.at("name")}};
    if (narrow || themes.empty()) rows.push_back(std::exchange(row, {}));
    for (const std::string& theme : themes) {
      row[narrow ? "area" : "theme"] = narrow ? concat("  ", theme) : theme;
      if (const json::Value* persons = seats.if_contains(theme)) row["persons"] = *persons;
      if (const json::Value* invitation = invitations.if_contains(theme)) row["invitation"] = text_of_invitation(invitation->as_object());
      rows.push_back(std::exchange(row, {}));
    }
  }
  return {{"areas", std::move(rows)}};
}

std::string shown(const std::string& name, const Options& options, const Object& document) {
  if (options.format == Format::json) return json::to_text(document) + "\n";
  if (options.format == Format::csv) return csv(document);
  std::string out;
  const Object in_tables = name == "areas" ? areas_by_theme(document, is_narrow()) : document;
  for (const TableSpec& spec : tables_of(name, heading_of(name, document))) out += table(spec, in_tables, colour_wanted()) + "\n";
  return out;
}

Result<Object> read(const std::string& name, const Options& options, View& view, Day today) {
  if (name == "roster") return projections::roster(view, {options.theme});
  if (name == "venues") return projections::venues(view);
  if (name == "session") return projections::session_sheet(view, {options.theme}, options.session);
  if (name == "conflicts") return projections::conflicts(view);
  if (name == "areas") return projections::areas(view, today);
  if (name == "person") return projections::person(view, {options.person});
  if (name == "programme") return projections::programme(view);
  if (options.release.empty()) return projections::sessions(view);
  if (options.release == "last") return projections::released_sessions(view, 0);
  bool number = options.release.size() < 9 && options.release.find_first_not_of("0123456789") == std::string::npos;
  if (!number || options.release == "0") return fail(ErrorKind::usage, "wrong_use", "--release takes a number from 1, or 'last'", "--release");
  return projections::released_sessions(view, std::stoi(options.release));
}

int not_found(const Options& options, const Error& error) {
  const int code = report(error);
  if (error.kind == ErrorKind::not_found) tell_home(options);
  return code;
}

}  // namespace

int run_read(const std::string& name, const Options& options) {
  auto reading = open_for_reading(options);
  if (!reading) return report(reading.error());
  auto moment = projections::find_moment(*reading->database, reading->head, options.programme, options.as_of, real_environment().now());
  if (!moment) return not_found(options, moment.error());
  View view(*reading->database, *reading->opener, moment->programme, moment->as_of);
  auto document = read(name, options, view, moment->today);
  if (!document) return report(document.error());
  print(shown(name, options, *document));
  return finish_output();
}

namespace {

Result<projections::HistoryFilter> filter_of(const Options& options, projections::Database& database, const projections::Moment& moment) {
  projections::HistoryFilter filter;
  if (!options.theme.empty()) filter.theme = {options.theme};
  if (options.session != 0) filter.session = options.session;
  if (!options.person.empty()) filter.person = {options.person};
  if (!options.area.empty()) filter.area = {options.area};
  if (!options.venue.empty()) filter.venue = {options.venue};
  filter.actor = options.actor;
  filter.type = options.type;
  if (!options.since.empty()) {
    auto since = projections::first_position(database, moment, options.since);
    if (!since) return std::unexpected(std::move(since.error()));
    filter.since = *since;
  }
  if (!options.until.empty()) {
    auto until = projections::last_position(database, moment, options.until);
    if (!until) return std::unexpected(std::move(until.error()));
    filter.until = *until;
  }
  if (filter.since > 0 && filter.since - 1 > filter.until)
    return fail(ErrorKind::usage, "wrong_use", concat("--since ", options.since, " lies behind --until ", options.until), "--since");
  return filter;
}

const TableSpec history_table{"history", "history",
                              {{"position", "position", true}, {"recorded", "recorded_at"}, {"actor", "actor"}, {"what", "type"}, {"theme", "theme"},
                               {"no", "session", true}, {"area", "area"}, {"person", "person"}, {"venue", "venue"}, {"reason", "reason"}, {"detail", "detail"}},
                              "nothing"};

}  // namespace

int run_history(const Options& options) {
  auto reading = open_for_reading(options);
  if (!reading) return report(reading.error());
  auto& database = *reading->database;
  auto moment = projections::find_moment(database, reading->head, options.programme, options.as_of, real_environment().now());
  if (!moment) return not_found(options, moment.error());
  auto filter = filter_of(options, database, *moment);
  if (!filter) return report(filter.error());
  View view(database, *reading->opener, moment->programme, moment->as_of);
  Object rows{{"history", json::Array{}}};
  auto& collected = rows["history"].get_array();
  bool nothing = true, known = true;
  Result<void> read;
  {
    ProgressBar bar("history", options.format != Format::json || !stdout_is_terminal());  // there the lines show it
    const Position end = std::min(filter->until, moment->as_of);
    const auto visit = [&](const Object& line) {
      nothing = false;
      if (options.format == Format::json) return bar.unless_waiting([&] { return print(json::to_text(line) + "\n"); });
      collected.push_back(line);
      return true;
    };
    read = projections::history(view, *filter, visit, [&](Position done) { bar(done, end); });
  }
  if (!read) return report(read.error());
  if (nothing) {
    auto unknown = projections::unknown_in(view, *filter);
    if (!unknown) return report(unknown.error());
    for (const Error& error : *unknown) report(error);
    known = unknown->empty();
  }
  if (options.format == Format::csv) print(csv(rows));
  if (options.format == Format::table) print(table(history_table, rows, colour_wanted()));
  int code = finish_output();
  return code == Exit::ok && !known ? Exit::refused : code;
}

}  // namespace kring::cli
