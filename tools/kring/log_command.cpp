// kring log: the records themselves, decoded, one JSON object a line.
#include <algorithm>
#include <iostream>
#include <optional>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "events/privacy/keyring.h"
#include "projections/views/forgetting.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/interrupt.h"
#include "tools/kring/progress_bar.h"
#include "tools/kring/record_json.h"

namespace kring::cli {
namespace {

constexpr auto poll_interval = std::chrono::milliseconds(100);  // how often --follow looks for more

// The place just before the record `from`.
Result<Bookmark> before(LogReader& log, Position from) {
  Bookmark place;
  if (from <= 1) return place;
  auto found = log.read_at(from - 1, [&](const LogEntry& entry) { place = entry.after; });
  if (!found) return std::unexpected(std::move(found.error()));
  return place;
}

}  // namespace

int run_log(const Options& options) {
  std::optional<Interrupt> interrupt;  // --follow ends by Ctrl-C, and tidies up after itself
  if (options.follow) interrupt.emplace();
  auto opened = open_log_for_reading(options);
  if (!opened) return report(opened.error());
  LogReader& log = **opened;
  // The read models tell who is forgotten by now. Where they cannot be read the records still can, without names.
  auto reading = open_for_reading(options);
  std::optional<projections::Forgetting> forgetting;
  std::unique_ptr<Opener> nobody;
  if (reading) {
    forgetting.emplace(*reading->database, *reading->opener);
  } else {
    std::cerr << "kring: names cannot be shown: " << printable(reading.error().message) << '\n';
    nobody = open_without_keys();
  }
  const Opener& opener = forgetting ? *forgetting : *nobody;
  auto place = before(log, options.from);
  if (!place) return place.error().kind == ErrorKind::not_found && !options.follow ? Exit::ok : report(place.error());
  std::uint64_t printed = 0;
  const Position first = std::max<Position>(options.from, 1), head = reading ? reading->head : 0;
  const Position last = options.limit > 0 ? std::min(head, first - 1 + options.limit) : head;
  ProgressBar bar("log", !options.follow && !stdout_is_terminal());  // there the lines show it
  for (;;) {
    Result<void> outcome;
    bool enough = false;
    auto reached = log.read(*place, [&](const LogEntry& entry) {
      auto decision = codec::decode(entry.body);
      if (!decision) {
        outcome = fail(decision.error().kind, decision.error().code, concat("position ", entry.position, ": ", decision.error().message));
        return false;
      }
      Record record{entry.position, entry.recorded_at, entry.previous, entry.hash, std::move(*decision)};
      const std::string line = json::to_text(record_to_json(record, opener)) + "\n";
      enough = !bar.unless_waiting([&] { return print(line); }) || (options.limit > 0 && ++printed >= options.limit);
      bar(record.position - first + 1, last < first ? 0 : last - first + 1);
      return !enough;
    });
    bar.erase();
    if (!outcome) return report(outcome.error());
    if (!reached) return report(reached.error());
    if (auto code = finish_output(); code != Exit::ok || !options.follow || enough) return code;
    place = *reached;
    if (!interrupt->pause(poll_interval)) return exit_code_of(interrupt->came());
    if (!forgetting) continue;
    if (auto refreshed = reading->database->refresh(); !refreshed) return report(refreshed.error());
    forgetting->look_again();
  }
}

}  // namespace kring::cli
