// A process that takes commands: the shipped engine on the shipped writer, opened as the program opens them.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/runtime/engine.h"
#include "events/filesystem/faulty_filesystem.h"
#include "events/log/frame.h"
#include "events/log/kafka/kafka_log.h"
#include "tools/simulator/protocol/partition.h"

namespace kring::simulator::protocol {

// What a writer was sure of: nothing that it appended behind a position counts, or ever will.
using Refusals = std::map<WriterId, Position>;

// Counted over a run.
struct Takings {
  std::size_t claims = 0, failed_starts = 0, given_up = 0, refusals = 0;
};

class Node {
 public:
  Node(std::string name, std::uint64_t seed, Broker& broker, Happenings& happenings);
  ~Node();

  // Called while the node waits. A node that is gone says nothing; one that cannot start takes nothing.
  void submit(Request request, Engine::Completion completed);
  void open();  // takes over before anybody has sent it anything
  void crash();
  // The end of the run: the process ends, once it has done what it does.
  void end();
  bool ended() const { return process_.ended(); }

  const Refusals& refusals() const { return refusals_; }
  const Takings& takings() const { return takings_; }

 private:
  class WatchedLog;
  struct Waiting {
    Request request;
    Engine::Completion completed;
  };

  void run();
  void serve();
  void hand_over();
  bool start();
  bool take_over();
  bool open_engine(const Bookmark& tail);
  void close();
  void come_back();
  Token random_token();
  template <class... Pieces>
  void tell(const Pieces&... pieces) {
    broker_.trace()(broker_.schedule().now(), ' ', name_, ' ', pieces...);
  }

  const std::string name_;
  Broker& broker_;
  Happenings& happenings_;
  Dice dice_;
  FaultyFileSystem disk_;  // for snapshots; nothing goes wrong with it here
  std::deque<Waiting> inbox_;
  Refusals refusals_;
  Takings takings_;
  Bookmark known_;      // the newest record that its data directory knows
  Token last_token_{};  // that was made: of a writer that has claimed, its id
  bool over_ = false, opens_ = false, gave_up_ = false;

  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<CommandIndex> index_;
  std::unique_ptr<SnapshotStore> snapshots_;
  std::unique_ptr<Engine> engine_;
  Process process_;  // the last one: it runs on what stands above
};

}  // namespace kring::simulator::protocol
