// The writing half of the port, on a partition: claim, append, read back.
#pragma once

#include <memory>

#include "events/log/kafka/kafka_log.h"
#include "events/log/kafka/partition.h"

namespace kring::kafka {

// What make_kafka_log and make_kafka_reader do, on any partition. Of the options, `known`, `answer_by_offsets`, `appends_at_once` and `random` are used.
std::unique_ptr<KafkaLog> make_log(KafkaOptions options, std::unique_ptr<Partition> partition);
std::unique_ptr<KafkaReader> make_reader(std::unique_ptr<Partition> partition);

}  // namespace kring::kafka
