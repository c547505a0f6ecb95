// The sealing port: personal text exists in records only sealed. What seals, and with which keys, is behind this port.
#pragma once

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

class Sealer {
 public:
  virtual ~Sealer() = default;

  // Thread-safe, all of them. What `seal` returns may be recorded at once: its keys are durable by then.
  virtual Result<Bytes> seal(const SealContext& context, std::string_view clear) = 0;
  // None where it can no longer be opened.
  virtual std::optional<std::string> open(const SealContext& context, BytesView sealed) const = 0;
};

// The persons that a command names, each once, in the order of its members.
std::vector<PersonId> persons_named(const Command& command);

// Seals all personal text of a decision before it is encoded. A rejected command keeps no personal members;
// `keep_reason` is false where a person named is unknown or forgotten: then the reason is dropped.
Result<void> seal(Decision& decision, bool keep_reason, Sealer& sealer);

}  // namespace kring
