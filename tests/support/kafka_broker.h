// A real Apache Kafka for tests, through tools/kafka, and what tests do to its topics by hand.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "events/log/kafka/kafka_log.h"

namespace kring::test {

class KafkaBroker {
 public:
  // The one that all tests share: that of the ctest run, which KRING_TEST_KAFKA names, else one for this program.
  static KafkaBroker& shared();

  // One of its own, for tests that hurt it. Gone with the object, and with this process however that ends.
  KafkaBroker();
  ~KafkaBroker();
  KafkaBroker(const KafkaBroker&) = delete;
  KafkaBroker& operator=(const KafkaBroker&) = delete;

  const std::string& address() const { return address_; }  // HOST:PORT
  void kill();                                             // with SIGKILL
  void start();                                            // again; returns when it answers

  using Settings = std::map<std::string, std::string>;
  // A topic with one replica that is fit to hold a log but for that; `changes` are made to its settings.
  std::string make_topic(const Settings& changes = {});  // with a name of its own
  void make_topic_named(const std::string& topic, const Settings& changes = {});
  void delete_topic(const std::string& topic);                        // returns when it is gone
  void delete_records(const std::string& topic, std::int64_t before);  // those with a lower offset

  // Appends messages as any program might; returns the offset of the last one.
  std::int64_t produce(const std::string& topic, const std::vector<Bytes>& messages);

  // All that the broker has on disk of a topic, as it lies there.
  Bytes stored(const std::string& topic) const;

  KafkaOptions options(const std::string& topic) const;

 private:
  explicit KafkaBroker(std::string directory);

  const std::string directory_;
  const bool mine_;
  std::string address_;
};

}  // namespace kring::test
