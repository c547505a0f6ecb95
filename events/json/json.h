// JSON: the strict reader of commands, and the writer of everything shown. Boost.JSON is the library.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "events/base/error.h"
#include "events/decision.h"

namespace kring::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

// One JSON text. Beyond the standard: duplicate members, more than 32 levels, invalid UTF-8 and numbers that no double can
// stand for are errors.
Result<Value> parse(std::string_view text);

// On one line, without spaces; numbers in their shortest form.
std::string to_text(const Value& value);
// Indented by two spaces, for people.
std::string to_pretty_text(const Value& value);

// A command as it came in: actor and id are empty where absent. Error kind `invalid`, code `invalid_command`, with the member that is wrong.
Result<Request> parse_command(std::string_view text);
Result<Request> read_command(const Value& value);

}  // namespace kring::json
