// What people and programs see: tables on a terminal, JSON and CSV elsewhere. One JSON document is the source of all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/json/json.h"

namespace kring::cli {

enum class Format : std::uint8_t { table, json, csv };

struct Column {
  std::string title;
  std::string member;         // of each row; nested members as "a.b"
  bool right_aligned = false;
};

// A list of a document as a table: `member` names the list.
struct TableSpec {
  std::string heading;
  std::string member;
  std::vector<Column> columns;
  std::string when_empty;
};

// Rows aligned by display width; a heading underlined on terminals with colour.
std::string table(const TableSpec& spec, const json::Object& document, bool colour);

// The first list of a document, all members of its rows as header; RFC 4180.
std::string csv(const json::Object& document);

// A value as one cell: text as it is, lists joined with ", ", null empty. Not for a terminal as it is: see printable().
std::string cell(const json::Value& value);

// Writes to standard output, and remembers the first failure. False: it cannot be written any more.
bool print(std::string_view text);

// The same, and on its way at once.
bool print_now(std::string_view text);

// Flushes. The exit code: 0; 2, with a message, where something could not be written; 141, in silence, where it was
// whoever reads that had enough (`kring history | head`), as with every command that the shell ends by SIGPIPE.
int finish_output();

bool stdout_is_terminal();
int terminal_columns();  // of the one on standard output; 0: there is none, or it does not tell
bool colour_wanted();  // a terminal that knows colours, and NO_COLOR not set

}  // namespace kring::cli
