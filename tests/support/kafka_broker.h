// A real Apache Kafka for tests, through tools/kafka, and what tests do to its topics by hand.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "events/log/kafka/kafka_log.h"

namespace kring::test {

class KafkaBroker {
 public:
  enum class Doors : std::uint8_t { plain, secure };  // secure: TLS as well, and the files that `secure_file` names
  // The one that all tests share: that of the ctest run, which KRING_TEST_KAFKA names, else one for this program.
  static KafkaBroker& shared();

  // One of its own, or three, for tests that hurt it. Gone with the object, and with this process however that ends.
  explicit KafkaBroker(int brokers = 1, Doors doors = Doors::plain);
  ~KafkaBroker();
  KafkaBroker(const KafkaBroker&) = delete;
  KafkaBroker& operator=(const KafkaBroker&) = delete;

  const std::string& address() const { return address_; }  // HOST:PORT[,HOST:PORT]
  std::string secure_file(const std::string& name) const { return directory_ + "/secure/" + name; }  // `tools/kafka --help` lists them
  void kill(int node = 1);                                 // with SIGKILL
  void stop();                                             // cleanly, all of them
  void freeze(int node = 1);                               // with SIGSTOP
  void thaw(int node = 1);
  void start();  // those that do not run; returns when all answer
  int leader_of(const std::string& topic);  // the node that has partition 0; waits until there is one

  using Settings = std::map<std::string, std::string>;
  // A topic with one replica that is fit to hold a log but for that; `changes` are made to its settings.
  std::string make_topic(const Settings& changes = {});  // with a name of its own
  void make_topic_named(const std::string& topic, const Settings& changes = {});
  void change_topic(const std::string& topic, const Settings& changes);  // its settings; returns when they are told
  std::vector<std::string> topics(const std::string& prefix);  // names that begin so
  void delete_topic(const std::string& topic);                        // returns when it is gone
  void delete_records(const std::string& topic, std::int64_t before);  // those with a lower offset

  // Appends messages as any program might; returns the offset of the last one.
  std::int64_t produce(const std::string& topic, const std::vector<Bytes>& messages);

  // All that the broker has on disk of a topic, as it lies there.
  Bytes stored(const std::string& topic) const;
  std::vector<Bytes> messages(const std::string& topic);  // all that are there

  KafkaOptions options(const std::string& topic) const;

 private:
  explicit KafkaBroker(std::string directory);
  void send(int signal, int node);

  const std::string directory_;
  const bool mine_;
  const int brokers_ = 1;
  const Doors doors_ = Doors::plain;
  std::string address_;
};

}  // namespace kring::test
