// A log in memory with a seeded random history in it, decided by the engine itself.
#pragma once

#include <memory>
#include <string>

#include "events/log/event_log.h"
#include "events/log/memory/memory_log.h"

namespace kring::test {

// Submits the commands (JSON Lines, with `at`) to an engine on the store, and returns how many were answered accepted.
std::size_t decide(const std::shared_ptr<MemoryStore>& store, const std::string& commands);

// `count` random commands on one programme, `proef`, that aim at the interesting cases: full themes, people who come
// and go, substitutions, moves, releases, attendance, forgetting. Times are from `hour` on, an hour apart.
std::string random_commands(unsigned seed, int count, int hour = 0);

}  // namespace kring::test
