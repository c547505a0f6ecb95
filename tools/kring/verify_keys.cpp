#include "tools/kring/verify_keys.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "events/base/text.h"
#include "events/codec/codec.h"
#include "events/privacy/erasure_ledger.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/key_slot.h"
#include "events/privacy/sealed_text.h"

namespace kring::cli {
namespace {

using Forgotten = std::set<std::pair<ProgrammeId, PersonId>>;

// A text that does not open.
struct Shut {
  Position position = 0;
  SealContext context;
  std::vector<KeyId> keys;
};

// Opens what it is shown, and remembers the first text of each group of persons that does not open.
class Check {
 public:
  explicit Check(const Opener& opener) : opener_(opener) {}

  std::size_t opened = 0;

  void look(Position position, const SealContext& context, const Personal& text) {
    if (text.sealed.empty()) return;  // nothing was kept
    if (opener_.open(context, text.sealed)) return void(++opened);
    Shut shut{position, context, {}};
    keys_of(text.sealed, shut.keys);
    shut_.try_emplace({context.programme, context.persons}, std::move(shut));
  }

  // The first whose persons were all not forgotten.
  const Shut* first(const Forgotten& forgotten) const {
    const Shut* found = nullptr;
    for (const auto& [group, shut] : shut_) {
      auto gone = [&](const PersonId& person) { return forgotten.contains({group.first, person}); };
      if (std::ranges::none_of(group.second, gone) && (!found || shut.position < found->position)) found = &shut;
    }
    return found;
  }

 private:
  const Opener& opener_;
  std::map<std::pair<ProgrammeId, std::vector<PersonId>>, Shut> shut_;
};

std::unexpected<Error> damaged(const Shut& shut, const std::string& keys) {
  std::string whose;
  for (std::size_t i = 0; i < shut.context.persons.size(); ++i)
    whose += concat(i > 0 ? " and " : "", shut.context.persons[i].text, i < shut.keys.size() ? concat(" (slot ", slot_of(shut.keys[i]), ")") : std::string());
  return fail(ErrorKind::damaged, "keys_damaged",
              concat("position ", shut.position, ": '", shut.context.member, "' of ", whose, " cannot be opened though nobody was forgotten: a key in ", keys,
                     " is damaged or missing"));
}

}  // namespace

Result<std::optional<std::size_t>> verify_keys(LogReader& log, const KeyringPaths& paths) {
  auto history = log.history();
  if (!history) return std::unexpected(std::move(history.error()));
  if (auto wrapping = read_key_encryption_key(posix_filesystem(), paths.key_encryption_key); !wrapping) {
    std::cerr << "kring: the keys were not checked: " << wrapping.error().message << '\n';
    return std::nullopt;
  }
  auto opener = open_key_reader(posix_filesystem(), paths, *history);
  if (!opener) return std::unexpected(std::move(opener.error()));
  auto erasures = read_erasures(posix_filesystem(), paths.erasure_ledger, *history);
  if (!erasures) return std::unexpected(std::move(erasures.error()));
  Check check(**opener);
  Result<void> outcome;
  auto read = log.read({}, [&](const LogEntry& entry) {
    auto decision = codec::decode(entry.body);
    if (!decision) outcome = std::unexpected(std::move(decision.error()));
    if (!outcome) return false;
    add_erasures(*decision, entry.position, *erasures);
    each_personal(*decision, [&](const SealContext& context, const Personal& text) { check.look(entry.position, context, text); });
    return true;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  if (!outcome) return std::unexpected(std::move(outcome.error()));
  Forgotten forgotten;
  for (const Erasure& erasure : *erasures) forgotten.emplace(erasure.programme, erasure.person);
  if (const Shut* shut = check.first(forgotten)) return damaged(*shut, paths.keys);
  return check.opened;
}

}  // namespace kring::cli
