// The command line: what can be typed. Each command's work is in a file of its own.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>

#include "tools/kring/options.h"

namespace kring::cli {
namespace {

using Run = std::function<int()>;

struct Parser {
  CLI::App app{"Plans learning circles: who takes part, when and where, and what was refused and why.", "kring"};
  Options options;
  std::string format = "auto";
  Run chosen;

  Parser() {
    app.require_subcommand(0, 1);  // an unknown word is named as such; that none was given is said below
    app.fallthrough();  // options may stand before or after the command
    app.set_version_flag("--version", "kring 0.1.0");
    const char* data = std::getenv("KRING_DATA");
    options.data = data && *data ? data : "./kring-data";
    app.add_option("--data", options.data, "directory of the data (default: $KRING_DATA, then ./kring-data)")->type_name("DIR");
    app.add_option("--log", options.log_url, "where the log is")->type_name("URL")->capture_default_str();
    app.add_option("--format", format, "table on a terminal, json otherwise; csv prints the first list")
        ->check(CLI::IsMember({"auto", "table", "json", "csv"}))
        ->type_name("table|json|csv");
    changes();
    reads();
    trail();
    upkeep();
  }

  CLI::App* command(const std::string& name, const std::string& help, const std::string& example, Run run) {
    auto* sub = app.add_subcommand(name, help);
    sub->footer("Example:\n  " + example);
    sub->callback([this, run = std::move(run)] { chosen = run; });
    return sub;
  }

  // A read: a command that can be asked about any moment.
  CLI::App* read(const std::string& name, const std::string& help, const std::string& example) {
    auto* sub = command(name, help, example, [this, name] { return run_read(name, options); });
    moment(sub);
    return sub;
  }

  void moment(CLI::App* sub) {
    sub->add_option("--programme", options.programme, "which one; needed when there are several")->type_name("ID");
    sub->add_option("--as-of", options.as_of, "what was known then: a position, a time, or a date (the end of that day)")
        ->type_name("P|TIME|DATE");
  }

  void changes() {
    auto* init = command("init", "create DIR and load a programme file (default: the shipped one)", "kring --data mine init programme.toml",
                         [this] { return run_init(options); });
    init->add_option("FILE", options.file, "a programme file (TOML)");
    init->add_option("--at", options.at, "record it at this time; for a history that is imported afterwards")->type_name("TIME");
    auto* submit = command("submit", "carry out commands, one JSON object on a line",
                           "echo '{\"type\":\"withdraw\",\"theme\":\"re-integratie\",\"person\":\"p-1\"}' | kring submit",
                           [this] { return run_submit(options); });
    submit->add_option("FILE", options.file, "a file, or - for standard input (default)");
    submit->footer(submit->get_footer() +
                   "\n\nNames, addresses, phone numbers, organisations and reasons about people can be forgotten. Titles, notes, labels\n"
                   "and agendas, and the reason of a command that names nobody, are stored as they are: write about no one there.");
    submit->add_flag("--import", options.import_history, "commands carry their recording time 'at'");
  }

  void reads() {
    read("roster", "who has a seat in a theme, who waits, which areas are open", "kring roster re-integratie --as-of 2024-06-30")
        ->add_option("THEME", options.theme)
        ->required();
    read("venues", "where each session is, and which have no venue", "kring venues --format csv");
    read("sessions", "all sessions in order", "kring sessions --release last")
        ->add_option("--release", options.release, "what that release contains")
        ->type_name("N|last");
    auto* session = read("session", "who is expected at a session, who stands in, who came", "kring session re-integratie 3");
    session->add_option("THEME", options.theme)->required();
    session->add_option("N", options.session)->required();
    read("conflicts", "which rules are broken now", "kring conflicts --as-of 120");
    read("areas", "what each area has: seats and invitations", "kring areas");
    read("person", "one person: seats, waiting, substitutions, attendance", "kring person p-1")->add_option("ID", options.person)->required();
    read("programme", "the programme, its policy and its themes", "kring programme");
  }

  void trail() {
    auto* history = command("history", "what happened, who decided it, and what was refused", "kring history --person p-1 --type Rejected",
                            [this] { return run_history(options); });
    moment(history);
    history->add_option("--theme", options.theme);
    history->add_option("--session", options.session);
    history->add_option("--person", options.person);
    history->add_option("--area", options.area);
    history->add_option("--venue", options.venue);
    history->add_option("--actor", options.actor);
    history->add_option("--type", options.type, "an event, or Rejected")->type_name("EVENT");
    history->add_option("--since", options.since, "a position, a time or a date, inclusive")->type_name("X");
    history->add_option("--until", options.until, "the same")->type_name("X");
    auto* log = command("log", "the records themselves, as JSON Lines", "kring log --from 100 --limit 10", [this] { return run_log(options); });
    log->add_option("--from", options.from, "the first position")->type_name("P");
    log->add_option("--limit", options.limit, "at most so many")->type_name("N");
    log->add_flag("--follow", options.follow, "go on with what is recorded from now on");
  }

  void upkeep() {
    command("stats", "positions, counts, sizes, and how far each read model is", "kring stats", [this] { return run_stats(options); });
    command("rebuild", "make read models anew from the log, beside the old ones", "kring rebuild theme_roster",
            [this] { return run_rebuild(options); })
        ->add_option("MODEL", options.models, "directory, theme_roster, venue_assignments, history (default: all)");
    command("verify", "check the whole log, and the read models against it", "kring verify", [this] { return run_verify(options); });
    auto* repair = command("repair", "cut a damaged log off before a record; what is cut off is kept in a directory", "kring repair --cut-at 4711 --yes",
                           [this] { return run_repair(options); });
    repair->add_option("--cut-at", options.cut_at, "the first record that goes: verify names it")->type_name("P")->required();
    repair->add_flag("--yes", options.yes, "do it; without, repair says what would go and changes nothing");
  }
};

int usage_error(const std::string& message) {
  std::cerr << "kring: " << message << "\nusage: kring [--data DIR] [--log URL] COMMAND ...; kring --help lists the commands\n";
  return Exit::wrong_use;
}

int run(int argc, char** argv) {
  Parser parser;
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return parser.app.exit(error);  // --help, --version
    return usage_error(error.what());
  }
  if (!parser.chosen) return usage_error("no command was given");
  Options& options = parser.options;
  options.format = parser.format == "table" || (parser.format == "auto" && stdout_is_terminal()) ? Format::table
                   : parser.format == "csv"                                                       ? Format::csv
                                                                                                  : Format::json;
  if (options.log_url != "embedded") return usage_error("--log " + options.log_url + ": this build knows the log 'embedded'");
  return parser.chosen();
}

}  // namespace

int report(const Error& error) {
  std::cerr << "kring: " << error.message << '\n';
  switch (error.kind) {
    case ErrorKind::usage: return Exit::wrong_use;
    case ErrorKind::invalid:
    case ErrorKind::not_found: return Exit::refused;
    default: return Exit::failed;
  }
}

}  // namespace kring::cli

int main(int argc, char** argv) {
  const rlimit none{0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);  // a core file would hold names and keys in the clear
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error of writing, not a way to die
  return kring::cli::run(argc, argv);
}
