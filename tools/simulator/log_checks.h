// What must be true of a log whatever happened. Each check returns what is wrong, in words; empty where nothing is.
#pragma once

#include <functional>
#include <string>

#include "events/decision.h"
#include "events/log/event_log.h"
#include "tools/simulator/wishes.h"

namespace kring::simulator {

// Visits all records until one is wrong.
std::string each_record(LogReader& log, const std::function<std::string(const Record&)>& visit);

// Every record can be read and decoded.
std::string check_readable(LogReader& log);

// Every answered command lies in the log exactly once, at the position that was answered, with the same outcome; and no
// other command lies there twice. Answers at positions above `proven` may be missing.
std::string check_log(LogReader& log, const Wishes& wishes, Position proven = UINT64_MAX);

// Everything in the log is what the rules make of what stands before it.
std::string check_decisions(LogReader& log);

}  // namespace kring::simulator
