#include "projections/model_keeper.h"

#include <chrono>

namespace kring::projections {
namespace {

constexpr std::chrono::seconds try_again{1};

}  // namespace

ModelKeeper::ModelKeeper(Database& database, std::unique_ptr<LogReader> log, Position durable)
    : log_(std::move(log)), projector_(database, *log_), durable_(durable), thread_([this] { run(); }) {}

ModelKeeper::~ModelKeeper() {
  if (thread_.joinable()) (void)finish();
}

void ModelKeeper::notify(Position durable) {
  {
    std::lock_guard lock(mutex_);
    durable_ = durable;
    pending_ = true;
  }
  changed_.notify_one();
}

Result<void> ModelKeeper::finish(Projector::Report report) {
  {
    std::lock_guard lock(mutex_);
    report_ = std::move(report);
    stopping_ = true;
    pending_ = true;
  }
  changed_.notify_one();
  thread_.join();
  return outcome_;
}

std::optional<Error> ModelKeeper::fault() {
  std::lock_guard lock(mutex_);
  return outcome_ ? std::nullopt : std::optional(outcome_.error());
}

void ModelKeeper::run() {
  for (bool stop = false; !stop;) {
    Position durable = 0;
    {
      std::unique_lock lock(mutex_);
      const auto asked = [&] { return pending_; };
      if (outcome_) changed_.wait(lock, asked);
      else changed_.wait_for(lock, try_again, asked);
      pending_ = false;
      durable = durable_;
      stop = stopping_;
    }
    auto reached = projector_.catch_up([this](Position done, Position all) {
      std::lock_guard lock(mutex_);
      if (report_) report_(done, all);
    }, durable);
    std::lock_guard lock(mutex_);
    outcome_ = reached ? Result<void>() : std::unexpected(std::move(reached.error()));
  }
}

}  // namespace kring::projections
