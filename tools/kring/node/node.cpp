#include "tools/kring/node/node.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>

#include "events/base/printable.h"
#include "events/base/text.h"
#include "events/log/kafka/topic.h"
#include "tools/kring/log_place.h"
#include "tools/kring/one_history.h"

namespace kring::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_again{100};
constexpr milliseconds join_again{1000};

}  // namespace

Result<std::unique_ptr<Node>> Node::start(NodeOptions options) {
  auto kafka = kafka_options(options.options);
  if (!kafka) return std::unexpected(std::move(kafka.error()));
  const auto topic = check_topic(*kafka);
  if (!topic) return std::unexpected(topic.error());
  if (auto own = check_one_history(with_partition(options.options, 0)); !own) return std::unexpected(std::move(own.error()));
  auto lock = lock_for_node(options.options);
  if (!lock) return std::unexpected(std::move(lock.error()));
  std::unique_ptr<Node> node(new Node(std::move(options)));
  node->lock_ = std::move(*lock);
  MembershipOptions& membership = node->membership_options_;
  membership.kafka = std::move(*kafka);
  membership.group = concat("kring-", membership.kafka.topic);
  membership.node = node->options_.name;
  membership.silence = node->options_.silence;
  membership.given = [raw = node.get()](std::span<const std::int32_t> numbers) {
    for (const std::int32_t number : numbers) raw->partitions_[static_cast<std::size_t>(number)]->write();
  };
  membership.taken = [raw = node.get()](std::span<const std::int32_t> numbers, bool) {
    for (const std::int32_t number : numbers) raw->partitions_[static_cast<std::size_t>(number)]->step_back();
  };
  for (std::int32_t number = 0; number < topic->partitions; ++number) {
    PartitionListener listener;
    listener.notice = [raw = node.get()](std::string_view text) { raw->tell(text); };
    listener.has_programmes = [raw = node.get(), number](const std::vector<ProgrammeId>& programmes) {
      std::lock_guard guard(raw->mutex_);
      for (const ProgrammeId& programme : programmes) raw->programmes_[programme.text] = static_cast<std::size_t>(number);
    };
    node->partitions_.push_back(std::make_unique<PartitionNode>(with_partition(node->options_.options, number), number, std::move(listener)));
  }
  node->thread_ = std::thread([raw = node.get()] { raw->run(); });
  return node;
}

Node::~Node() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  partitions_.clear();
}

void Node::tell(std::string_view text) const { std::cerr << concat("kring: ", options_.name, ": ", printable(text), "\n") << std::flush; }

std::optional<Error> Node::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

// A node knows what it has followed, and no more: where a command names no programme, only the engine of the one log that
// there is may fill it in.
void Node::submit(Request request, Engine::Completion completed) {
  const ProgrammeId& programme = request.command.programme;
  if (programme.empty() && partitions_.size() > 1) {
    Answer answer;
    answer.id = request.command.id;
    answer.status = AnswerStatus::invalid;
    answer.error = Error{ErrorKind::invalid, "invalid_command", "programme", "'programme' is required: this topic has several partitions"};
    return completed(std::move(answer));
  }
  partitions_[place_of(programme)]->submit(std::move(request), std::move(completed));
}

std::size_t Node::place_of(const ProgrammeId& programme) const {
  if (programme.empty()) return 0;
  {
    std::lock_guard lock(mutex_);
    if (const auto found = programmes_.find(programme.text); found != programmes_.end()) return found->second;
  }
  return static_cast<std::size_t>(home_of(programme, static_cast<std::int32_t>(partitions_.size())));
}

bool Node::all_looked_at() const {
  return std::ranges::all_of(partitions_, [](const auto& partition) { return partition->looked_at(); });
}

// A node that hangs must not look alive to the others: it stops asking its group, and is thought dead in time. One that
// cannot do its work leaves.
bool Node::is_fit() {
  if (failure()) return false;
  const std::string& directory = options_.options.data;
  if (::access(node_lock_path(options_.options).c_str(), F_OK) != 0 && errno == ENOENT) {
    give_up({ErrorKind::io, "directory_gone", "", concat("the data directory ", directory, " was removed; this node ends")});
  } else if (std::ranges::any_of(partitions_, [&](const auto& partition) { return partition->unfit() > options_.silence; })) {
    give_up({ErrorKind::io, "unfit", "", "this node cannot write to the partitions that are its own, and ends so that others do"});
  }
  return !failure();
}

void Node::give_up(Error why) {
  {
    std::lock_guard lock(mutex_);
    failure_ = std::move(why);
  }
  options_.wake();
}

Result<void> Node::serve() {
  if (!membership_) {
    auto joined = join(membership_options_);
    if (!joined) return std::unexpected(std::move(joined.error()));
    membership_ = std::move(*joined);
    tell(concat("joined the group ", membership_options_.group));
  }
  const bool stuck = std::ranges::any_of(partitions_, [&](const auto& partition) { return partition->stuck() > options_.silence; });
  if (stuck) {
    std::this_thread::sleep_for(look_again);
    return {};
  }
  auto polled = membership_->poll(look_again);
  if (polled || polled.error().code != "topic_not_found") return polled;
  // Another broker may know better.
  if (const auto topic = describe_topic(membership_options_.kafka); !topic && topic.error().code == "topic_not_found") give_up(topic.error());
  return {};
}

void Node::run() {
  while (!stopping_ && !all_looked_at() && is_fit()) std::this_thread::sleep_for(look_again);
  while (!stopping_ && is_fit()) {
    auto served = serve();
    if (served) continue;
    tell(served.error().message);
    membership_.reset();
    for (const auto& partition : partitions_) partition->step_back();
    std::this_thread::sleep_for(join_again);
  }
  membership_.reset();  // leaves, which takes back what was given
}

}  // namespace kring::cli
