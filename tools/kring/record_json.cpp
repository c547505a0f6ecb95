#include "tools/kring/record_json.h"

namespace kring::cli {
namespace {

template <class Variant>
json::Object typed(Opening& opening, const Variant& variant) {
  json::Object out{{"type", type_of(variant)}};
  auto members = std::visit([&](const auto& value) { return opening(value).get_object(); }, variant);
  for (auto& member : members) out.emplace(member.key(), std::move(member.value()));
  return out;
}

json::Object command_to_json(Opening& opening, const Command& command) {
  json::Object out = typed(opening, command.body);
  out.emplace("programme", command.programme.text);
  out.emplace("id", command.id);
  if (command.reason) out.emplace("reason", opening.open("reason", *command.reason));
  if (command.effective) out.emplace("effective", to_string(*command.effective));
  if (command.expect) out.emplace("expect", *command.expect);
  if (!command.accept.empty()) {
    json::Array accept;
    for (Rule rule : command.accept) accept.emplace_back(name_of(rule));
    out.emplace("accept", std::move(accept));
  }
  return out;
}

}  // namespace

json::Object record_to_json(const Record& record, const Opener& opener) {
  const Decision& decision = record.decision;
  Opening opening(opener, decision.command);
  json::Object out{{"position", record.position},
                   {"hash", to_hex(view(record.hash))},
                   {"previous", to_hex(view(record.previous))},
                   {"recorded_at", to_string(record.recorded_at)},
                   {"actor", decision.command.actor},
                   {"command", command_to_json(opening, decision.command)},
                   {"status", decision.accepted() ? "accepted" : "rejected"}};
  json::Array events, warnings;
  for (const Event& event : decision.events) events.push_back(typed(opening, event));
  for (const Warning& warning : decision.warnings) warnings.push_back(json::to_json(warning));
  out.emplace("events", std::move(events));
  out.emplace("warnings", std::move(warnings));
  out.emplace("rejection", decision.rejection ? json::to_json(*decision.rejection) : json::Value(nullptr));
  return out;
}

}  // namespace kring::cli
