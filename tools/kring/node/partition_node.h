// One partition of the topic on this node. It always follows the log, so that reads are warm and its writer could start at
// once; and while it is wanted to, it writes.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tools/kring/data_directory.h"

namespace kring::cli {

// What a partition tells its node; called on threads of the partition's.
struct PartitionListener {
  std::function<void(std::string_view)> notice;                         // for people
  std::function<void(const std::vector<ProgrammeId>&)> has_programmes;  // that the log defines; some may have been told before
};

class PartitionNode {
 public:
  // `options` name the partition. Starts following at once, on a thread of its own.
  PartitionNode(Options options, std::int32_t number, PartitionListener listener);
  ~PartitionNode();  // steps back
  PartitionNode(const PartitionNode&) = delete;
  PartitionNode& operator=(const PartitionNode&) = delete;

  // ---- thread-safe ----
  // From now on it is wanted to write: it claims the log. Commands that come meanwhile wait for it.
  void write();
  // No longer. All that was submitted is answered when this returns.
  void step_back();
  // Answered `unknown` with code `not_here` where another node is to write; else by the engine, or with what keeps it from
  // writing.
  void submit(Request request, Engine::Completion completed);

  // It has reached the end of the log once, or found something wrong with it that waiting does not mend.
  bool looked_at() const { return looked_at_; }
  // For how long it has been wanted to write, or to follow for the first time, and could not, because of something that is wrong
  // on this machine.
  std::chrono::milliseconds unfit() const;
  // For how long commands have been with the engine without one being answered.
  std::chrono::milliseconds stuck() const;

 private:
  using Clock = std::chrono::steady_clock;
  enum class State : std::uint8_t { following, claiming, writing };
  struct Waiting {
    Request request;
    Engine::Completion completed;
    Clock::time_point since;  // it is held
  };

  void run();
  Result<void> turn(bool wanted);
  Result<void> open();
  Result<void> follow();
  Result<void> follow_keys();
  Result<void> make_warm(const HistoryId& history, bool fresh);
  void drop_warm();
  bool may_claim();
  Result<void> take_over();
  Result<void> claim();
  void begin_writing(std::shared_ptr<Engine> engine);
  void stop_writing();
  void note(const Result<void>& done, bool wanted);
  std::optional<Clock::time_point> oldest_held() const;
  void answer_held(const Error& why);
  void hand_over(Engine& engine, Waiting one);
  Error not_here() const;

  const Options options_;
  const std::string name_;
  const PartitionListener listener_;

  // ---- of the thread ----
  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<projections::Database> database_;
  std::unique_ptr<projections::ModelKeeper> keeper_;
  std::unique_ptr<LogReader> reader_, keys_reader_;  // each reads on where it stopped
  EngineParts parts_;
  std::optional<Replica> replica_;     // while it does not write
  std::unique_ptr<EventLog> log_;      // while it writes
  std::size_t programmes_told_ = 0;
  Position models_told_ = 0;           // that they may follow to here
  Clock::time_point next_try_{};       // after something has failed
  std::optional<Clock::time_point> next_claim_;  // after another writer took over
  Position beaten_at_ = 0;             // and where the log ended then
  std::string trouble_;                // what people were told last

  mutable std::mutex mutex_;           // guards what follows
  std::condition_variable changed_;
  State state_ = State::following;
  bool wanted_ = false, stopping_ = false;
  std::deque<Waiting> held_;           // until the log is claimed
  std::shared_ptr<Engine> engine_;     // while writing
  std::size_t inside_ = 0;             // threads that are submitting to it
  std::optional<Clock::time_point> unfit_since_;
  std::size_t with_engine_ = 0;        // commands
  Clock::time_point progress_{};       // when one of them was answered, or came to an engine that had none

  std::atomic<bool> broken_ = false;   // the engine answers `unknown`
  std::atomic<bool> looked_at_ = false;
  std::thread thread_;
};

}  // namespace kring::cli
