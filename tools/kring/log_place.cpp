#include "tools/kring/log_place.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <vector>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/log/kafka/topic.h"
#include "events/log/share.h"
#include "events/log/kafka/topic.h"
#include "tools/kring/settings.h"

namespace kring::cli {
namespace {

constexpr std::string_view scheme = "kafka://";

std::unexpected<Error> wrong(const std::string& url, std::string_view why) {
  return fail(ErrorKind::usage, "wrong_use",
              concat("--log ", url, ": ", why, "; it is 'embedded' or kafka://HOST:PORT[,HOST:PORT]/TOPIC[/PARTITION]"), "--log");
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <class Number>
bool parse_number(std::string_view text, Number least, Number most, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= least && number <= most;
}

bool is_address(std::string_view text) {
  const auto colon = text.rfind(':');
  int port = 0;
  return colon != std::string_view::npos && colon > 0 && parse_number(text.substr(colon + 1), 1, 65535, port);
}

// What Kafka takes as the name of a topic, short enough for the one of the keys as well.
bool is_topic(std::string_view text) {
  const auto allowed = [](unsigned char c) { return c < 128 && (std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-'); };
  return !text.empty() && text.size() <= max_log_topic_name && text != "." && text != ".." && std::ranges::all_of(text, allowed);
}

}  // namespace

Result<LogPlace> parse_log_url(const std::string& url) {
  if (url == "embedded") return LogPlace{};
  if (!url.starts_with(scheme)) return wrong(url, "is no place of a log");
  const std::vector<std::string> parts = split(std::string_view(url).substr(scheme.size()), '/');
  LogPlace place;
  place.on_kafka = true;
  place.brokers = parts[0];
  if (!std::ranges::all_of(split(parts[0], ','), is_address)) return wrong(url, "each broker must be HOST:PORT");
  if (parts.size() < 2 || !is_topic(parts[1])) return wrong(url, "the topic is missing, or no name of a topic");
  place.topic = parts[1];
  if (parts.size() > 3 || (parts.size() == 3 && !parse_number(parts[2], 0, 999'999, place.partition)))
    return wrong(url, "the partition must be a number");
  place.partition_named = parts.size() == 3;
  return place;
}

Options with_partition(const Options& options, std::int32_t partition) {
  const auto place = parse_log_url(options.log_url);
  KRING_CHECK(place && place->on_kafka);
  Options other = options;
  other.log_url = concat(scheme, place->brokers, "/", place->topic, "/", partition);
  return other;
}

std::string directory_of_log(const Options& options) {
  const auto place = parse_log_url(options.log_url);
  return place && place->partition > 0 ? concat(options.data, "/partition-", place->partition) : options.data;
}

Result<CopyEnd> parse_copy_end(const Options& options, const std::string& url, const std::string& flag) {
  constexpr std::string_view file = "file:";
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorKind::usage, "wrong_use",
                concat(flag, " ", url, ": ", why, "; it is 'embedded', a data directory, file:DIR, or kafka://HOST:PORT[,HOST:PORT]/TOPIC[/PARTITION]"), flag);
  };
  CopyEnd end{options, {}};
  end.options.log_url = "embedded";
  if (url.starts_with(scheme)) {
    auto place = parse_log_url(url);
    if (!place) return refuse("is no place of a log");
    end.options.log_url = url;
    end.name = concat(scheme, place->brokers, "/", place->topic, "/", place->partition);
    return end;
  }
  if (url != "embedded") {
    std::string_view path = url;
    if (path.starts_with(file)) path.remove_prefix(file.size());
    if (path.starts_with("///")) path.remove_prefix(2);
    if (path.empty() || path.find("://") != std::string_view::npos || path.starts_with("//")) return refuse("is no place of a log");
    end.options.data = path;
  }
  std::error_code error;
  auto directory = std::filesystem::weakly_canonical(std::filesystem::absolute(end.options.data, error), error);
  if (error) return fail(ErrorKind::io, "unreadable", concat("cannot find ", end.options.data, ": ", error.message()));
  if (!directory.has_filename()) directory = directory.parent_path();  // "data/" is "data"
  end.options.data = directory.string();
  if (!is_utf8(end.options.data)) return refuse("the name of this directory is no UTF-8, and the old log is to name it");
  end.name = concat(file, end.options.data);
  return end;
}

void tell_home(const Options& options) {
  if (!on_kafka(options) || options.programme.empty()) return;
  const auto kafka = kafka_options(options);
  const auto topic = kafka ? describe_topic(*kafka) : Result<KafkaTopic>(std::unexpected(kafka.error()));
  if (!topic || topic->partitions <= 1) return;
  const auto home = home_of({options.programme}, topic->partitions);
  if (home == kafka->partition) return;
  std::cerr << concat("kring: that was partition ", kafka->partition, " of ", topic->partitions, "; a programme of that name would be in --log ", scheme, kafka->brokers, "/", kafka->topic, "/", home, "\n");
}

bool on_kafka(const Options& options) { return options.log_url.starts_with(scheme); }

Result<std::optional<KafkaOptions>> bench_place(const Options& options) {
  const auto wrong_place = [&] {
    return fail(ErrorKind::usage, "wrong_use", concat("--log ", options.log_url, ": for bench it is 'embedded' or kafka://HOST:PORT[,HOST:PORT][/PREFIX]"), "--log");
  };
  if (options.log_url == "embedded") return std::nullopt;
  Options named = options;  // a topic that is not used as such
  if (std::ranges::count(named.log_url, '/') == 2) named.log_url += "/kring-bench";
  const auto place = parse_log_url(named.log_url);
  if (!place || place->partition != 0 || place->topic.size() > 200) return wrong_place();
  auto kafka = kafka_options(named);
  if (!kafka) return std::unexpected(std::move(kafka.error()));
  return std::optional(std::move(*kafka));
}

Result<KafkaOptions> kafka_options(const Options& options) {
  auto place = parse_log_url(options.log_url);
  if (!place) return std::unexpected(std::move(place.error()));
  auto kafka = kafka_settings(options.data);
  if (!kafka) return std::unexpected(std::move(kafka.error()));
  const char* allowed = std::getenv("KRING_KAFKA_ALLOW_UNREPLICATED");
  if (allowed != nullptr && std::string_view(allowed) == "1") kafka->allow_unreplicated = true;
  kafka->brokers = place->brokers;
  kafka->topic = place->topic;
  kafka->partition = place->partition;
  kafka->notice = [](std::string_view text) { std::cerr << "kring: " << text << '\n'; };
  return kafka;
}

}  // namespace kring::cli
