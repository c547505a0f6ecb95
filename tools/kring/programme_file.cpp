#include "tools/kring/programme_file.h"

#ifndef TOML_HEADER_ONLY  // the fuzzer's build takes the parser in, to see into it
#define TOML_HEADER_ONLY 0
#endif
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "events/base/similar.h"
#include "events/base/text.h"
#include "tools/kring/text_file.h"

namespace kring::cli {
namespace {

struct Section {
  const char *name, *type, *id;  // TOML table, command, the member that is its id
  bool list;
};

constexpr Section sections[] = {
    {"programme", "define_programme", "id", false}, {"theme", "add_theme", "theme", true},
    {"policy", "set_policy", "", false},             {"area", "register_area", "area", true},
    {"venue", "register_venue", "venue", true},      {"person", "register_person", "person", true},
};

std::vector<std::string_view> section_names() {
  std::vector<std::string_view> names;
  for (const Section& section : sections) names.emplace_back(section.name);
  return names;
}

Error at_line(const std::string& path, std::uint32_t line, const std::string& member, const std::string& message) {
  return {ErrorKind::invalid, "invalid_programme_file", member, concat(path, ":", line, ": ", message)};
}

constexpr int max_key_parts = 16, max_brackets = 32;

// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const std::string three(3, text[at]);
  const bool escapes = text[at] == '"', lines = text.substr(at).starts_with(three);
  const std::string_view closing = std::string_view(three).substr(0, lines ? 3 : 1);
  for (at += closing.size(); at < text.size(); ++at) {
    if (escapes && text[at] == '\\') ++at;
    else if (!lines && text[at] == '\n') return at;
    else if (text.substr(at).starts_with(closing)) {
      at += closing.size();
      for (int more = 0; lines && more < 2 && at < text.size() && text[at] == three[0]; ++more) ++at;  // of the text itself
      return at;
    }
  }
  return text.size();
}

// What toml++ 3.3 must not see, and the line where it stands. A letter beyond ASCII outside of texts and comments, which is not
// TOML, leads it to a place that its compiler takes for unreachable. Of each part of a key, however many, it makes a table
// inside a table, and takes them apart by recursion: some ten thousand parts overflow the stack.
Result<void> check_before_parsing(std::string_view text, const std::string& path) {
  int brackets = 0, parts = 1;
  for (std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = end_of_string(text, at);
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    auto wrong = [&](const std::string& what) {
      return std::unexpected(at_line(path, static_cast<std::uint32_t>(1 + std::ranges::count(text.substr(0, at), '\n')), "", what));
    };
    if (static_cast<unsigned char>(c) >= 0x80) return wrong("not TOML: a letter that is none of a-z stands outside of quotation marks");
    if (c == '.') ++parts;
    else if (std::string_view(",=[]{}\n").contains(c)) parts = 1;
    brackets += (c == '[' || c == '{') - (c == ']' || c == '}');
    if (parts > max_key_parts || brackets > max_brackets)
      return wrong(concat("nests too deeply: a key has at most ", max_key_parts, " parts, and at most ", max_brackets,
                          " brackets stand inside one another"));
    ++at;
  }
  return {};
}

json::Value to_json(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json::Object object;
    for (const auto& [key, value] : *table) object.emplace(key.str(), to_json(value));
    return object;
  }
  if (const auto* array = node.as_array()) {
    json::Array list;
    for (const auto& item : *array) list.push_back(to_json(item));
    return list;
  }
  if (const auto* text = node.as_string()) return json::Value(text->get());
  if (const auto* number = node.as_integer()) return json::Value(number->get());
  if (const auto* number = node.as_floating_point()) return json::Value(number->get());
  if (const auto* yes = node.as_boolean()) return json::Value(yes->get());
  if (const auto* date = node.as_date()) {
    std::ostringstream text;
    text << date->get();
    return json::Value(text.str());
  }
  if (const auto* time = node.as_time()) {
    std::ostringstream text;
    text << time->get();
    return json::Value(text.str().substr(0, 5));
  }
  return nullptr;
}

// The line of the member that an error is about, else of its table.
std::uint32_t line_of(const toml::table& table, const std::string& member) {
  const toml::node* found = table.get(member.substr(0, member.find_first_of(".[")));
  return found ? found->source().begin.line : table.source().begin.line;
}

Result<FileEntry> read_entry(const Section& section, const toml::table& table, const std::string& path, const std::string& programme) {
  FileEntry entry;
  entry.kind = section.name;
  entry.file = path;
  entry.line = static_cast<int>(table.source().begin.line);
  entry.command.emplace("type", section.type);
  entry.command.emplace("programme", programme);
  for (const auto& [key, value] : table) {
    std::string name(key.str());
    if (!section.list && name == "id") continue;
    if (name == "type" || name == "programme")
      return std::unexpected(at_line(path, line_of(table, name), name, concat("'", name, "' does not belong into [", section.name, "]")));
    entry.command.emplace(name, to_json(value));
    entry.lines.emplace(name, static_cast<int>(value.source().begin.line));
    if (const auto* inner = value.as_table())
      for (const auto& [deeper, node] : *inner) entry.lines.emplace(concat(name, '.', deeper.str()), static_cast<int>(node.source().begin.line));
  }
  entry.id = programme;
  if (section.list)
    if (const json::Value* id = entry.command.if_contains(section.id); id && id->is_string()) entry.id = id->get_string();
  auto command = json::read_command(entry.command);
  if (!command)
    return std::unexpected(at_line(path, line_of(table, command.error().member), command.error().member,
                                   concat("[", section.name, "] ", command.error().message)));
  return entry;
}

Result<void> read_section(const Section& section, const toml::table& file, const std::string& path, const std::string& programme,
                          std::vector<FileEntry>& entries) {
  const toml::node* node = file.get(section.name);
  if (!node) return {};
  auto wrong = [&] {
    return std::unexpected(at_line(path, node->source().begin.line, section.name,
                                   concat("write it as ", section.list ? "[[" : "[", section.name, section.list ? "]]" : "]")));
  };
  auto add = [&](const toml::table& table) -> Result<void> {
    auto entry = read_entry(section, table, path, programme);
    if (!entry) return std::unexpected(std::move(entry.error()));
    entries.push_back(std::move(*entry));
    return {};
  };
  if (!section.list) return node->is_table() ? add(*node->as_table()) : Result<void>(wrong());
  const toml::array* array = node->as_array();
  if (!array) return wrong();
  for (const toml::node& item : *array) {
    if (!item.is_table()) return wrong();
    if (auto added = add(*item.as_table()); !added) return added;
  }
  return {};
}

Result<std::vector<FileEntry>> read_table(const toml::table& file, const std::string& path) {
  for (const auto& [key, value] : file) {
    bool known = std::ranges::any_of(sections, [&](const Section& s) { return key.str() == s.name; });
    if (!known)
      return std::unexpected(at_line(path, value.source().begin.line, std::string(key.str()),
                                     concat("[", key.str(), "] is not a part of a programme file", did_you_mean(key.str(), section_names()))));
  }
  const toml::node_view id = file["programme"]["id"];
  if (!id.is_string() || !is_slug(*id.value<std::string>()))
    return std::unexpected(at_line(path, id ? id.node()->source().begin.line : 1, "id", "[programme] needs an 'id' of a-z, 0-9 and '-'"));
  std::vector<FileEntry> entries;
  for (const Section& section : sections)
    if (auto read = read_section(section, file, path, *id.value<std::string>(), entries); !read) return std::unexpected(std::move(read.error()));
  return entries;
}

}  // namespace

Result<std::vector<FileEntry>> read_programme_text(const std::string& text, const std::string& path) {
  if (auto checked = check_before_parsing(text, path); !checked) return std::unexpected(std::move(checked.error()));
  try {
    return read_table(toml::parse(text, path), path);
  } catch (const toml::parse_error& error) {
    return std::unexpected(at_line(path, error.source().begin.line, "", concat("not TOML: ", error.description())));
  }
}

Result<std::vector<FileEntry>> read_programme_file(const std::string& path) {
  auto text = read_text_file(path);
  if (!text) return std::unexpected(std::move(text.error()));
  return read_programme_text(*text, path);
}

}  // namespace kring::cli
