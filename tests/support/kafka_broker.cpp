#include "tests/support/kafka_broker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/log/kafka/broker_partition.h"
#include "events/log/kafka/topic.h"

namespace kring::test {
namespace {

constexpr int patience = 60'000;  // milliseconds, for whatever a broker is asked

template <class T>
using Handle = std::unique_ptr<T, void (*)(T*)>;

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "the broker of the tests: " << why << std::endl;
  std::_Exit(1);
}

// Runs tools/kafka; its standard output. This process is the one that --with-caller means.
std::string tool(const std::string& arguments) {
  int out[2];
  if (pipe2(out, O_CLOEXEC) != 0) give_up("no pipe");  // else a child of another thread might keep it open
  const std::string program = KRING_SOURCE_DIR "/tools/kafka";
  const std::string command = concat("exec ", program, " ", arguments);
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], 1);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  close(out[1]);
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t count; (count = read(out[0], buffer.data(), buffer.size())) > 0;) text.append(buffer.data(), static_cast<std::size_t>(count));
  close(out[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) give_up(concat("tools/kafka ", arguments, " ended with ", status));
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

std::string own_directory() {
  std::string path = ::testing::TempDir() + "kring-kafka-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) give_up("no directory");
  return path + "/broker";
}

Handle<rd_kafka_t> connect(const std::string& address) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  for (const auto& [name, value] : std::map<std::string, std::string>{{"bootstrap.servers", address}, {"acks", "all"}, {"linger.ms", "0"}, {"message.max.bytes", "20000000"}})
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK) give_up(why.data());
  rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* report, void*) {
    if (report->err != RD_KAFKA_RESP_ERR_NO_ERROR) give_up(rd_kafka_err2str(report->err));
    *static_cast<std::int64_t*>(report->_private) = report->offset;
  });
  rd_kafka_t* handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  if (handle == nullptr) give_up(why.data());
  return {handle, rd_kafka_destroy};
}

// Waits for the answer to an order that was put on `queue`.
Handle<rd_kafka_event_t> answer(rd_kafka_queue_t* queue) {
  Handle<rd_kafka_event_t> event(rd_kafka_queue_poll(queue, patience), rd_kafka_event_destroy);
  if (!event) give_up("no answer");
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) give_up(rd_kafka_event_error_string(event.get()));
  return event;
}

}  // namespace

KafkaBroker& KafkaBroker::shared() {
  const char* directory = std::getenv("KRING_TEST_KAFKA");
  static const std::unique_ptr<KafkaBroker> broker(directory == nullptr ? new KafkaBroker : new KafkaBroker(directory));
  return *broker;
}

KafkaBroker::KafkaBroker(int brokers, Doors doors) : directory_(own_directory()), mine_(true), brokers_(brokers), doors_(doors) { start(); }
KafkaBroker::KafkaBroker(std::string directory) : directory_(std::move(directory)), mine_(false) { start(); }

KafkaBroker::~KafkaBroker() {
  if (!mine_) return;
  tool(concat("down --dir ", directory_));
  std::error_code ignored;
  std::filesystem::remove_all(std::filesystem::path(directory_).parent_path(), ignored);
}

void KafkaBroker::start() {
  address_ = tool(concat("up --with-caller --dir ", directory_, mine_ ? concat(" --brokers ", brokers_) : "", doors_ == Doors::secure ? " --secure" : ""));
}

void KafkaBroker::stop() {
  KRING_CHECK(mine_);
  tool(concat("down --dir ", directory_));
}

void KafkaBroker::send(int signal, int node) {
  KRING_CHECK(mine_);
  pid_t pid = 0;
  std::ifstream(concat(directory_, "/broker-", node, "/pid")) >> pid;
  // It is not our child, so it cannot be waited for by its id.
  const auto process = pid > 0 ? static_cast<int>(syscall(SYS_pidfd_open, pid, 0)) : -1;
  if (process < 0 || ::kill(pid, signal) != 0) give_up(concat("it takes no signal ", signal));
  pollfd ended{process, POLLIN, 0};
  while (signal == SIGKILL && poll(&ended, 1, -1) < 0 && errno == EINTR) {}
  close(process);
}

void KafkaBroker::kill(int node) { send(SIGKILL, node); }
void KafkaBroker::freeze(int node) { send(SIGSTOP, node); }
void KafkaBroker::thaw(int node) { send(SIGCONT, node); }

int KafkaBroker::leader_of(const std::string& topic) {
  const auto client = connect(address_);
  const Handle<rd_kafka_topic_t> name(rd_kafka_topic_new(client.get(), topic.c_str(), nullptr), rd_kafka_topic_destroy);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
  while (std::chrono::steady_clock::now() < deadline) {
    const rd_kafka_metadata_t* metadata = nullptr;
    if (rd_kafka_metadata(client.get(), 0, name.get(), &metadata, 2000) != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const int leader = metadata->topic_cnt == 1 && metadata->topics[0].partition_cnt > 0 ? metadata->topics[0].partitions[0].leader : -1;
    rd_kafka_metadata_destroy(metadata);
    if (leader > 0) return leader;
    rd_kafka_poll(client.get(), 100);
  }
  give_up("the partition has no leader");
}

std::string KafkaBroker::make_topic(const Settings& changes) {
  static int number = 0;
  std::string name = concat("log-", getpid(), "-", std::chrono::steady_clock::now().time_since_epoch().count(), "-", ++number);
  make_topic_named(name, changes);
  return name;
}

void KafkaBroker::make_topic_named(const std::string& topic, const Settings& changes) {
  const auto client = connect(address_);
  std::array<char, 512> why{};
  const Handle<rd_kafka_NewTopic_t> order(rd_kafka_NewTopic_new(topic.c_str(), 1, 1, why.data(), why.size()), rd_kafka_NewTopic_destroy);
  Settings settings = topic_settings(1);
  for (const auto& [name, value] : changes) settings[name] = value;
  for (const auto& [name, value] : settings) rd_kafka_NewTopic_set_config(order.get(), name.c_str(), value.c_str());
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(client.get()), rd_kafka_queue_destroy);
  std::array<rd_kafka_NewTopic_t*, 1> orders{order.get()};
  rd_kafka_CreateTopics(client.get(), orders.data(), 1, nullptr, queue.get());
  const auto event = answer(queue.get());
  std::size_t count = 0;
  const auto* const* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  if (rd_kafka_topic_result_error(results[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) give_up(rd_kafka_topic_result_error_string(results[0]));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
  while (!describe_topic(options(topic)))
    if (std::chrono::steady_clock::now() > deadline) give_up("the new topic does not appear");
}

void KafkaBroker::change_topic(const std::string& topic, const Settings& changes) {
  const auto client = connect(address_);
  const Handle<rd_kafka_ConfigResource_t> resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()), rd_kafka_ConfigResource_destroy);
  Settings settings = topic_settings(1);  // what is not named goes back to the broker's default
  for (const auto& [name, value] : changes) settings[name] = value;
  for (const auto& [name, value] : settings) rd_kafka_ConfigResource_set_config(resource.get(), name.c_str(), value.c_str());
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(client.get()), rd_kafka_queue_destroy);
  std::array<rd_kafka_ConfigResource_t*, 1> orders{resource.get()};
  rd_kafka_AlterConfigs(client.get(), orders.data(), 1, nullptr, queue.get());
  answer(queue.get());
  const auto told = [&] {
    const auto found = describe_topic(options(topic));
    return found && std::ranges::all_of(settings, [&](const auto& one) { return found->settings.contains(one.first) && found->settings.at(one.first) == one.second; });
  };
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
  while (!told())
    if (std::chrono::steady_clock::now() > deadline) give_up("the new settings do not appear");
}

std::vector<std::string> KafkaBroker::topics(const std::string& prefix) {
  const auto client = connect(address_);
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto code = rd_kafka_metadata(client.get(), 1, nullptr, &metadata, patience);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) give_up(rd_kafka_err2str(code));
  std::vector<std::string> names;
  for (int i = 0; i < metadata->topic_cnt; ++i)
    if (std::string name = metadata->topics[i].topic; name.starts_with(prefix)) names.push_back(std::move(name));
  rd_kafka_metadata_destroy(metadata);
  return names;
}

void KafkaBroker::delete_topic(const std::string& topic) {
  const auto client = connect(address_);
  const Handle<rd_kafka_DeleteTopic_t> order(rd_kafka_DeleteTopic_new(topic.c_str()), rd_kafka_DeleteTopic_destroy);
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(client.get()), rd_kafka_queue_destroy);
  std::array<rd_kafka_DeleteTopic_t*, 1> orders{order.get()};
  rd_kafka_DeleteTopics(client.get(), orders.data(), 1, nullptr, queue.get());
  answer(queue.get());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
  for (;;) {
    const auto found = describe_topic(options(topic));
    if (!found && found.error().code == "topic_not_found") return;
    if (std::chrono::steady_clock::now() > deadline) give_up("the topic does not go");
  }
}

void KafkaBroker::delete_records(const std::string& topic, std::int64_t before) {
  const auto client = connect(address_);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), 0)->offset = before;
  const Handle<rd_kafka_DeleteRecords_t> order(rd_kafka_DeleteRecords_new(list), rd_kafka_DeleteRecords_destroy);
  rd_kafka_topic_partition_list_destroy(list);
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(client.get()), rd_kafka_queue_destroy);
  std::array<rd_kafka_DeleteRecords_t*, 1> orders{order.get()};
  rd_kafka_DeleteRecords(client.get(), orders.data(), 1, nullptr, queue.get());
  const auto event = answer(queue.get());
  const auto* offsets = rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event.get()));
  if (offsets->cnt != 1 || offsets->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) give_up("the records cannot be deleted");
}

std::int64_t KafkaBroker::produce(const std::string& topic, const std::vector<Bytes>& messages) {
  const auto client = connect(address_);
  const Handle<rd_kafka_topic_t> name(rd_kafka_topic_new(client.get(), topic.c_str(), nullptr), rd_kafka_topic_destroy);
  std::int64_t offset = -1;
  for (const Bytes& message : messages)
    if (rd_kafka_produce(name.get(), 0, RD_KAFKA_MSG_F_COPY, const_cast<char*>(message.data()), message.size(), nullptr, 0, &offset) != 0)
      give_up(rd_kafka_err2str(rd_kafka_last_error()));
  if (rd_kafka_flush(client.get(), patience) != RD_KAFKA_RESP_ERR_NO_ERROR) give_up("messages are not delivered");
  return offset;
}

Bytes KafkaBroker::stored(const std::string& topic) const {
  Bytes all;
  std::error_code gone;  // a file that is replaced meanwhile is there under its new name, or not any more
  for (const auto& partition : std::filesystem::directory_iterator(directory_ + "/broker-1/data")) {
    const std::string name = partition.path().filename();
    if (name.substr(0, name.rfind('-')) != topic) continue;
    for (const auto& entry : std::filesystem::directory_iterator(partition.path(), gone)) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
  }
  return all;
}

std::vector<Bytes> KafkaBroker::messages(const std::string& topic) {
  const auto partition = kafka::make_broker_partition(options(topic));
  if (!partition->open()) give_up("the topic does not open");
  const auto marks = partition->watermarks();
  if (!marks) give_up(marks.error().message);
  std::vector<Bytes> all;
  for (kafka::Offset offset = marks->low; offset < marks->high; ++offset) {
    const auto message = partition->message_at(offset);
    if (!message) give_up(message.error().message);
    all.emplace_back(message->value);
  }
  return all;
}

KafkaOptions KafkaBroker::options(const std::string& topic) const {
  KafkaOptions options;
  options.brokers = address_;
  options.topic = topic;
  options.allow_unreplicated = true;
  return options;
}

}  // namespace kring::test
