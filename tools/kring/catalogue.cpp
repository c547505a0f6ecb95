#include "tools/kring/catalogue.h"

#include "events/base/text.h"
#include "events/command/command.h"

namespace kring::cli {
namespace {

constexpr std::size_t indent = 25, width = 100;

template <class T>
struct is_map : std::false_type {};
template <class K, class V>
struct is_map<std::vector<Entry<K, V>>> : std::true_type {};

// Collects the members of a type; those that may be absent with a question mark.
struct MemberNames {
  std::vector<std::string> names;

  template <class T, class... Extra>
  void operator()(const char* name, const T&, const Extra&...) {
    constexpr bool optional = is_optional<T>::value || is_setting<T>::value || is_map<T>::value || (std::is_same_v<Extra, Generated> || ...);
    names.push_back(concat(name, optional ? "?" : ""));
  }
};

template <class Body>
std::string entry() {
  MemberNames members;
  const Body body{};
  Body::members(body, members);
  std::string out = concat("  ", Body::type);
  out.append(indent - std::min(indent - 1, out.size()), ' ');
  std::size_t column = indent;
  if (std::is_same_v<Body, command::DefineProgramme>) members.names.insert(members.names.begin(), "programme");
  for (const auto& name : members.names) {
    if (column + name.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    }
    out += name + " ";
    column += name.size() + 1;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out + "\n";
}

template <class... Body>
std::string entries(std::type_identity<std::variant<Body...>>) {
  return (entry<Body>() + ...);
}

}  // namespace

std::string command_catalogue() {
  return "Commands, with their members (docs/commands.md tells what they mean and when they are refused):\n" + entries(std::type_identity<CommandBody>()) +
         "  all of them              programme? id? actor? reason? effective? expect? accept?\n";
}

std::string privacy_note() {
  return "Titles, notes, labels, and the names of areas and venues are not searched when a person is\n"
         "forgotten: write nobody's name in them. A reason dies with the persons that its command names; a\n"
         "reason of a command that names nobody is stored in the clear, and stays.\n";
}

}  // namespace kring::cli
