#include "events/log/kafka/membership.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <utility>

#include "events/base/text.h"
#include "events/log/kafka/client.h"

namespace kring {
namespace {

using kafka::Client;

using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t, decltype(&rd_kafka_topic_partition_list_destroy)>;

// Told of a change at the next heartbeat at the latest: this long after the brokers know of it.
constexpr std::chrono::milliseconds heartbeat{1000};
// How often brokers are asked whether the topic is still there.
constexpr std::chrono::milliseconds look_again{5000};

std::vector<std::int32_t> numbers(const rd_kafka_topic_partition_list_t& list) {
  std::vector<std::int32_t> partitions;
  for (int i = 0; i < list.cnt; ++i) partitions.push_back(list.elems[i].partition);
  return partitions;
}

std::unexpected<Error> failed(std::string_view what, std::string_view why) {
  return fail(ErrorKind::io, "membership", concat("the group of nodes: ", what, ": ", why));
}

class GroupMembership final : public Membership {
 public:
  explicit GroupMembership(MembershipOptions options) : options_(std::move(options)) {}
  GroupMembership(const GroupMembership&) = delete;
  GroupMembership& operator=(const GroupMembership&) = delete;
  ~GroupMembership() override { leave(); }

  Result<void> join();
  Result<void> poll(std::chrono::milliseconds wait) override;
  void leave() override;

 private:
  void on_rebalance(int code, rd_kafka_topic_partition_list_s* list);
  void note(rd_kafka_error_t* error);

  const MembershipOptions options_;
  std::unique_ptr<Client> client_;
  bool joined_ = false;  // a first suggestion has come
  std::string complaint_;  // the last one that was told
  std::string trouble_;  // why this object is of no more use
};

Result<void> GroupMembership::join() {
  const std::string silence = concat(options_.silence.count());
  auto client = Client::make(Client::Role::consumer, options_.kafka,
                             {{"group.id", options_.group},
                              {"client.id", options_.node},
                              {"session.timeout.ms", silence},
                              {"max.poll.interval.ms", silence},
                              {"heartbeat.interval.ms", concat(std::min(heartbeat, options_.silence / 3).count())},
                              // Who keeps a partition is not interrupted; who loses one gives it up before it is given on.
                              {"partition.assignment.strategy", "cooperative-sticky"},
                              {"topic.metadata.refresh.interval.ms", concat(look_again.count())},
                              {"enable.auto.commit", "false"},
                              {"allow.auto.create.topics", "false"}},
                             [this](int code, rd_kafka_topic_partition_list_s* list) { on_rebalance(code, list); });
  if (!client) return std::unexpected(std::move(client.error()));
  client_ = std::move(*client);
  rd_kafka_poll_set_consumer(client_->handle());
  const Partitions topics(rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
  rd_kafka_topic_partition_list_add(topics.get(), options_.kafka.topic.c_str(), RD_KAFKA_PARTITION_UA);
  if (const auto code = rd_kafka_subscribe(client_->handle(), topics.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return failed("joining it", rd_kafka_err2str(code));
  return {};
}

Result<void> GroupMembership::poll(std::chrono::milliseconds wait) {
  if (!trouble_.empty()) return failed("membership has ended", trouble_);
  const std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)> message(
      rd_kafka_consumer_poll(client_->handle(), static_cast<int>(wait.count())), rd_kafka_message_destroy);
  const auto complain = [&](std::string why) {
    if (why != complaint_ && options_.kafka.notice) options_.kafka.notice(concat("the group of nodes: ", why));
    complaint_ = std::move(why);
  };
  if (message && message->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    return fail(ErrorKind::io, "topic_not_found", concat("the topic ", options_.kafka.topic, " is not there"));
  // It passes: librdkafka joins again by itself. But what will never pass people have to know.
  if (message && message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
    complain(rd_kafka_message_errstr(message.get()) != nullptr ? rd_kafka_message_errstr(message.get()) : rd_kafka_err2str(message->err));
  std::array<char, 512> why{};
  if (rd_kafka_fatal_error(client_->handle(), why.data(), why.size()) != RD_KAFKA_RESP_ERR_NO_ERROR) trouble_ = why.data();
  if (!trouble_.empty()) return failed("membership has ended", trouble_);
  return {};  // no message comes: what is assigned is paused
}

void GroupMembership::leave() {
  if (!client_) return;
  // Before the first suggestion there is nothing to give back; librdkafka 2.0.2 may then fail an assertion in closing.
  if (joined_) rd_kafka_consumer_close(client_->handle());
  client_.reset();
}

void GroupMembership::note(rd_kafka_error_t* error) {
  if (error == nullptr) return;
  trouble_ = rd_kafka_error_string(error);
  rd_kafka_error_destroy(error);
}

void GroupMembership::on_rebalance(int code, rd_kafka_topic_partition_list_s* list) {
  rd_kafka_t* const handle = client_->handle();
  const std::vector<std::int32_t> partitions = numbers(*list);
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    joined_ = true;
    // Nothing is read through the group.
    for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = RD_KAFKA_OFFSET_END;
    note(rd_kafka_incremental_assign(handle, list));
    rd_kafka_pause_partitions(handle, list);
    options_.given(partitions);
  } else if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    options_.taken(partitions, rd_kafka_assignment_lost(handle) != 0);
    note(rd_kafka_incremental_unassign(handle, list));
  } else {
    trouble_ = rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(code));
    (void)rd_kafka_assign(handle, nullptr);
  }
}

}  // namespace

Result<std::unique_ptr<Membership>> join(MembershipOptions options) {
  auto membership = std::make_unique<GroupMembership>(std::move(options));
  if (auto joined = membership->join(); !joined) return std::unexpected(std::move(joined.error()));
  return membership;
}

}  // namespace kring
