// decide: what a command comes to, on the state as it is. No clock, no random, no I/O: the same log gives the same
// decisions, byte for byte. What a command refuses, and in which order, is docs/commands.md.
#pragma once

#include <expected>
#include <vector>

#include "engine/domain/state.h"
#include "events/decision.h"

namespace kring::domain {

// The days that count for a decision, in the programme's time zone. The domain never converts.
struct Moment {
  Day today;
  Day effective;  // the command's own, else today
};

struct Outcome {
  std::vector<Event> events;
  std::vector<Warning> warnings;
};

using Verdict = std::expected<Outcome, Rejection>;

// Decides one command. Accepted: the state has advanced by the events returned. Rejected: it is untouched.
Verdict decide(State& state, const Command& command, const Moment& moment);

}  // namespace kring::domain
