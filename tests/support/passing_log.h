// A log that passes everything on to another one, for tests that watch or disturb one call of it.
#pragma once

#include <memory>
#include <utility>

#include "events/log/event_log.h"

namespace kring {

class PassingLog : public EventLog {
 public:
  explicit PassingLog(std::unique_ptr<EventLog> log) : log_(std::move(log)) {}

  Result<HistoryId> history() override { return log_->history(); }
  Result<std::string> successor() override { return log_->successor(); }
  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override { return log_->read(from, visit); }
  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override { return log_->read_at(position, visit); }
  Result<Bookmark> claim() override { return log_->claim(); }
  Result<Bookmark> append(std::span<const Draft> drafts, Position tail) override { return log_->append(drafts, tail); }
  Result<void> seal(std::string_view successor, Position tail) override { return log_->seal(successor, tail); }

 protected:
  const std::unique_ptr<EventLog> log_;
};

}  // namespace kring
