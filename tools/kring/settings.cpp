#include "tools/kring/settings.h"

#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

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
  constexpr std::array<std::string_view, 2> names{"key_encryption_key", "erasure_ledger"};
  for (const auto& [key, value] : table) {
    std::string name(key.str());
    std::string* to = name == "key_encryption_key" ? &paths.key_encryption_key : name == "erasure_ledger" ? &paths.erasure_ledger : nullptr;
    auto line = value.source().begin.line;
    if (!to) return std::unexpected(wrong(path, line, name, concat("'", name, "' is not a setting", did_you_mean(name, names), " (there are: key_encryption_key, erasure_ledger)")));
    const auto* text = value.as_string();
    if (!text || text->get().empty()) return std::unexpected(wrong(path, line, name, concat("'", name, "' must be a path")));
    *to = (data / text->get()).lexically_normal().string();  // a relative one is relative to the data directory
    auto inside = fs::path(*to).lexically_relative(data);
    if (!inside.empty() && *inside.begin() != "..")
      return std::unexpected(wrong(path, line, name, concat("'", name, "' must lie outside the data directory, so that backups of it do not hold it")));
  }
  return {};
}

}  // namespace

Result<KeyringPaths> keyring_paths(const std::string& directory) {
  std::error_code error;
  fs::path data = fs::absolute(directory, error).lexically_normal();
  if (error) return fail(ErrorKind::io, "unreadable", concat("cannot find ", directory, ": ", error.message()));
  if (!data.has_filename()) data = data.parent_path();  // "data/" is "data"
  KeyringPaths paths{data / "keys", data.string() + ".kek", data.string() + ".erased"};
  std::string path = data / "kring.toml";
  if (!fs::exists(path, error)) return paths;
  auto text = read_text_file(path);
  if (!text) return std::unexpected(std::move(text.error()));
  try {
    if (auto read = read_settings(toml::parse(*text, path), path, data, paths); !read) return std::unexpected(std::move(read.error()));
  } catch (const toml::parse_error& broken) {
    return std::unexpected(wrong(path, broken.source().begin.line, "", concat("not TOML: ", broken.description())));
  }
  return paths;
}

}  // namespace kring::cli
