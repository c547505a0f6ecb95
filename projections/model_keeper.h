// Keeps the read models at the log's end, in a thread of its own.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "projections/projector.h"

namespace kring::projections {

// What is passed must outlive it. An error leaves the models where they were; they are tried again at the next notification,
// or after a second.
class ModelKeeper {
 public:
  // `durable`: up to where the log is. The models never go further than it is known to be.
  ModelKeeper(Database& database, std::unique_ptr<LogReader> log, Position durable);
  ~ModelKeeper();
  void notify(Position durable);  // so much was appended; thread-safe
  // Folds what is left, and stops. `report` is told how far it is, on another thread.
  Result<void> finish(Projector::Report report = {});
  // Why the models lag behind; none while they follow. Thread-safe.
  std::optional<Error> fault();

 private:
  void run();

  std::unique_ptr<LogReader> log_;
  Projector projector_;
  std::mutex mutex_;  // guards what follows
  Result<void> outcome_;
  std::condition_variable changed_;
  Position durable_;
  Projector::Report report_;
  bool pending_ = false, stopping_ = false;
  std::thread thread_;
};

}  // namespace kring::projections
