// A line of JSON to a command. Whatever the line, it is a command or an `invalid` error; a command written as JSON, and as
// the bytes of a record, is read back as itself.
#include <algorithm>
#include <cmath>
#include <vector>

#include "events/codec/codec.h"
#include "events/json/json.h"
#include "events/privacy/sealing.h"
#include "tests/fuzz/command_text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/plain_sealer.h"

namespace kring::fuzz {
namespace {

// Equal as JSON: 5 and 5.0 are the same number.
bool same(const json::Value& a, const json::Value& b) {
  if (a.is_number() && b.is_number()) return a == b || a.to_number<double>() == b.to_number<double>();
  if (a.kind() != b.kind()) return false;
  if (a.is_array())
    return std::ranges::equal(a.get_array(), b.get_array(), [](const auto& x, const auto& y) { return same(x, y); });
  if (!a.is_object()) return a == b;
  return std::ranges::equal(a.get_object(), b.get_object(), [](const auto& x, const auto& y) {
    return x.key() == y.key() && same(x.value(), y.value());
  });
}

void comes_back_as_json(const json::Value& value) {
  for (const std::string& text : {json::to_text(value), json::to_pretty_text(value)}) {
    auto again = json::parse(text);
    KRING_CHECK(again && same(*again, value));
  }
}

// Its digest too: the order of the members must not matter.
void does_not_depend_on_the_order_of_members(const json::Object& object, const Request& request) {
  std::vector<const json::Object::value_type*> members;
  for (const auto& member : object) members.push_back(&member);
  json::Object reversed;
  for (auto at = members.rbegin(); at != members.rend(); ++at) reversed.emplace((*at)->key(), (*at)->value());
  auto again = json::read_command(reversed);
  KRING_CHECK(again);
  // What is a map in a command keeps its order; it stands in set_policy alone.
  if (!std::holds_alternative<command::SetPolicy>(request.command.body))
    KRING_CHECK(again->command == request.command && again->at == request.at);
  KRING_CHECK(again->command.digest == request.command.digest);
}

void comes_back_from_json(const Request& request) {
  auto again = json::parse_command(json::to_text(object_of(request)));
  if (!again) {
    // A policy that names maps and puts nothing in them is taken, and has no other way to be written.
    KRING_CHECK(request.command.body == CommandBody(command::SetPolicy{}));
    KRING_CHECK(again.error().member == "type");
    return;
  }
  again->command.digest = request.command.digest;  // of the body as it was sent
  KRING_CHECK(again->command == request.command && again->at == request.at);
}

void comes_back_from_a_record(const Request& request) {
  Decision decision;
  decision.command = request.command;
  PlainSealer sealer;
  KRING_CHECK(seal(decision, true, sealer));
  auto decoded = codec::decode(codec::encode(decision));
  KRING_CHECK(decoded && *decoded == decision);
}

void is_told(const Error& error) {
  KRING_CHECK(error.kind == ErrorKind::invalid && error.code == "invalid_command" && !error.message.empty());
}

}  // namespace
}  // namespace kring::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kring;
  using namespace kring::fuzz;
  BytesView line = input_of(data, size);
  auto value = json::parse(line);
  auto request = json::parse_command(line);
  if (value) comes_back_as_json(*value);
  if (!request) {
    is_told(request.error());
    return 0;
  }
  KRING_CHECK(value && value->is_object());
  does_not_depend_on_the_order_of_members(value->get_object(), *request);
  comes_back_from_json(*request);
  comes_back_from_a_record(*request);
  return 0;
}
