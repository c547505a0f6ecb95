// A request as the JSON that would ask for it: the way back of events/json, for tests.
#pragma once

#include "events/json/to_json.h"

namespace kring::fuzz {

class ClearToJson : public json::ToJson {
 public:
  ClearToJson() : ToJson(json::Absent::omit) {}

 private:
  json::Value personal(const char*, const Personal& text) override { return json::Value(text.clear); }
};

inline json::Object object_of(const Request& request) {
  const Command& command = request.command;
  json::Object out{{"type", type_of(command.body)}};
  ClearToJson convert;
  auto members = std::visit([&](const auto& body) { return convert(body).get_object(); }, command.body);
  for (auto& member : members)
    if (member.value() != json::Value("")) out.emplace(member.key(), std::move(member.value()));  // an id yet to be made up
  if (!command.programme.empty()) out.emplace("programme", command.programme.text);
  if (!command.id.empty()) out.emplace("id", command.id);
  if (!command.actor.empty()) out.emplace("actor", command.actor);
  if (command.reason) out.emplace("reason", command.reason->clear);
  if (command.effective) out.emplace("effective", to_string(*command.effective));
  if (command.expect) out.emplace("expect", *command.expect);
  if (!command.accept.empty()) {
    json::Array accept;
    for (Rule rule : command.accept) accept.emplace_back(name_of(rule));
    out.emplace("accept", std::move(accept));
  }
  if (request.at) out.emplace("at", to_string(*request.at));
  return out;
}

}  // namespace kring::fuzz
