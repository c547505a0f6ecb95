// kring repair, and what verify says of damage.
#include <filesystem>
#include <iostream>

#include "events/base/text.h"
#include "events/log/embedded/cut.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/log_place.h"

namespace kring::cli {
namespace {

// A name beside the log that is not taken yet.
std::string free_directory(const Options& options) {
  for (int number = 1;; ++number) {
    std::string path = concat(options.data, "/cut-off-at-", options.cut_at, number == 1 ? "" : concat('-', number));
    if (std::error_code error; !std::filesystem::exists(path, error)) return path;
  }
}

json::Object what_goes(const Options& options, const CutPlan& plan) {
  return {{"cut_at", plan.at}, {"position", plan.last.position}, {"log", log_path(options)}, {"bytes", plan.bytes}};
}

}  // namespace

int report_damage(const Options& options, const Error& error) {
  int code = report(error);
  if (error.code != "log_damaged" || on_kafka(options)) return code;
  auto log = open_log_for_reading(options);
  if (!log) return code;
  Position whole = 0;
  (void)(*log)->read({}, [&](const LogEntry& entry) { return whole = entry.position, true; });
  if (whole > 0) std::cerr << "kring: records 1 to " << whole << " are whole\n";
  std::cerr << "kring: restore the log from a backup; where there is none, kring repair --cut-at " << whole + 1
            << " says what giving up the rest would take\n";
  return code;
}

int run_repair(const Options& options) {
  if (on_kafka(options)) return report({ErrorKind::usage, "wrong_use", "--log", "repair is for an embedded log: one on Kafka cannot be cut"});
  auto there = open_log_for_reading(options);
  if (!there) return report(there.error());
  // Where it is damaged so that this cannot be told, whoever cuts it decides.
  if (auto successor = (*there)->successor(); successor && !successor->empty())
    return report({ErrorKind::io, "log_sealed", "", concat("this log was sealed and its history goes on at ", *successor, ": a cut would let it go on here as well")});
  auto plan = plan_cut(posix_filesystem(), log_path(options), options.cut_at);
  if (!plan) return report_damage(options, plan.error());
  Position whole = 0;
  const auto readable = (*there)->read(plan->last, [&](const LogEntry&) { return ++whole, true; });
  if (readable && whole == 0) return report({ErrorKind::not_found, "not_found", "", concat("the log is whole and ends at position ", plan->last.position, ": there is nothing to cut")});
  json::Object document = what_goes(options, *plan);
  document["whole_records"] = whole;
  if (!options.yes) {
    print(json::to_text(document) + "\n");
    std::cerr << "kring: nothing was changed; with --yes " << plan->bytes << " bytes from record " << plan->at
              << " on would be cut off and kept in " << free_directory(options) << '\n';
    if (whole > 0)
      std::cerr << "kring: " << whole << " of these records are whole and were answered" << (readable ? "; nothing in this log is damaged" : "") << '\n';
    if (!readable) std::cerr << "kring: records behind the damage may be whole as well; they are not counted, and would be kept with the rest\n";
    return finish_output();
  }
  std::string kept = free_directory(options);
  if (auto done = cut_log(posix_filesystem(), log_path(options), *plan, kept); !done) return report(done.error());
  // All of these are made again from the log, and know records that are gone.
  for (const char* derived : {"command-ids", "read-models", "snapshots"}) {
    std::error_code error;
    std::filesystem::remove_all(concat(options.data, '/', derived), error);
    if (error) return report({ErrorKind::io, "io", "", concat("cannot remove ", options.data, '/', derived, ": ", error.message())});
  }
  document["kept"] = kept;
  print(json::to_text(document) + "\n");
  return finish_output();
}

}  // namespace kring::cli
