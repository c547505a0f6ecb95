// A record as `kring log` shows it.
#pragma once

#include "events/json/to_json.h"
#include "events/privacy/sealing.h"

namespace kring::cli {

// Personal members are opened where they can be, and null where not.
json::Object record_to_json(const Record& record, const Sealer& sealer);

// Members of a command, an event, ... with personal text opened.
class Opening : public json::ToJson {
 public:
  Opening(const Sealer& sealer, const Command& command)
      : ToJson(json::Absent::omit), sealer_(sealer), context_{persons_named(command), "", command.programme, command.id} {}

  json::Value open(const char* member, const Personal& text) { return personal(member, text); }

 private:
  json::Value personal(const char* member, const Personal& text) override {
    context_.member = member;
    auto clear = sealer_.open(context_, text.sealed);
    return clear ? json::Value(*clear) : json::Value(nullptr);
  }

  const Sealer& sealer_;
  SealContext context_;
};

}  // namespace kring::cli
