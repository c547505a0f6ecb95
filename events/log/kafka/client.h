// A handle of librdkafka, with the settings that all of ours share, and its complaints in words.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "events/log/kafka/kafka_log.h"

struct rd_kafka_s;
struct rd_kafka_message_s;
struct rd_kafka_topic_partition_list_s;

namespace kring::kafka {

// One object belongs to one thread: all callbacks run in its poll().
class Client {
 public:
  enum class Role : std::uint8_t { consumer, producer };
  using Settings = std::vector<std::pair<const char*, std::string>>;

  // What the group of a consumer suggests: an rd_kafka_resp_err_t, and partitions. Called in its poll.
  using Rebalance = std::function<void(int code, rd_kafka_topic_partition_list_s* partitions)>;

  // Connects to nobody yet. Error `invalid_settings`: a setting that is not on the list, or that librdkafka refuses.
  static Result<std::unique_ptr<Client>> make(Role role, const KafkaOptions& options, const Settings& settings,
                                              Rebalance on_rebalance = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  rd_kafka_s* handle() const { return handle_; }

  // Serves what has come: delivery reports, errors, log lines. Waits for something at most this long.
  void poll(std::chrono::milliseconds wait);

  std::uint64_t interruptions() const { return interruptions_; }  // connections lost
  void count_interruption() { ++interruptions_; }

  // kind io, code `log_unreachable`: what could not be asked, and the last reason that librdkafka has given.
  std::unexpected<Error> unreachable(const std::string& what) const;

  std::function<void(const rd_kafka_message_s*)> on_delivery;  // a producer's reports

 private:
  explicit Client(const KafkaOptions& options) : brokers_(options.brokers), notice_(options.notice) {}
  static void on_error(rd_kafka_s* handle, int code, const char* reason, void* self);
  static void on_log(const rd_kafka_s* handle, int level, const char* facility, const char* text);
  static void on_report(rd_kafka_s* handle, const rd_kafka_message_s* message, void* self);

  const std::string brokers_;
  const std::function<void(std::string_view)> notice_;
  Rebalance on_rebalance_;
  rd_kafka_s* handle_ = nullptr;
  std::uint64_t interruptions_ = 0;
  std::string trouble_;  // the last complaint
  bool denied_ = false;  // it was about who we are
};

// kind io, code `kafka`: an answer of a broker, in its words.
std::unexpected<Error> refused(const std::string& what, const std::string& why);

// Time that runs out.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds within) : end_(std::chrono::steady_clock::now() + within) {}
  void restart(std::chrono::milliseconds within) { end_ = std::chrono::steady_clock::now() + within; }
  bool passed() const { return std::chrono::steady_clock::now() >= end_; }
  int left() const {  // milliseconds, as librdkafka takes them; at least 1
    using std::chrono::milliseconds;
    const auto left = std::chrono::duration_cast<milliseconds>(end_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<milliseconds::rep>(1, left.count()));
  }

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace kring::kafka
