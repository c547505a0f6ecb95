// The command line: what can be typed. Each command's work is in a file of its own.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "tools/kring/catalogue.h"
#include "tools/kring/completion.h"
#include "tools/kring/interrupt.h"
#include "tools/kring/log_place.h"
#include "tools/kring/options.h"
#include "tools/kring/usage.h"

namespace kring::cli {
namespace {

using Run = std::function<int()>;

// The parser takes -1 for the largest number, and so it does what is larger than that.
CLI::Validator not_negative() {
  return {[](const std::string& text) {
            if (text.starts_with('-')) return std::string("must not be negative");
            std::uint64_t number = 0;
            const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
            return parsed.ec == std::errc::result_out_of_range ? concat("must be at most ", UINT64_MAX) : std::string();
          },
          ""};
}

CLI::Validator positive() {
  const CLI::Validator number = not_negative();
  return {[number](std::string& text) {
            const std::string wrong = number(text);
            return wrong.empty() && text.find_first_not_of('0') == std::string::npos ? std::string("must be at least 1") : wrong;
          },
          ""};
}

constexpr const char* copy_note = R"(
To another machine's directory, and back up what lies beside it:
  kring copy --from file:/srv/kring --to file:/mnt/new/kring

Every record keeps its position, time and hash; read models are made anew. Run it
again after a crash or Ctrl-C: it goes on. At the end the old log is sealed: it can
be read for ever, takes no more records, and names the new place. Keys of persons
move to the data directory of the new log, where that is another one.
)";

constexpr const char* node_note = R"(
Each command goes to the partition of its programme. One line of JSON in, one line
out, in order. Where another node writes to that partition the answer is `unknown`
with the code `not_here`: nothing was done, send it to that node, or again. At the
end of the input the node goes on; Ctrl-C or a termination ends it, and gives its
partitions to the others at once.
)";

struct Parser {
  CLI::App app{"Plans learning circles: who takes part, when and where, and what was refused and why.", "kring"};
  Options options;
  std::string format, shell;  // of the output; empty: by where it goes
  bool json = false;
  Run chosen;

  Parser() {
    app.require_subcommand(0, 1);  // an unknown word is named as such; that none was given is said below
    app.fallthrough();  // options may stand before or after the command
    app.set_version_flag("--version", "kring 0.1.0");
    const char* data = std::getenv("KRING_DATA");
    options.data = data && *data ? data : "./kring-data";
    app.add_option("--data", options.data, "directory of the data (default: $KRING_DATA, then ./kring-data)")->type_name("DIR");
    app.add_option("--log", options.log_url, "where the log is: embedded, or kafka://HOST:PORT[,HOST:PORT]/TOPIC[/PARTITION]")->type_name("URL")->capture_default_str();
    app.add_option("--format", format, "table on a terminal, json otherwise; csv prints the first list")
        ->check(CLI::IsMember({"table", "json", "csv"}).description(""))
        ->type_name("table|json|csv");
    changes();
    reads();
    trail();
    upkeep();
  }

  CLI::App* command(const std::string& name, const std::string& help, const std::string& example, Run run) {
    auto* sub = app.add_subcommand(name, help);
    sub->footer("Example:\n  " + example + "\n");
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
    sub->add_option("--programme", options.programme, "which one; needed when there are several")->type_name("PROGRAMME");
    sub->add_option("--as-of", options.as_of, "what was known then: a position, a time, or a date (the end of that day)")
        ->type_name("P|TIME|DATE");
    sub->add_option("--min-position", options.min_position, "wait, 10 seconds at most, until this position is in the log: what a result line told")
        ->type_name("P")
        ->check(not_negative());
  }

  void changes() {
    auto* init = command("init", "create DIR and load a programme file (default: the shipped one)", "kring --data mine init programme.toml",
                         [this] { return run_init(options); });
    init->add_option("FILE", options.file, "a programme file (TOML)");
    init->add_option("--at", options.at, "record it at this time; for a history that is imported afterwards")->type_name("TIME");
    init->footer(init->get_footer() + "\n" + privacy_note());
    auto* submit = command("submit", "carry out commands, one JSON object on a line",
                           "echo '{\"type\":\"withdraw\",\"theme\":\"re-integratie\",\"person\":\"p-1\"}' | kring submit",
                           [this] { return run_submit(options); });
    submit->add_option("FILE", options.file, "a file, or - for standard input (default)");
    submit->add_flag("--import", options.import_history, "commands carry their recording time 'at'");
    submit->footer(submit->get_footer() + "\n" + command_catalogue() + "\n" + privacy_note());
  }

  void reads() {
    read("roster", "who has a seat in a theme, who waits, which areas are open", "kring roster re-integratie --as-of 2024-06-30")
        ->add_option("THEME", options.theme, "its id")
        ->required();
    read("venues", "where each session is, and which have no venue", "kring venues --format csv");
    read("sessions", "all sessions in order", "kring sessions --release last")
        ->add_option("--release", options.release, "what that release contains")
        ->type_name("N|last");
    auto* session = read("session", "who is expected at a session, who stands in, who came", "kring session re-integratie 3");
    session->add_option("THEME", options.theme, "its id")->required();
    session->add_option("N", options.session, "its number, from 1")->required();
    read("conflicts", "which rules are broken now", "kring conflicts --as-of 2024-06-30");
    read("areas", "what each area has: seats and invitations", "kring areas");
    read("person", "one person: seats, waiting, substitutions, attendance", "kring person p-1")
        ->add_option("PERSON", options.person, "the id")
        ->required();
    read("programme", "the programme, its policy and its themes", "kring programme");
  }

  void trail() {
    auto* history = command("history", "what happened, who decided it, and what was refused", "kring history --person p-1 --type Enrolled",
                            [this] { return run_history(options); });
    moment(history);
    history->add_option("--theme", options.theme, "only what names this theme")->type_name("THEME");
    history->add_option("--session", options.session, "and this session")->check(CLI::Range(1, 1'000'000).description(""))->type_name("N");
    history->add_option("--person", options.person, "only what names this person")->type_name("PERSON");
    history->add_option("--area", options.area, "only what names this area")->type_name("AREA");
    history->add_option("--venue", options.venue, "only what names this venue")->type_name("VENUE");
    history->add_option("--actor", options.actor, "only what was decided by")->type_name("ACTOR");
    history->add_option("--type", options.type, "an event, or Rejected")->type_name("EVENT");
    history->add_option("--since", options.since, "a position, a time or a date, inclusive")->type_name("X");
    history->add_option("--until", options.until, "the same")->type_name("X");
    auto* log = command("log", "the records themselves, as JSON Lines", "kring log --from 20 --limit 5", [this] { return run_log(options); });
    log->add_option("--from", options.from, "the first position")->type_name("P")->check(not_negative());
    log->add_option("--limit", options.limit, "at most so many")->type_name("N")->check(not_negative());
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
    repair->add_option("--cut-at", options.cut_at, "the first record that goes: verify names it")->type_name("P")->check(positive())->required();
    repair->add_flag("--yes", options.yes, "do it; without, repair says what would go and changes nothing");
    command("completion", "print what makes a shell complete commands, options and themes", "source <(kring completion bash)",
            [this] {
              print(completion_script(shell));
              return finish_output();
            })
        ->add_option("SHELL", shell, "which shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""))
        ->type_name("bash|zsh|fish");
    auto* bench = command("bench", "measure what kring can do here, each figure beside its raw limit (docs/benchmarks.md)", "kring bench decide codec --scale 0.1",
                          [this] { return run_bench(options); });
    bench->add_option("SUITE", options.suites, "decide, codec, append, rebuild, project, reads, startup (default: all); kafka-append, kafka-read, kafka-rebuild (default with --log kafka://HOST:PORT[/PREFIX], which they need)");
    bench->add_option("--scale", options.scale, "of all counts; 1 makes ten million events and takes a quarter of an hour")->check(CLI::Range(0.0001, 100.0))->capture_default_str();
    bench->add_option("--seed", options.seed, "of the made-up histories")->check(not_negative())->capture_default_str();
    bench->add_option("--work-dir", options.work_dir, "where a directory for the data is made; some 20 GB at scale 1")->type_name("DIR");
    bench->add_flag("--keep", options.keep, "leave that directory, and the topics");
    bench->add_flag("--json", json, "the same as --format json");
    auto* copy = command("copy", "move the log to another place, and seal it where it was", "kring copy --from embedded --to kafka://localhost:9092/kring",
                         [this] { return run_copy(options); });
    copy->add_option("--from", options.copy_from, "embedded (that of --data), a data directory, file:DIR, or kafka://...")->type_name("URL|DIR")->required();
    copy->add_option("--to", options.copy_to, "the same; empty, or what an earlier run has left")->type_name("URL|DIR")->required();
    copy->footer(copy->get_footer() + copy_note);
    auto* node = command("node", "run until stopped, sharing the partitions of a topic with other nodes; commands come on standard input",
                         "kring --log kafka://localhost:9092/kring node --name amsterdam-1", [this] { return run_node(options); });
    node->add_option("--name", options.node_name, "what others call this node (default: host and process)")->type_name("NAME");
    node->add_option("--takeover-after", options.takeover_after, "seconds without a word from a node until others take its partitions; the same for all")
        ->check(CLI::Range(1.0, 1800.0))
        ->capture_default_str()
        ->type_name("SECONDS");
    node->footer(node->get_footer() + node_note);
    auto* topic = command("topic", "make or check the topic on Kafka that --log names", "kring --log kafka://localhost:9092/kring topic create",
                          [this] { return run_topic(options); });
    topic->add_option("ACTION", options.topic_action)->required()->check(CLI::IsMember({"create", "check"}))->type_name("create|check");
    topic->add_option("--partitions", options.topic_partitions, "create: each may hold a log of its own")->check(CLI::Range(1, 10'000))->capture_default_str();
    topic->add_option("--replicas", options.topic_replicas, "create: machines that have each record")->check(CLI::Range(1, 100))->capture_default_str();
  }
};

// Is what the command prints, or something in it, a list of things?
bool has_list(const CLI::App& app) {
  constexpr std::array without{"init", "submit", "log", "rebuild", "verify", "repair", "completion", "copy", "node", "topic"};
  return std::ranges::find(without, chosen_command(app)->get_name()) == without.end();
}

int run(int argc, char** argv) {
  Parser parser;
  auto usage_error = [&](const std::string& message) {
    std::cerr << "kring: " << printable(message) << '\n' << usage_line(parser.app) << '\n';
    return Exit::wrong_use;
  };
  if (argc > 1 && std::string_view(argv[1]) == "complete") {  // asked by the completion scripts, not by people
    print(candidates(parser.app, {argv + 2, argv + argc}, parser.options, WordsOfData()));
    return finish_output();
  }
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return parser.app.exit(error);  // --help, --version
    return usage_error(what_is_wrong(parser.app, error));
  }
  if (!parser.chosen) return usage_error("no command was given");
  if (parser.format == "csv" && !has_list(parser.app))
    return usage_error(concat("'", chosen_command(parser.app)->get_name(), "' prints no list, and CSV is for lists: leave --format csv out"));
  Options& options = parser.options;
  if (parser.json) parser.format = "json";
  options.format = parser.format == "table" || (parser.format.empty() && stdout_is_terminal()) ? Format::table
                   : parser.format == "csv"                                                       ? Format::csv
                                                                                                  : Format::json;
  // To bench it says where topics are made, and that command reads it.
  if (auto place = parse_log_url(options.log_url); !place && !parser.app.got_subcommand("bench")) return usage_error(place.error().message);
  int code = parser.chosen();
  if (code == Exit::wrong_use) std::cerr << usage_line(parser.app) << '\n';  // what is wrong was told by report()
  return code;
}

}  // namespace

int report(const Error& error) {
  std::cerr << "kring: " << printable(error.message) << '\n';
  if (const int signal = pending_signal(); signal != 0 && error.code == "interrupted") return exit_code_of(signal);
  switch (error.kind) {
    case ErrorKind::usage: return Exit::wrong_use;
    case ErrorKind::invalid:
    case ErrorKind::not_found: return Exit::refused;
    default: return Exit::failed;
  }
}

// A file that is opened while one of these is closed would get its number, and what is printed would go into it. What stands in
// for it can be neither read nor written, so that a command which needs it says so.
void occupy_standard_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor)
    if (fcntl(descriptor, F_GETFD) < 0) (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

}  // namespace kring::cli

int main(int argc, char** argv) {
  kring::cli::occupy_standard_descriptors();
  const rlimit none{0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);  // a core file would hold names and keys in the clear
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error of writing, not a way to die
  return kring::cli::run(argc, argv);
}
