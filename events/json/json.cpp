#include "events/json/json.h"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "events/base/text.h"

namespace kring::json {
namespace {

namespace bj = boost::json;

// Builds a value like Boost's own handler, and refuses a member that an object has already.
class Handler {
 public:
  static constexpr std::size_t max_object_size = 100'000, max_array_size = 1'000'000, max_key_size = 4096,
                               max_string_size = 64 << 20;
  using Code = bj::error_code;

  bj::value_stack stack;
  std::optional<std::string> duplicate;  // the member that stands twice, with the way to it

  // The last member that was named, of what is still open: where reading stopped. "items[0].title".
  std::string member() const {
    std::string path, list;
    for (const Level& level : open_) {
      if (level.is_list) {
        list += concat('[', level.index, ']');
      } else if (!level.member.empty()) {
        path += concat(list, path.empty() && list.empty() ? "" : ".", level.member);
        list.clear();
      }
    }
    return path;
  }

  bool on_document_begin(Code&) {
    stack.reset();
    return true;
  }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) {
    open_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t count, Code&) {
    stack.push_object(count);
    open_.pop_back();
    return is_whole();
  }
  bool on_array_begin(Code&) {
    open_.emplace_back().is_list = true;
    return true;
  }
  bool on_array_end(std::size_t count, Code&) {
    stack.push_array(count);
    open_.pop_back();
    return is_whole();
  }
  bool on_key_part(bj::string_view part, std::size_t, Code&) {
    key_ += part;
    stack.push_chars(part);
    return true;
  }
  bool on_key(bj::string_view part, std::size_t, Code& code) {
    key_ += part;
    Level& object = open_.back();
    object.member = key_;
    if (!object.members.insert(std::exchange(key_, {})).second) {
      duplicate = member();
      code = bj::make_error_code(bj::error::syntax);
      return false;
    }
    stack.push_key(part);
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, Code&) {
    stack.push_chars(part);
    return true;
  }
  bool on_string(bj::string_view part, std::size_t, Code&) {
    stack.push_string(part);
    return is_whole();
  }
  bool on_number_part(bj::string_view, Code&) { return true; }
  bool on_int64(std::int64_t number, bj::string_view, Code&) {
    stack.push_int64(number);
    return is_whole();
  }
  bool on_uint64(std::uint64_t number, bj::string_view, Code&) {
    stack.push_uint64(number);
    return is_whole();
  }
  // Read once more: what Boost 1.81 makes of many digits may be a bit off, and of 1e999 it makes infinity. The text is
  // that of the whole number, since all text is given to the parser at once.
  bool on_double(double, bj::string_view text, Code& code) {
    double number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) {
      code = bj::make_error_code(bj::error::exponent_overflow);
      return false;
    }
    stack.push_double(number);
    return is_whole();
  }
  bool on_bool(bool value, Code&) {
    stack.push_bool(value);
    return is_whole();
  }
  bool on_null(Code&) {
    stack.push_null();
    return is_whole();
  }
  bool on_comment_part(bj::string_view, Code&) { return true; }
  bool on_comment(bj::string_view, Code&) { return true; }

 private:
  // An object or a list that is being read.
  struct Level {
    bool is_list = false;
    std::size_t index = 0;           // of the list's next element
    std::string member;              // of the object, the last one
    std::set<std::string> members;   // of the object, so far
  };

  bool is_whole() {  // a value
    if (!open_.empty()) ++open_.back().index;
    return true;
  }

  std::vector<Level> open_;
  std::string key_;
};

void write(std::string& out, const Value& value, int indent);

void new_line(std::string& out, int indent) {
  if (indent < 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(indent) * 2, ' ');
}

template <class Range, class Item>
void write_all(std::string& out, const Range& range, char open, char close, int indent, Item item) {
  out += open;
  bool first = true;
  for (const auto& each : range) {
    if (!first) out += ',';
    first = false;
    new_line(out, indent < 0 ? indent : indent + 1);
    item(each, indent < 0 ? indent : indent + 1);
  }
  if (!first) new_line(out, indent);
  out += close;
}

void write(std::string& out, const Value& value, int indent) {
  switch (value.kind()) {
    case bj::kind::object:
      return write_all(out, value.get_object(), '{', '}', indent, [&](const auto& member, int deeper) {
        out += bj::serialize(member.key());
        out += deeper < 0 ? ":" : ": ";
        write(out, member.value(), deeper);
      });
    case bj::kind::array:
      return write_all(out, value.get_array(), '[', ']', indent, [&](const Value& item, int deeper) { write(out, item, deeper); });
    case bj::kind::double_:
      // Boost writes 52.5 as 5.25E1, which is JSON but nothing that people like to read.
      out += fmt::format("{}", value.get_double());
      return;
    default: out += bj::serialize(value);
  }
}

// What people can do something with, where the parser only says that it cannot go on.
std::string reason_of(const bj::error_code& code, std::string_view text, std::size_t at) {
  auto byte = at < text.size() ? static_cast<unsigned char>(text[at]) : ' ';
  auto before = text.substr(0, at);
  auto escape = before.substr(before.size() < 6 ? before.size() : before.size() - 6);
  if (code == bj::error::too_deep) return concat("deeper than ", bj::parse_options{}.max_depth, " levels");
  if (code == bj::error::illegal_leading_surrogate || code == bj::error::illegal_trailing_surrogate ||
      code == bj::error::expected_utf16_escape || escape.starts_with("\\uD") || escape.starts_with("\\ud"))
    return "half of a surrogate pair";
  if (!is_utf8(before) || (byte >= 0x80 && !is_utf8(text))) return "not UTF-8";
  if (text.starts_with("\xef\xbb\xbf")) return "a byte order mark stands before it";
  if (byte == 0) return "a NUL byte";
  if (byte < 0x20) return "a control character";
  return code.message();
}

}  // namespace

Result<Value> parse(std::string_view text) {
  bj::basic_parser<Handler> parser(bj::parse_options{});
  bj::error_code code;
  std::size_t used = parser.write_some(false, text.data(), text.size(), code);
  auto where = [&] { return concat(" (at byte ", used + 1, ")"); };
  if (const auto& duplicate = parser.handler().duplicate)
    return fail(ErrorKind::invalid, "malformed_json", concat("the member '", *duplicate, "' stands twice", where()), *duplicate);
  const std::string member = parser.handler().member();
  auto in_member = [&] { return member.empty() ? std::string() : concat(", in or behind '", member, "'"); };
  if (code == bj::error::incomplete)
    return fail(ErrorKind::invalid, "malformed_json", concat("the JSON text ends too early", where(), in_member()), member);
  if (code) return fail(ErrorKind::invalid, "malformed_json", concat("not JSON: ", reason_of(code, text, used), where(), in_member()), member);
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
    return fail(ErrorKind::invalid, "malformed_json", concat("something follows the JSON text", where()));
  return parser.handler().stack.release();
}

std::string to_text(const Value& value) {
  std::string out;
  write(out, value, -1);
  return out;
}

std::string to_pretty_text(const Value& value) {
  std::string out;
  write(out, value, 0);
  return out;
}

}  // namespace kring::json
