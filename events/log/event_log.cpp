#include "events/log/event_log.h"

#include <utility>

namespace kring {

Result<void> EventLog::begin_append(std::span<const Draft> drafts, Position tail) {
  auto appended = append(drafts, tail);
  if (!appended) return std::unexpected(std::move(appended.error()));
  appended_ = *appended;
  return {};
}

Result<std::optional<Bookmark>> EventLog::finish_append() { return std::exchange(appended_, std::nullopt); }

Result<bool> holds(LogReader& log, const Bookmark& place) {
  auto read = log.read(place, [](const LogEntry&) { return false; });
  if (read) return true;
  if (read.error().code == "log_replaced") return false;
  return std::unexpected(std::move(read.error()));
}

}  // namespace kring
