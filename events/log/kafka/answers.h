// What librdkafka answers, in our words.
#pragma once

#include <librdkafka/rdkafka.h>

#include "events/log/kafka/partition.h"

namespace kring::kafka {

// Errors that pass: brokers come back, leaders are elected, metadata arrive.
bool passes(rd_kafka_resp_err_t code);

// What a producer's report says of a message.
Delivery delivery_of(const rd_kafka_message_t& report);

// Where a partition begins and ends, which a broker is asked for as it is for the record of some moment, twice, each within so
// many milliseconds. Not with rd_kafka_query_watermark_offsets: that waits for ever where the leader goes while it is asked,
// whatever time it is given.
rd_kafka_resp_err_t ask_for_ends(rd_kafka_t* handle, const std::string& topic, std::int32_t partition, int within, std::int64_t& low, std::int64_t& high);

}  // namespace kring::kafka
