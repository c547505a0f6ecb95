// kring stats, rebuild, verify.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>

#include "events/base/ranges.h"
#include "events/base/text.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/settings.h"
#include "tools/kring/verify_keys.h"

namespace kring::cli {
namespace {

using projections::Model;
using projections::Projector;

constexpr auto upkeep_wait = std::chrono::milliseconds(5000);

// A bar on standard error, from the second second on, where that is a terminal.
class ProgressBar {
 public:
  void operator()(Position done, Position all) {
    using namespace std::chrono;
    if (!terminal_ || all == 0 || steady_clock::now() - start_ < seconds(1)) return;
    constexpr Position width = 40;
    auto full = std::min(width, done * width / all);
    std::cerr << "\r[" << std::string(full, '#') << std::string(width - full, ' ') << "] " << std::min<Position>(100, done * 100 / all) << " %" << std::flush;
    shown_ = true;
  }
  ~ProgressBar() {
    if (shown_) std::cerr << "\r" << std::string(60, ' ') << "\r";
  }

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  bool shown_ = false;
};

void show(const Options& options, const json::Object& document) {
  std::cout << (options.format == Format::table ? json::to_pretty_text(document) : json::to_text(document)) << '\n';
}

std::uintmax_t size_of(const std::string& directory) {
  std::uintmax_t bytes = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, ignored))
    if (std::error_code error; entry.is_regular_file(error)) bytes += entry.file_size(error);
  return bytes;
}

}  // namespace

int run_stats(const Options& options) {
  auto log = open_log_for_reading(options);
  if (!log) return report(log.error());
  auto reading = open_for_reading(options);
  if (!reading) return report(reading.error());
  auto history = (*log)->history();
  if (!history) return report(history.error());
  auto progress = reading->database->progress();
  auto end = (*log)->read(progress[0], [](const LogEntry&) { return true; });
  if (!end) return report(end.error());
  json::Array models;
  for (std::size_t i = 0; i < projections::model_count; ++i)
    models.push_back(json::Object{{"model", projections::model_names[i]},
                                  {"position", progress[i].position},
                                  {"lag", end->position - std::min(end->position, progress[i].position)},
                                  {"state", progress[i].position < end->position ? "catching_up" : "running"}});
  show(options, {{"log", json::Object{{"url", options.log_url}, {"history", to_hex(view(*history))}, {"position", end->position},
                                      {"head", to_hex(view(end->hash))}, {"bytes", size_of(log_path(options))}}},
                 {"models", std::move(models)},
                 {"read_model_bytes", size_of(models_path(options))},
                 {"command_id_bytes", size_of(options.data + "/command-ids")}});
  return Exit::ok;
}

int run_rebuild(const Options& options) {
  std::vector<Model> models;
  for (const std::string& name : options.models) {
    auto found = std::ranges::find(projections::model_names, name);
    if (found == projections::model_names.end())
      return report({ErrorKind::not_found, "unknown_model", "MODEL", concat("there is no read model '", name, "'; there are: directory, theme_roster, venue_assignments, history")});
    auto model = static_cast<Model>(found - projections::model_names.begin());
    if (!contains(models, model)) models.push_back(model);
  }
  if (models.empty()) models = {Model::directory, Model::theme_roster, Model::venue_assignments, Model::history};
  auto exclusive = open_exclusively(options, upkeep_wait);
  if (!exclusive) return report(exclusive.error());
  Projector projector(*exclusive->database, *exclusive->log);
  ProgressBar bar;
  auto rebuilt = projector.rebuild(models, std::ref(bar));
  if (!rebuilt) return report(rebuilt.error());
  auto caught_up = projector.catch_up();
  if (!caught_up) return report(caught_up.error());
  show(options, {{"rebuilt", models.size()}, {"position", *caught_up}});
  return Exit::ok;
}

int run_verify(const Options& options) {
  auto exclusive = open_exclusively(options, upkeep_wait, projections::IfDamaged::report);
  if (!exclusive) return report_damage(options, exclusive.error());
  Projector projector(*exclusive->database, *exclusive->log);
  auto caught_up = projector.catch_up();
  if (!caught_up) return report_damage(options, caught_up.error());
  ProgressBar bar;
  auto verified = projector.verify(std::ref(bar));
  if (!verified) return report_damage(options, verified.error());
  auto paths = keyring_paths(options.data);
  if (!paths) return report(paths.error());
  auto opened = verify_keys(*exclusive->log, *paths);
  if (!opened) return report(opened.error());
  show(options, {{"verified", *verified}, {"log", "every record is whole and in its place"}, {"read_models", "every row is what the log makes of it"},
                 {"keys", *opened ? "every text of those who are not forgotten can be opened" : "not checked"}});
  return Exit::ok;
}

}  // namespace kring::cli
