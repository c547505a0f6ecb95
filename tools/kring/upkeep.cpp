// kring stats, rebuild, verify.
#include <chrono>
#include <filesystem>

#include "events/base/ranges.h"
#include "events/base/text.h"
#include "projections/views/views.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/log_place.h"
#include "tools/kring/progress_bar.h"
#include "tools/kring/settings.h"
#include "tools/kring/shared_keys.h"
#include "tools/kring/verify_keys.h"

namespace kring::cli {
namespace {

using projections::Model;
using projections::Projector;

constexpr auto upkeep_wait = std::chrono::milliseconds(5000);

int show(const Options& options, const json::Object& document) {
  if (options.format == Format::csv) print(csv(document));
  else print((options.format == Format::table ? json::to_pretty_text(document) : json::to_text(document)) + "\n");
  return finish_output();
}

// Null for a log that is not sealed.
json::Value named(const std::string& successor) { return successor.empty() ? json::Value() : json::Value(successor); }

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
  auto successor = (*log)->successor();
  if (!successor) return report(successor.error());
  auto counts = projections::counts(*reading->database);
  if (!counts) return report(counts.error());
  json::Array models;
  for (std::size_t i = 0; i < projections::model_count; ++i)
    models.push_back(json::Object{{"model", projections::model_names[i]},
                                  {"position", progress[i].position},
                                  {"lag", end->position - std::min(end->position, progress[i].position)},
                                  {"state", progress[i].position < end->position ? "catching_up" : "running"}});
  return show(options, {{"log", json::Object{{"url", options.log_url}, {"history", to_hex(view(*history))}, {"position", end->position}, {"successor", named(*successor)},
                                             {"head", to_hex(view(end->hash))}, {"bytes", size_of(log_path(options))}}},
                        {"counts", std::move(*counts)},
                        {"models", std::move(models)},
                        {"read_model_bytes", size_of(models_path(options))},
                        {"command_id_bytes", size_of(command_ids_path(options))}});
}

int run_rebuild(const Options& options) {
  std::vector<Model> models;
  for (const std::string& name : options.models) {
    auto found = std::ranges::find(projections::model_names, name);
    if (found == projections::model_names.end())
      return report(projections::nothing_named("read model", name, {projections::model_names.begin(), projections::model_names.end()}));
    auto model = static_cast<Model>(found - projections::model_names.begin());
    if (!contains(models, model)) models.push_back(model);
  }
  if (models.empty()) models = {Model::directory, Model::theme_roster, Model::venue_assignments, Model::history};
  auto exclusive = open_exclusively(options, upkeep_wait);
  if (!exclusive) return report(exclusive.error());
  {
    ProgressBar bar("rebuilding");
    auto rebuilt = Projector(*exclusive->database, *exclusive->log).rebuild(models, [&](Position done, Position) { bar(done, exclusive->tail); });
    if (!rebuilt) return report(rebuilt.error());
  }
  auto caught_up = exclusive->catch_up();
  if (!caught_up) return report(caught_up.error());
  return show(options, {{"rebuilt", models.size()}, {"position", *caught_up}});
}

int run_verify(const Options& options) {
  auto exclusive = open_exclusively(options, upkeep_wait, projections::IfDamaged::report);
  if (!exclusive) return report_damage(options, exclusive.error());
  if (auto caught_up = exclusive->catch_up(); !caught_up) return report_damage(options, caught_up.error());
  Result<Position> verified;
  {
    ProgressBar bar("verifying");
    verified = Projector(*exclusive->database, *exclusive->log).verify([&](Position done, Position) { bar(done, exclusive->tail); });
  }
  if (!verified) return report_damage(options, verified.error());
  auto successor = exclusive->log->successor();
  if (!successor) return report_damage(options, successor.error());
  auto paths = key_paths(options);
  if (!paths) return report(paths.error());
  if (on_kafka(options) && successor->empty()) follow_keys_for_verifying(options, *paths, *exclusive->log);
  // The keys of a sealed log are those of its successor: some may be destroyed there, or all have moved.
  auto opened = successor->empty() ? verify_keys(*exclusive->log, *paths) : Result<std::optional<std::size_t>>(std::nullopt);
  if (!opened) return report(opened.error());
  json::Object document{{"verified", *verified}, {"log", "every record is whole and in its place"}, {"read_models", "every row is what the log makes of it"},
                        {"keys", *opened ? "every text of those who are not forgotten can be opened" : "not checked"}};
  if (!successor->empty()) document["successor"] = *successor;
  return show(options, document);
}

}  // namespace kring::cli
