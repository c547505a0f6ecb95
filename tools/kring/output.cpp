#include "tools/kring/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "events/base/printable.h"
#include "events/base/ranges.h"
#include "events/base/text.h"
#include "tools/kring/options.h"

namespace kring::cli {
namespace {

const json::Value* find(const json::Object& row, std::string_view path) {
  auto dot = path.find('.');
  const json::Value* value = row.if_contains(path.substr(0, dot));
  if (!value || dot == std::string_view::npos) return value;
  const json::Object* inner = value->if_object();
  return inner ? find(*inner, path.substr(dot + 1)) : nullptr;
}

std::string cell_of(const json::Object& row, const std::string& path) {
  const json::Value* value = find(row, path);
  return value ? printable(cell(*value)) : "";
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

void line(std::string& out, const std::vector<Column>& columns, const std::vector<std::string>& cells, const std::vector<int>& widths) {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    auto gap = static_cast<std::size_t>(std::max(0, widths[i] - display_width(cells[i])));
    if (i > 0) text += "  ";
    if (columns[i].right_aligned) text.append(gap, ' ');
    text += cells[i];
    if (!columns[i].right_aligned) text.append(gap, ' ');
  }
  while (text.ends_with(' ')) text.pop_back();
  out += text + '\n';
}

}  // namespace

std::string cell(const json::Value& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "yes" : "no";
  if (const auto* list = value.if_array()) {
    std::string out;
    for (const json::Value& item : *list) out += (out.empty() ? "" : ", ") + cell(item);
    return out;
  }
  if (const auto* object = value.if_object()) {
    std::string out;
    for (const auto& member : *object) out += concat(out.empty() ? "" : ", ", std::string_view(member.key()), ": ", cell(member.value()));
    return out;
  }
  return json::to_text(value);
}

std::string table(const TableSpec& spec, const json::Object& document, bool colour) {
  std::string out;
  std::string heading = printable(spec.heading);
  if (!heading.empty()) out += (colour ? "\033[1m" + heading + "\033[0m" : heading) + "\n";
  const json::Value* rows = document.if_contains(spec.member);
  if (!rows || !rows->is_array() || rows->get_array().empty()) return out + "  " + spec.when_empty + "\n";
  std::vector<std::vector<std::string>> cells;
  std::vector<std::string> titles;
  std::vector<int> widths;
  for (const Column& column : spec.columns) {
    titles.push_back(column.title);
    widths.push_back(display_width(column.title));
  }
  for (const json::Value& row : rows->get_array()) {
    auto& texts = cells.emplace_back();
    for (std::size_t i = 0; i < spec.columns.size(); ++i) {
      texts.push_back(row.is_object() ? cell_of(row.get_object(), spec.columns[i].member) : printable(cell(row)));
      widths[i] = std::max(widths[i], display_width(texts.back()));
    }
  }
  if (colour) out += "\033[2m";
  line(out, spec.columns, titles, widths);
  if (colour) out += "\033[0m";
  for (const auto& texts : cells) line(out, spec.columns, texts, widths);
  return out;
}

std::string csv(const json::Object& document) {
  std::string out;
  for (const auto& member : document) {
    const auto* rows = member.value().if_array();
    if (!rows) continue;
    if (rows->empty() || !rows->front().is_object()) return out;
    // Rows may lack members that others have: each has its column, in the order in which they first appear.
    std::vector<std::string> columns;
    for (const json::Value& row : *rows)
      for (const auto& column : row.get_object())
        if (!contains(columns, std::string_view(column.key()))) columns.emplace_back(column.key());
    std::string header;
    for (const std::string& column : columns) header += (header.empty() ? "" : ",") + quoted(column);
    out += header + "\r\n";
    for (const json::Value& row : *rows) {
      std::string line;
      for (const std::string& column : columns) {
        const json::Value* value = row.get_object().if_contains(column);
        if (&column != &columns.front()) line += ',';
        if (value) line += quoted(cell(*value));
      }
      out += line + "\r\n";
    }
    return out;
  }
  return out;
}

namespace {
int output_error = 0;  // of the first write that failed
}

bool print(std::string_view text) {
  if (output_error == 0 && std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) output_error = errno;
  return output_error == 0;
}

bool print_now(std::string_view text) {
  if (print(text) && std::fflush(stdout) != 0) output_error = errno;
  return output_error == 0;
}

int finish_output() {
  if (std::fflush(stdout) != 0 && output_error == 0) output_error = errno;
  if (output_error == 0) return Exit::ok;
  if (output_error == EPIPE) return Exit::reader_left;
  return report({ErrorKind::io, "output_closed", "", concat("standard output cannot be written: ", std::strerror(output_error))});
}

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }

int terminal_columns() {
  winsize size{};
  return stdout_is_terminal() && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool colour_wanted() {
  const char *no_colour = std::getenv("NO_COLOR"), *terminal = std::getenv("TERM");
  bool dumb = terminal && std::string_view(terminal) == "dumb";
  return stdout_is_terminal() && !dumb && (!no_colour || *no_colour == '\0');
}

}  // namespace kring::cli
