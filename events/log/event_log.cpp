#include "events/log/event_log.h"

namespace kring {

Result<bool> holds(LogReader& log, const Bookmark& place) {
  auto read = log.read(place, [](const LogEntry&) { return false; });
  if (read) return true;
  if (read.error().code == "log_replaced") return false;
  return std::unexpected(std::move(read.error()));
}

}  // namespace kring
