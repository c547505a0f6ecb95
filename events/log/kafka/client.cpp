#include "events/log/kafka/client.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "events/base/text.h"

namespace kring {
namespace {

constexpr std::string_view file_suffix = "_file";

// Before this one librdkafka sends a nonce twice in SCRAM, which Kafka refuses from 4.0 on.
constexpr int first_with_right_scram = 0x020601ff;

using Conf = std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)>;

std::unexpected<Error> invalid(std::string member, std::string message) {
  return fail(ErrorKind::invalid, "invalid_settings", std::move(message), std::move(member));
}

Result<void> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK) return {};
  return invalid(name, concat("Kafka setting ", name, ": ", why.data()));
}

Result<void> set_by_user(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  const auto& names = kafka_setting_names();
  if (std::ranges::find(names, name) == names.end()) {
    std::string all;
    for (const std::string_view one : names) all += concat(all.empty() ? "" : ", ", one);
    return invalid(name, concat("'", name, "' is not a Kafka setting that may be made here; there are: ", all));
  }
  if (!name.ends_with(file_suffix)) return set(conf, name, value);
  std::ifstream file(value);
  std::string secret;
  if (!file || !std::getline(file, secret)) return invalid(name, concat("cannot read ", value, ", which ", name, " names"));
  if (secret.ends_with('\r')) secret.pop_back();
  return set(conf, name.substr(0, name.size() - file_suffix.size()), secret);
}

std::string_view about_refusal(std::string_view why) {
  return why.starts_with("ssl.key.location") ? "; it is no key in PEM, or ssl.key.password_file does not hold its password" : "";
}

std::string about_scram(std::string_view reason) {
  if (rd_kafka_version() >= first_with_right_scram || reason.find("SCRAM") == std::string_view::npos) return "";
  return concat("; or it is librdkafka ", rd_kafka_version_str(), ", whose SCRAM Kafka refuses from 4.0 on: take librdkafka 2.6.1 or later, PLAIN over SASL_SSL, or certificates");
}

}  // namespace

const std::vector<std::string_view>& kafka_setting_names() {
  static const std::vector<std::string_view> names{
      "security.protocol", "sasl.mechanisms", "sasl.username", "sasl.password_file", "sasl.kerberos.service.name",
      "sasl.kerberos.principal", "sasl.kerberos.keytab", "ssl.ca.location", "ssl.certificate.location",
      "ssl.key.location", "ssl.key.password_file", "ssl.keystore.location", "ssl.keystore.password_file",
      "ssl.crl.location", "ssl.cipher.suites", "ssl.curves.list", "ssl.sigalgs.list",
      "ssl.endpoint.identification.algorithm", "broker.address.family", "client.id", "client.rack"};
  return names;
}

namespace kafka {

Result<std::unique_ptr<Client>> Client::make(Role role, const KafkaOptions& options, const Settings& settings, Rebalance on_rebalance) {
  std::unique_ptr<Client> client(new Client(options));
  client->on_rebalance_ = std::move(on_rebalance);
  Conf conf(rd_kafka_conf_new(), rd_kafka_conf_destroy);
  const Settings shared{{"bootstrap.servers", options.brokers},
                        {"client.id", "kring"},
                        {"socket.nagle.disable", "true"},
                        {"log.connection.close", "false"},
                        {"log_level", "4"},       // warnings and errors
                        {"log.queue", "true"},    // in our poll(), not on threads of its own
                        {"reconnect.backoff.ms", "50"},
                        {"reconnect.backoff.max.ms", "1000"}};
  for (const Settings* list : {&shared, &settings})
    for (const auto& [name, value] : *list)
      if (auto done = set(conf.get(), name, value); !done) return std::unexpected(std::move(done.error()));
  for (const auto& [name, value] : options.client)
    if (auto done = set_by_user(conf.get(), name, value); !done) return std::unexpected(std::move(done.error()));

  rd_kafka_conf_set_opaque(conf.get(), client.get());
  rd_kafka_conf_set_error_cb(conf.get(), &Client::on_error);
  rd_kafka_conf_set_log_cb(conf.get(), &Client::on_log);
  if (client->on_rebalance_)
    rd_kafka_conf_set_rebalance_cb(conf.get(), [](rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list, void* self) {
      static_cast<Client*>(self)->on_rebalance_(code, list);
    });
  if (role == Role::producer) rd_kafka_conf_set_dr_msg_cb(conf.get(), &Client::on_report);
  std::array<char, 512> why{};
  client->handle_ = rd_kafka_new(role == Role::producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, conf.get(), why.data(),
                                 why.size());
  if (client->handle_ == nullptr) return invalid("", concat("Kafka settings: ", why.data(), about_refusal(why.data())));
  (void)conf.release();  // the handle's from here on
  rd_kafka_set_log_queue(client->handle_, nullptr);
  return client;
}

Client::~Client() {
  if (handle_ == nullptr) return;
  on_delivery = {};
  rd_kafka_purge(handle_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  rd_kafka_destroy(handle_);
}

void Client::poll(std::chrono::milliseconds wait) { rd_kafka_poll(handle_, static_cast<int>(wait.count())); }

void Client::on_error(rd_kafka_t*, int code, const char* reason, void* self) {
  auto& client = *static_cast<Client*>(self);
  // That all are down says less than what they were lost by.
  if (code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    client.denied_ = code == RD_KAFKA_RESP_ERR__AUTHENTICATION;
    client.trouble_ = concat(reason, client.denied_ ? about_scram(reason) : "");
  } else if (client.trouble_.empty()) {
    client.trouble_ = concat(reason, ": they close the connection without a reason; where they take TLS or SASL alone, security.protocol has to say so");
  }
  if (code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) client.count_interruption();
}

void Client::on_log(const rd_kafka_t* handle, int, const char* facility, const char* text) {
  // Each first producer of a broker that has just started says so, tries again, and has what it asked for.
  if (std::string_view(facility) == "GETPID") return;
  const auto* client = static_cast<const Client*>(rd_kafka_opaque(handle));
  if (client->notice_) client->notice_(concat("Kafka: ", text));
}

void Client::on_report(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
  if (const auto& report = static_cast<Client*>(self)->on_delivery) report(message);
}

std::unexpected<Error> Client::unreachable(const std::string& what) const {
  return fail(ErrorKind::io, "log_unreachable",
              concat("Kafka at ", brokers_, denied_ ? " does not let us in: " : " does not answer: ", what, trouble_.empty() ? "" : "; ", trouble_));
}

std::unexpected<Error> refused(const std::string& what, const std::string& why) {
  return fail(ErrorKind::io, "kafka", concat(what, ": ", why));
}

}  // namespace kafka
}  // namespace kring
