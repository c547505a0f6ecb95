#include "tools/kring/settings.h"

#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <tuple>

#include "events/base/similar.h"
#include "events/base/text.h"
#include "tools/kring/text_file.h"

namespace kring::cli {
namespace {

namespace fs = std::filesystem;

Error wrong(const std::string& path, std::uint32_t line, std::string member, const std::string& message) {
  return {ErrorKind::invalid, "invalid_settings", std::move(member), concat(path, ":", line, ": ", message)};
}

// Where a path leads when symbolic links are followed, as far as it exists; as it is written where that cannot be seen.
fs::path real_path(fs::path path) {
  constexpr int most_links = 40;
  std::error_code error;
  for (int links = 0; links < most_links; ++links) {
    auto real = fs::weakly_canonical(path, error);
    if (error) return path;
    path = std::move(real);
    // One that leads to what does not exist yet: a file that is made there is made where it leads.
    const auto target = fs::read_symlink(path, error);
    if (error) return path;
    path = path.parent_path() / target;
  }
  return path;
}

bool lies_in(const fs::path& path, const fs::path& directory) {
  const auto inside = path.lexically_relative(directory);
  return !inside.empty() && *inside.begin() != "..";
}

// As it is written, or as it is: a backup of the directory would hold it in both cases.
bool is_inside(const fs::path& path, const fs::path& data) { return lies_in(path, data) || lies_in(real_path(path), real_path(data)); }

// Which files lie where, and the lines of kring.toml that say so; 0: they have their place by default.
struct Places {
  KeyringPaths paths;
  std::uint32_t key_encryption_key_line = 0, erasure_ledger_line = 0;
};

constexpr std::string_view why_outside = "must lie outside the data directory, so that backups of it do not hold it";

Result<void> read_settings(const toml::table& table, const std::string& path, const fs::path& data, Places& places) {
  constexpr std::array<std::string_view, 3> names{"key_encryption_key", "erasure_ledger", "kafka"};
  for (const auto& [key, value] : table) {
    std::string name(key.str());
    if (name == "kafka" && value.is_table()) continue;
    const bool wraps = name == "key_encryption_key";
    std::string* to = wraps ? &places.paths.key_encryption_key : name == "erasure_ledger" ? &places.paths.erasure_ledger : nullptr;
    auto line = value.source().begin.line;
    if (!to) return std::unexpected(wrong(path, line, name, concat("'", name, "' is not a setting", did_you_mean(name, names), " (there are: key_encryption_key, erasure_ledger, [kafka])")));
    const auto* text = value.as_string();
    if (!text || text->get().empty()) return std::unexpected(wrong(path, line, name, concat("'", name, "' must be a path")));
    *to = (data / text->get()).lexically_normal().string();  // a relative one is relative to the data directory
    (wraps ? places.key_encryption_key_line : places.erasure_ledger_line) = line;
    if (is_inside(*to, data)) return std::unexpected(wrong(path, line, name, concat("'", name, "' ", why_outside)));
  }
  for (const std::string& place : {places.paths.key_encryption_key, places.paths.erasure_ledger})
    if (is_inside(place, data)) return fail(ErrorKind::invalid, "invalid_settings", concat(place, " leads into the data directory, and ", why_outside));
  return {};
}

// The directory that a file is to be made in. One by default lies beside the data directory, which is made with all around it.
Result<void> check_directory_of(const std::string& place, const std::string& settings, std::uint32_t line, const std::string& name) {
  const fs::path directory = fs::path(place).parent_path();
  std::error_code error;
  if (line == 0 || fs::is_directory(directory, error)) return {};
  return fail(ErrorKind::io, "invalid_settings",
              concat(settings, ":", line, ": '", name, "' is ", place, ", and there is no directory ", directory.string(),
                     error ? concat(" (", error.message(), ")") : "", ": make it, or name another place"),
              name);
}

// What stands at a place must be a file, and not the other one's: a ledger that keeps nothing, as /dev/null, lets names come back.
Result<void> check_files(const Places& places, const std::string& settings) {
  const std::string &key = places.paths.key_encryption_key, &ledger = places.paths.erasure_ledger;
  std::error_code error;
  for (const auto& [place, line, name] : {std::tuple(key, places.key_encryption_key_line, "key_encryption_key"),
                                          std::tuple(ledger, places.erasure_ledger_line, "erasure_ledger")})
    if (const auto there = fs::status(place, error); line > 0 && fs::exists(there) && !fs::is_regular_file(there))
      return std::unexpected(wrong(settings, line, name, concat("'", name, "' is ", place, ", which is not a file")));
  if (real_path(key) != real_path(ledger)) return {};
  return std::unexpected(wrong(settings, std::max(places.key_encryption_key_line, places.erasure_ledger_line), "erasure_ledger",
                               concat("'key_encryption_key' and 'erasure_ledger' are the same file, ", ledger)));
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
      std::string given = text->get();
      if (name.ends_with(".location") || name.ends_with("_file") || name.ends_with(".keytab")) {
        given = (data / given).lexically_normal().string();  // a relative one is relative to the data directory
        if (::access(given.c_str(), R_OK) != 0)
          return fail(ErrorKind::io, "unreadable", concat(path, ":", line, ": '", name, "' names ", given, ", which cannot be read: ", std::strerror(errno)), name);
      }
      kafka.client.emplace_back(name, std::move(given));
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

Result<Places> places_of(const std::string& directory) {
  const auto data = absolute(directory);
  if (!data) return std::unexpected(data.error());
  Places places;
  places.paths = {*data / "keys", data->string() + ".kek", data->string() + ".erased"};
  const std::string path = *data / "kring.toml";
  const auto table = read_file(path);
  if (!table) return std::unexpected(table.error());
  if (auto read = read_settings(*table, path, *data, places); !read) return std::unexpected(std::move(read.error()));
  return places;
}

}  // namespace

Result<KeyringPaths> keyring_paths(const std::string& directory) {
  auto places = places_of(directory);
  return places ? Result<KeyringPaths>(std::move(places->paths)) : std::unexpected(std::move(places.error()));
}

Result<KeyringPaths> keyring_paths_to_write(const std::string& directory) {
  auto places = places_of(directory);
  if (!places) return std::unexpected(std::move(places.error()));
  const KeyringPaths& paths = places->paths;
  const std::string settings = fs::path(paths.keys).replace_filename("kring.toml");
  if (auto there = check_directory_of(paths.key_encryption_key, settings, places->key_encryption_key_line, "key_encryption_key"); !there)
    return std::unexpected(std::move(there.error()));
  if (auto there = check_directory_of(paths.erasure_ledger, settings, places->erasure_ledger_line, "erasure_ledger"); !there)
    return std::unexpected(std::move(there.error()));
  if (auto files = check_files(*places, settings); !files) return std::unexpected(std::move(files.error()));
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
