// The rows of one programme as of one position, and what all reads need of them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "events/codec/archive.h"
#include "events/privacy/sealing.h"
#include "engine/rules/rules.h"
#include "events/json/json.h"
#include "projections/store/database.h"
#include "projections/views/forgetting.h"

namespace kring::projections {

// Belongs to one thread; what is passed must outlive it. Errors of the database are kept: look at `outcome` at the end.
class View {
 public:
  View(Database& database, const Opener& opener, ProgrammeId programme, Position as_of)
      : database_(database), opener_(database, opener), programme_(std::move(programme)), as_of_(as_of) {}

  Result<void> outcome;

  const ProgrammeId& programme() const { return programme_; }
  Position as_of() const { return as_of_; }
  Key key(char table) const { return {programme_, table}; }

  template <class Row>
  std::optional<Row> find(Model model, const Bytes& key) {
    if (!outcome) return {};
    auto bytes = database_.get(model, key, as_of_);
    if (!bytes) outcome = std::unexpected(std::move(bytes.error()));
    if (!outcome || bytes->empty()) return {};
    auto row = codec::unpack<Row>(*bytes);
    if (!row) outcome = std::unexpected(std::move(row.error()));
    return row ? std::optional(std::move(*row)) : std::nullopt;
  }

  // visit(parts of the key, row), in the order of keys.
  template <class Row, class Visit>
  void each(Model model, const Key& prefix, Visit visit) {
    if (!outcome) return;
    auto scanned = database_.scan(model, prefix, {}, as_of_, [&](BytesView key, BytesView bytes) {
      auto row = codec::unpack<Row>(bytes);
      if (!row) return void(outcome = std::unexpected(std::move(row.error()))), false;
      visit(KeyParts(key), std::move(*row));
      return true;
    });
    if (outcome && !scanned) outcome = std::unexpected(std::move(scanned.error()));
  }

  Database& database() { return database_; }

  // The opened text; null where it cannot be opened any more.
  json::Value open(const PersonId& person, const char* member, const SealedText& text) const;
  bool is_only_erased(const PersonId& person) const { return opener_.is_only_erased(programme_, person); }
  json::Value open_reason(const Command& command) const;
  // The name as it was then; null for those forgotten since.
  json::Value name(const PersonId& person);

  // A document begins with these.
  json::Object document() const { return {{"programme", programme_.text}, {"position", as_of_}}; }

 private:
  Database& database_;
  const Forgetting opener_;
  const ProgrammeId programme_;
  const Position as_of_;
};

// What the rules need of a programme, loaded from its rows. Persons are loaded when they are named.
class LoadedFacts {
 public:
  explicit LoadedFacts(View& view);  // programme, policy, themes, areas, venues, unavailability of venues

  rules::Facts facts;

  void load_seats();
  void load_schedule();  // sessions, substitutions, attendance, the last release

  rules::PersonNo person(const PersonId& id);
  const PersonId& id(rules::PersonNo no) const { return facts.person_ids[no]; }

 private:
  std::vector<Period> unavailable(const char* kind, const std::string& id);

  View& view_;
};

// "there is no theme 'x'; there are: a, b, c", of kind not_found.
Error nothing_named(std::string_view kind, const std::string& id, std::vector<std::string> instead);

}  // namespace kring::projections
