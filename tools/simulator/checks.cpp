#include "tools/simulator/checks.h"

#include <algorithm>
#include <map>

#include "events/base/text.h"
#include "events/privacy/key_store.h"
#include "tools/simulator/log_checks.h"

namespace kring::simulator {
namespace {

using projections::Model;
using projections::model_count;
using projections::model_names;

std::vector<std::string> everything(projections::Database& database) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < model_count; ++i) {
    auto read = database.all_versions(static_cast<Model>(i), [&](BytesView key, Position position, BytesView value) {
      rows.push_back(concat(model_names[i], ' ', key, ' ', position, ' ', value));
      return true;
    });
    if (!read) rows.push_back(read.error().message);
  }
  return rows;
}

struct Person {
  SealContext context;
  Bytes name;
  bool forgotten = false;
};

std::string check_person(World& world, const Person& person, const Bytes& keys) {
  const std::string& id = person.context.persons.front().text;
  const auto name = world.sealer().open(person.context, person.name);
  if (!person.forgotten) return name == name_of_person(id) ? "" : concat("the name of ", id, " cannot be opened");
  if (name) return concat(id, " is forgotten, and the name can still be opened");
  const auto seen = world.keys_seen().find(key_owner(person.context.programme, person.context.persons.front()));
  if (seen == world.keys_seen().end()) return "";
  for (const Bytes& key : seen->second)
    for (std::size_t at = 0; at + 16 <= key.size(); at += 4)
      if (keys.find(key.substr(at, 16)) != Bytes::npos) return concat(id, " is forgotten, and a part of the key is left");
  return "";
}

}  // namespace

std::string check_names(World& world) {
  std::map<std::string, Person> persons;
  auto wrong = each_record(*world.reader(), [&](const Record& record) -> std::string {
    const Decision& decision = record.decision;
    for (const Event& event : decision.events) {
      if (const auto* forgotten = std::get_if<event::PersonForgotten>(&event)) persons[forgotten->person.text].forgotten = true;
      const auto* registered = std::get_if<event::PersonRegistered>(&event);
      if (registered) persons[registered->person.text] = {{{registered->person}, "name", decision.command.programme, decision.command.id}, registered->name.sealed};
    }
    return "";
  });
  Bytes keys = world.disk().content(keys_path);
  keys.resize(keys.find_last_not_of('\0') + 1);
  for (const auto& [id, person] : persons) {
    if (!wrong.empty()) break;
    wrong = check_person(world, person, keys);
  }
  return wrong;
}

std::string check_models(World& world) {
  auto reader = world.reader();
  projections::Projector projector(world.database(), *reader);
  if (auto reached = projector.catch_up(); !reached) return concat("the read models do not follow: ", reached.error().message);
  if (auto verified = projector.verify(); !verified) return verified.error().message;
  const auto before = everything(world.database());
  std::vector<Model> all;
  for (std::size_t i = 0; i < model_count; ++i) all.push_back(static_cast<Model>(i));
  if (auto rebuilt = projector.rebuild(all); !rebuilt) return concat("the read models cannot be built anew: ", rebuilt.error().message);
  const auto after = everything(world.database());
  const auto differs = std::ranges::mismatch(before, after);
  if (differs.in1 == before.end() && differs.in2 == after.end()) return "";
  return concat("built anew, the read models differ in row ", differs.in1 - before.begin());
}

}  // namespace kring::simulator
