// A record as `kring log` shows it.
#pragma once

#include "events/json/to_json.h"
#include "events/privacy/sealing.h"

namespace kring::cli {

// Personal members are opened where they can be, and null where not.
json::Object record_to_json(const Record& record, const Opener& opener);

// Members of a command, an event, ... with personal text opened.
class Opening : public json::ToJson {
 public:
  Opening(const Opener& opener, const Command& command)
      : ToJson(json::Absent::omit), opener_(opener), context_{persons_named(command), "", command.programme, command.id} {}

  json::Value open(const char* member, const Personal& text) { return personal(member, text); }

 private:
  json::Value personal(const char* member, const Personal& text) override {
    context_.member = member;
    auto clear = opener_.open(context_, text.sealed);
    return clear ? json::Value(*clear) : json::Value(nullptr);
  }

  const Opener& opener_;
  SealContext context_;
};

}  // namespace kring::cli
