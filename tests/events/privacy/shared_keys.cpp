#include "tests/events/privacy/shared_keys.h"

#include <algorithm>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/json/json.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/key_slot.h"
#include "events/privacy/sealed_text.h"

namespace kring::testing {
namespace {

const ProgrammeId programme{"p"};

// No id may hold a word of the name.
std::string name_of(const std::string& person) { return "Naam " + to_hex(person); }

const command::RegisterPerson* registration(const Decision& decision) { return std::get_if<command::RegisterPerson>(&decision.command.body); }

Decision decided(const std::string& json) {
  auto command = json::parse_command(json);
  KRING_CHECK(command.has_value());
  Decision decision;
  decision.command = std::move(command->command);
  return decision;
}

KeyId key_of(const Decision& decision) {
  std::vector<KeyId> ids;
  KRING_CHECK(keys_of(registration(decision)->name.sealed, ids) && ids.size() == 1);
  return ids.front();
}

SealContext context_of(const Decision& decision) { return {{registration(decision)->person}, "name", programme, decision.command.id}; }

std::vector<Erasure> erasures_of(const std::vector<Decision>& records) {
  std::vector<Erasure> erasures;
  for (std::size_t i = 0; i < records.size(); ++i) add_erasures(records[i], i + 1, erasures);
  return erasures;
}

Bookmark behind(std::size_t position) {
  Bookmark place;
  place.position = position;
  return place;
}

}  // namespace

SharedLog::SharedLog(std::uint64_t seed) : files(seed) {
  history.fill(7);
  KRING_CHECK(make_key_encryption_key(files, "shared.kek").has_value());
}

bool SharedLog::append(const Decision& decision, std::uint64_t by) {
  (by == epoch ? records : voids).push_back(decision);
  return by == epoch;
}

bool SharedLog::forget(const std::string& person, std::uint64_t by) {
  Decision decision = decided(concat(R"({"type":"forget_person","programme":"p","person":")", person, R"(","id":"f-)", person, "\"}"));
  decision.events.emplace_back(event::PersonForgotten{{person}});
  return append(decision, by);
}

std::set<std::string> SharedLog::registered() const {
  std::set<std::string> persons;
  for (const Decision& record : records)
    if (const auto* one = registration(record)) persons.insert(one->person.text);
  return persons;
}

std::set<std::string> SharedLog::forgotten() const {
  std::set<std::string> persons;
  for (const Erasure& erasure : erasures_of(records)) persons.insert(erasure.person.text);
  return persons;
}

KeyId SharedLog::key_of(const std::string& person) const {
  for (const Decision& record : records)
    if (const auto* one = registration(record); one && one->person.text == person) return testing::key_of(record);
  ADD_FAILURE() << person << " is not registered";
  return {};
}

std::uint64_t SharedLog::slot(const std::string& person) const { return kring::slot_of(key_of(person)); }
std::uint64_t SharedLog::slot_of_void_record() const { return kring::slot_of(testing::key_of(voids.back())); }

std::map<KeyId, Bytes> SharedLog::on_topic() const {
  std::map<KeyId, Bytes> keys;
  for (const auto& [offset, message] : topic.messages) {
    const auto parsed = parse_key_message(message.key, message.value ? std::optional<BytesView>(*message.value) : std::nullopt);
    if (parsed.kind == KeyMessageKind::key) keys[parsed.key.id] = parsed.key.wrapped;
    if (parsed.kind == KeyMessageKind::destroyed) keys.erase(parsed.key.id);
  }
  return keys;
}

std::size_t SharedLog::live_on_topic() const { return on_topic().size(); }
Bytes SharedLog::wrapped_on_topic(const std::string& person) const { return on_topic().at(key_of(person)); }

std::size_t SharedLog::published(const std::string& person) const {
  std::set<KeyId> ids;
  for (const auto* list : {&records, &voids})
    for (const Decision& record : *list)
      if (const auto* one = registration(record); one && one->person.text == person) ids.insert(testing::key_of(record));
  const auto there = on_topic();
  return static_cast<std::size_t>(std::ranges::count_if(ids, [&](const KeyId& id) { return there.contains(id); }));
}

std::set<std::string> SharedLog::unreadable(Directory& directory) const {
  std::set<std::string> shut;
  const auto gone = forgotten();
  for (const std::string& person : registered()) {
    const bool reads = directory.reads(person);
    if (reads == gone.contains(person)) shut.insert(reads ? person + " is forgotten" : person);
  }
  return shut;
}

void SharedLog::expect_settled(const std::vector<Directory*>& directories) {
  Directory latest(*this, "latest");
  for (Directory* one : directories) {
    one->lead();
    EXPECT_EQ(unreadable(*one), none) << one->name;
  }
  for (Directory* one : directories)
    if (one != directories.back()) one->follow();
  latest.follow();
  EXPECT_EQ(unreadable(latest), none);
  for (Directory* one : directories) EXPECT_EQ(unreadable(*one), none) << one->name;
  for (const std::string& person : forgotten()) {
    EXPECT_EQ(published(person), 0u) << person;
    for (const Directory* one : directories)
      for (const auto* list : {&records, &voids})
        for (const Decision& record : *list) {
          const auto* text = registration(record);
          if (!text || text->person.text != person) continue;
          EXPECT_FALSE(one->ring->open(context_of(record), text->name.sealed)) << person << " in " << one->name;
        }
  }
}

Directory::Directory(SharedLog& shared, const std::string& of) : log(shared), name(of), paths{of + "/keys", "shared.kek", of + ".erased"} {
  KRING_CHECK(log.files.make_directory(name).has_value());
}

Result<std::unique_ptr<SharedKeyring>> Directory::open(bool fresh) { return SharedKeyring::open(log.files, paths, log.history, log.topic.feed(), fresh); }

bool Directory::note_and_catch_up(SharedKeyring::Ask ask) {
  for (;;) {
    for (std::size_t i = ring->place().position; i < log.records.size(); ++i) ring->note(log.records[i], behind(i + 1));
    if (!ring->catch_up(ask)) return false;
    if (ring->place().position == log.records.size()) return true;
  }
}

bool Directory::try_follow(SharedKeyring::Ask ask) {
  end();
  auto opened = open();
  if (!opened) return false;
  ring = std::move(*opened);
  return note_and_catch_up(ask);
}

void Directory::follow(SharedKeyring::Ask ask) { ASSERT_TRUE(try_follow(ask)) << name; }

bool Directory::try_lead() {
  const std::uint64_t claimed = log.claim();
  return try_lead(claimed, log.records.size());
}

// As an engine does that has a snapshot of the log's end: it tells of no record, and of all who are forgotten.
bool Directory::try_lead(std::uint64_t claimed, std::size_t seen) {
  end();
  auto opened = open(seen == 0);
  if (!opened) return false;
  ring = std::move(*opened);
  for (bool leads = false; !leads;) {
    for (std::size_t i = ring->place().position; i < seen; ++i) ring->note(log.records[i], behind(i + 1));
    auto led = ring->lead(claimed);
    if (!led) return false;
    leads = *led;
  }
  epoch = claimed;
  const std::vector<Decision> mine(log.records.begin(), log.records.begin() + static_cast<std::ptrdiff_t>(seen));
  return ring->resumed().has_value() && ring->forget(erasures_of(mine)).has_value();
}

void Directory::lead() { ASSERT_TRUE(try_lead()) << name; }
void Directory::lead(std::uint64_t claimed, std::size_t seen) { ASSERT_TRUE(try_lead(claimed, seen)) << name; }

bool Directory::try_register(const std::string& person) {
  Decision decision = decided(concat(R"({"type":"register_person","programme":"p","role":"r","name":")", name_of(person), R"(","person":")", person, R"(","id":"r-)", person,
                                     "-", epoch, "\"}"));
  if (!seal(decision, true, *ring) || !ring->make_durable()) return false;
  if (registration(decision)->name.sealed.empty()) return true;  // forgotten: the rules refuse that
  log.append(decision, epoch);
  return true;
}

void Directory::registers(const std::string& person) { ASSERT_TRUE(try_register(person)) << name; }

bool Directory::try_forget(const std::string& person) {
  if (!log.forget(person, epoch)) return true;  // it ends as one that was overtaken
  return ring->forget({erasures_of(log.records).back()}).has_value();
}

void Directory::forgets(const std::string& person) { ASSERT_TRUE(try_forget(person)) << name; }

bool Directory::reads(const std::string& person) {
  for (const Decision& record : log.records)
    if (const auto* one = registration(record); one && one->person.text == person)
      return ring->open(context_of(record), one->name.sealed) == name_of(person);
  return false;
}

bool Directory::opens_void_record() {
  const Decision& last = log.voids.back();
  return ring->open(context_of(last), registration(last)->name.sealed).has_value();
}

Bytes Directory::wrapped_key(const std::string& person) {
  const Bytes content = log.files.content(paths.keys);
  const KeySlot slot = parse_key_slot(BytesView(content).substr((1 + log.slot(person)) * key_slot_size, key_slot_size));
  EXPECT_EQ(slot.id, log.key_of(person));
  return slot.wrapped;
}

void Directory::begin_alone(const std::vector<std::string>& persons) {
  auto alone = open_keyring(log.files, paths, log.history, true);
  KRING_CHECK(alone.has_value() && (*alone)->resumed().has_value());
  log.claim();
  for (const std::string& person : persons) {
    Decision decision = decided(concat(R"({"type":"register_person","programme":"p","role":"r","name":")", name_of(person), R"(","person":")", person, R"(","id":"r-)", person, "\"}"));
    KRING_CHECK(seal(decision, true, **alone).has_value() && (*alone)->make_durable().has_value());
    log.append(decision, log.epoch);
  }
}

}  // namespace kring::testing
