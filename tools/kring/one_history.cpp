#include "tools/kring/one_history.h"

#include <filesystem>

#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "tools/kring/data_directory.h"
#include "tools/kring/log_place.h"

namespace kring::cli {
namespace {

namespace fs = std::filesystem;

// Partitions above 0 have directories of their own, in which no embedded log ever lies.
bool may_clash(const Options& options) {
  std::error_code none;
  return directory_of_log(options) == options.data && fs::exists(log_path(options), none);
}

Result<void> check_beginning(const Options& options) {
  const auto paths = key_paths(options);
  if (!paths) return std::unexpected(paths.error());
  std::error_code none;
  if (fs::exists(log_path(options), none) || !fs::exists(paths->keys, none)) return {};
  return fail(ErrorKind::io, "other_history",
              concat(options.data, " has keys, ", paths->keys, ", and no log: where that is on Kafka, name it with --log. A new log cannot share its keys: choose another data directory for one"));
}

}  // namespace

Result<void> check_one_history(const Options& options) {
  if (!on_kafka(options)) return check_beginning(options);
  if (!may_clash(options)) return {};
  const auto reader = log_for_reading(options);
  if (!reader) return std::unexpected(reader.error());
  const auto history = (*reader)->history();
  return history ? check_one_history(options, *history) : std::unexpected(history.error());
}

Result<void> check_one_history(const Options& options, const HistoryId& on_kafka) {
  if (!may_clash(options)) return {};
  const auto own = make_embedded_reader(log_path(options))->history();
  if (!own) return std::unexpected(own.error());
  if (*own == HistoryId{} || *own == on_kafka) return {};
  return fail(ErrorKind::io, "other_history",
              concat(options.data, " has an embedded log, ", log_path(options), ", and ", options.log_url, on_kafka == HistoryId{} ? " is empty" : " holds another history",
                     ": two logs cannot share keys and read models. Choose another data directory; or, to an empty topic, move the log with 'kring copy --from embedded --to ", options.log_url, "'"));
}

}  // namespace kring::cli
