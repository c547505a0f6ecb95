// What must be true of a log on Kafka whatever happened, beside what must be true of any (log_checks.h). Each check returns
// what is wrong, in words; empty where nothing is.
#pragma once

#include <string>

#include "tools/simulator/protocol/node.h"
#include "tools/simulator/protocol/rule_reader.h"

namespace kring::simulator::protocol {

// The shipped reader finds the records that count, wherever it begins and whichever it is asked for.
std::string check_readers(Broker& broker, RuleReader& truth, Dice& dice);

// What a writer was sure of is so.
std::string check_refusals(const RuleReader& truth, const Refusals& refusals);

}  // namespace kring::simulator::protocol
