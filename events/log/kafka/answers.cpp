#include "events/log/kafka/answers.h"

#include <memory>
#include <utility>

namespace kring::kafka {

bool passes(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__WAIT_CACHE:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
      return true;
    default:
      return false;
  }
}

Delivery delivery_of(const rd_kafka_message_t& report) {
  Delivery delivery;
  const rd_kafka_msg_status_t status = rd_kafka_message_status(&report);
  if (report.err == RD_KAFKA_RESP_ERR_NO_ERROR && status == RD_KAFKA_MSG_STATUS_PERSISTED)
    return {Delivery::Outcome::stored, report.offset, {}};
  if (status == RD_KAFKA_MSG_STATUS_NOT_PERSISTED) delivery.outcome = Delivery::Outcome::absent;
  delivery.why = rd_kafka_err2str(report.err);  // rd_kafka_message_errstr is for consumers: here it would be the message itself
  return delivery;
}

rd_kafka_resp_err_t ask_for_ends(rd_kafka_t* handle, const std::string& topic, std::int32_t partition, int within, std::int64_t& low, std::int64_t& high) {
  for (const auto& [end, offset] : {std::pair(RD_KAFKA_OFFSET_BEGINNING, &low), {RD_KAFKA_OFFSET_END, &high}}) {
    const std::unique_ptr<rd_kafka_topic_partition_list_t, decltype(&rd_kafka_topic_partition_list_destroy)> asked(
        rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
    rd_kafka_topic_partition_t& one = *rd_kafka_topic_partition_list_add(asked.get(), topic.c_str(), partition);
    one.offset = end;
    const auto code = rd_kafka_offsets_for_times(handle, asked.get(), within);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return code;
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR) return one.err;
    if (one.offset < 0) return RD_KAFKA_RESP_ERR__TIMED_OUT;  // nobody has answered
    *offset = one.offset;
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace kring::kafka
