// A partition of a real topic, through librdkafka: a consumer that is told its offsets and belongs to no group, and an
// idempotent producer that is made at the first send.
#pragma once

#include <memory>

#include "events/log/kafka/kafka_log.h"
#include "events/log/kafka/partition.h"

namespace kring::kafka {

std::unique_ptr<Partition> make_broker_partition(const KafkaOptions& options);

// What it tells librdkafka beyond what all clients have (client.h): for whoever wants to compare.
using ClientSettings = std::vector<std::pair<const char*, std::string>>;
ClientSettings consumer_settings();
ClientSettings producer_settings(const KafkaOptions& options);

}  // namespace kring::kafka
