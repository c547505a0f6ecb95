// What librdkafka answers, in our words.
#pragma once

#include <librdkafka/rdkafka.h>

#include "events/log/kafka/partition.h"

namespace kring::kafka {

// Errors that pass: brokers come back, leaders are elected, metadata arrive.
bool passes(rd_kafka_resp_err_t code);

// What a producer's report says of a message.
Delivery delivery_of(const rd_kafka_message_t& report);

}  // namespace kring::kafka
