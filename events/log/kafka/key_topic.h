// The keys of a log on Kafka, on a compacted topic beside it: partition P of TOPIC-keys belongs to partition P of TOPIC.
#pragma once

#include <memory>

#include "events/log/kafka/kafka_log.h"
#include "events/privacy/key_feed.h"

namespace kring {

// Of the options, what says how to reach brokers, topic and partition are used; `topic` is that of the log. Connects at the first
// call. What is published is idempotent, and acknowledged by all replicas in sync. Errors beyond those of the port:
// `topic_not_found`, where the topic for keys is not there; those of kafka_log.h.
std::unique_ptr<KeyFeed> make_key_feed(const KafkaOptions& options);

}  // namespace kring
