// A node: shares the partitions of a topic with others of its kind. It follows all of them, and writes to those that the
// group suggests to it (events/log/kafka/membership.h). docs/kafka.md tells people.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "events/log/kafka/membership.h"
#include "tools/kring/node/partition_node.h"

namespace kring::cli {

struct NodeOptions {
  Options options;                          // the data directory, and the topic
  std::string name;                         // what people and brokers call this node
  std::chrono::milliseconds silence{30'000};  // until a node that is not heard of is thought dead
  std::function<void()> wake;                 // called once failure() tells something, on a thread of the node's
};

class Node {
 public:
  // Looks at the topic, and starts to follow its partitions. It joins the group when it has caught up with all of them.
  // Errors: those of the topic, and `busy` where another process has the data directory.
  static Result<std::unique_ptr<Node>> start(NodeOptions options);
  ~Node();  // leaves the group; all that was submitted is answered

  // Thread-safe. To the partition in which the programme is, or would be defined.
  void submit(Request request, Engine::Completion completed);

  // Why this node cannot go on, so that others should have its partitions; none while it can. Thread-safe.
  std::optional<Error> failure() const;

 private:
  explicit Node(NodeOptions options) : options_(std::move(options)) {}
  void run();
  bool all_looked_at() const;
  bool is_fit();
  void give_up(Error why);
  Result<void> serve();
  void tell(std::string_view text) const;
  std::size_t place_of(const ProgrammeId& programme) const;

  const NodeOptions options_;
  MembershipOptions membership_options_;
  std::unique_ptr<FileLock> lock_;
  std::vector<std::unique_ptr<PartitionNode>> partitions_;
  std::unique_ptr<Membership> membership_;  // of the thread

  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, std::size_t> programmes_;  // the partition that each is in
  std::optional<Error> failure_;

  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace kring::cli
