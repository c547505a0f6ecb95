// The sealing port: personal text exists in records only sealed. What seals, and with which keys, is behind this port.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "events/base/error.h"
#include "events/decision.h"

namespace kring {

// What a sealed text belongs to. It cannot be opened as another person's, member's or command's.
struct SealContext {
  std::vector<PersonId> persons;  // it can be opened while all of them can
  std::string_view member;        // "name", "email", "reason", ...
  ProgrammeId programme;
  std::string command_id;
};

// PersonForgotten of a person stands at `position`.
struct Erasure {
  ProgrammeId programme;
  PersonId person;
  Position position = 0;
  bool operator==(const Erasure&) const = default;
};

// The reading half. Thread-safe.
class Opener {
 public:
  virtual ~Opener() = default;

  // None where it cannot be opened, or no longer.
  virtual std::optional<std::string> open(const SealContext& context, BytesView sealed) const = 0;

  // Does the ledger of erasures name this person? Then nothing of theirs opens, whatever the log says.
  virtual bool is_erased(const ProgrammeId&, const PersonId&) const { return false; }
};

// The writing half, used by the engine in this order: resume and resumed at the start; then seal, make_durable, append to the
// log, forget; settle before what came before is not read again. Thread-safe.
class Sealer : public Opener {
 public:
  // A record of the log. Told of each one after the newest `settle`, in order, more do no harm; of all from the first on where
  // something on disk is damaged that only they can tell.
  virtual bool must_resume_all() const = 0;
  virtual void resume(const Decision& decision) = 0;
  // That was the last one. What was prepared for records that never came is destroyed.
  virtual Result<void> resumed() = 0;

  // Empty where nothing may be kept of one of the persons any more.
  virtual Result<Bytes> seal(const SealContext& context, std::string_view clear) = 0;

  // What was sealed until now may be recorded when this returns: its keys are durable.
  virtual Result<void> make_durable() = 0;

  // What was recorded until now need not be told of again, at the next start.
  virtual Result<void> settle() = 0;

  // Destroys all keys of these persons, for ever; done, and durable, when this returns. Their PersonForgotten are durable.
  // Doing it again does nothing.
  virtual Result<void> forget(const std::vector<Erasure>& erasures) = 0;

  // All whom the ledger of erasures names. A log that is older than the ledger does not know of some of them.
  virtual std::vector<Erasure> erasures() const { return {}; }
};

// Adds those whom the decision at `position` forgets.
void add_erasures(const Decision& decision, Position position, std::vector<Erasure>& erasures);

// The persons that a command names, each once, in the order of its members.
std::vector<PersonId> persons_named(const Command& command);

// Visits all personal text of a decision, with what it belongs to.
void each_personal(const Decision& decision, const std::function<void(const SealContext& context, const Personal& text)>& visit);

// Seals all personal text of a decision before it is encoded. A rejected command keeps no personal members;
// `keep_reason` is false where a person named is unknown or forgotten: then the reason is dropped.
Result<void> seal(Decision& decision, bool keep_reason, Sealer& sealer);

}  // namespace kring
