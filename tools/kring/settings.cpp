#include "tools/kring/settings.h"

#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "events/base/similar.h"
#include "events/base/text.h"
#include "tools/kring/text_file.h"

namespace kring::cli {
namespace {

namespace fs = std::filesystem;

Error wrong(const std::string& path, std::uint32_t line, std::string member, const std::string& message) {
  return {ErrorKind::invalid, "invalid_settings", std::move(member), concat(path, ":", line, ": ", message)};
}

Result<void> read_settings(const toml::table& table, const std::string& path, const fs::path& data, KeyringPaths& paths) {
  constexpr std::array<std::string_view, 3> names{"key_encryption_key", "erasure_ledger", "kafka"};
  for (const auto& [key, value] : table) {
    std::string name(key.str());
    if (name == "kafka" && value.is_table()) continue;
    std::string* to = name == "key_encryption_key" ? &paths.key_encryption_key : name == "erasure_ledger" ? &paths.erasure_ledger : nullptr;
    auto line = value.source().begin.line;
    if (!to) return std::unexpected(wrong(path, line, name, concat("'", name, "' is not a setting", did_you_mean(name, names), " (there are: key_encryption_key, erasure_ledger, [kafka])")));
    const auto* text = value.as_string();
    if (!text || text->get().empty()) return std::unexpected(wrong(path, line, name, concat("'", name, "' must be a path")));
    *to = (data / text->get()).lexically_normal().string();  // a relative one is relative to the data directory
    auto inside = fs::path(*to).lexically_relative(data);
    if (!inside.empty() && *inside.begin() != "..")
      return std::unexpected(wrong(path, line, name, concat("'", name, "' must lie outside the data directory, so that backups of it do not hold it")));
  }
  return {};
}

Result<void> read_seconds(const toml::node& value, const std::string& path, const std::string& name, std::chrono::milliseconds& to) {
  const auto seconds = value.value<double>();
  if (!seconds || !(*seconds >= 0.1 && *seconds <= 3600))
    return std::unexpected(wrong(path, value.source().begin.line, name, concat("'", name, "' must be a number of seconds, 0.1 to 3600")));
  to = std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
  return {};
}

// `under`: the names of the tables around it, each with its dot: ssl.ca.location is a key in a table in a table.
Result<void> read_kafka(const toml::table& table, const std::string& path, const fs::path& data, const std::string& under, KafkaOptions& kafka) {
  for (const auto& [key, value] : table) {
    const std::string name = concat(under, key.str());
    const auto line = value.source().begin.line;
    if (const auto* inner = value.as_table()) {
      if (auto read = read_kafka(*inner, path, data, name + ".", kafka); !read) return read;
    } else if (name == "allow_unreplicated" || name == "answer_by_offsets") {
      const auto* flag = value.as_boolean();
      if (!flag) return std::unexpected(wrong(path, line, name, concat("'", name, "' must be true or false")));
      (name == "allow_unreplicated" ? kafka.allow_unreplicated : kafka.answer_by_offsets) = flag->get();
    } else if (name == "answer_within" || name == "deliver_within") {
      if (auto read = read_seconds(value, path, name, name == "answer_within" ? kafka.answer_within : kafka.deliver_within); !read) return read;
    } else {
      const auto& names = kafka_setting_names();
      if (std::ranges::find(names, name) == names.end())
        return std::unexpected(wrong(path, line, name, concat("'", name, "' is not a setting of Kafka that can be made here; config/kring.toml lists them")));
      const auto* text = value.as_string();
      if (!text) return std::unexpected(wrong(path, line, name, concat("'", name, "' must be a text")));
      // A relative path is relative to the data directory.
      const bool is_path = name.ends_with(".location") || name.ends_with("_file") || name.ends_with(".keytab");
      kafka.client.emplace_back(name, is_path ? (data / text->get()).lexically_normal().string() : text->get());
    }
  }
  return {};
}

Result<fs::path> absolute(const std::string& directory) {
  std::error_code error;
  fs::path data = fs::absolute(directory, error).lexically_normal();
  if (error) return fail(ErrorKind::io, "unreadable", concat("cannot find ", directory, ": ", error.message()));
  if (!data.has_filename()) data = data.parent_path();  // "data/" is "data"
  return data;
}

// kring.toml of the directory; an empty table where there is none.
Result<toml::table> read_file(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return toml::table();
  auto text = read_text_file(path);
  if (!text) return std::unexpected(std::move(text.error()));
  try {
    return toml::parse(*text, path);
  } catch (const toml::parse_error& broken) {
    return std::unexpected(wrong(path, broken.source().begin.line, "", concat("not TOML: ", broken.description())));
  }
}

}  // namespace

Result<KeyringPaths> keyring_paths(const std::string& directory) {
  const auto data = absolute(directory);
  if (!data) return std::unexpected(data.error());
  KeyringPaths paths{*data / "keys", data->string() + ".kek", data->string() + ".erased"};
  const std::string path = *data / "kring.toml";
  const auto table = read_file(path);
  if (!table) return std::unexpected(table.error());
  if (auto read = read_settings(*table, path, *data, paths); !read) return std::unexpected(std::move(read.error()));
  return paths;
}

Result<KafkaOptions> kafka_settings(const std::string& directory) {
  const auto data = absolute(directory);
  if (!data) return std::unexpected(data.error());
  const std::string path = *data / "kring.toml";
  const auto table = read_file(path);
  if (!table) return std::unexpected(table.error());
  KafkaOptions kafka;
  if (const auto* settings = (*table)["kafka"].as_table())
    if (auto read = read_kafka(*settings, path, *data, "", kafka); !read) return std::unexpected(std::move(read.error()));
  return kafka;
}

}  // namespace kring::cli
