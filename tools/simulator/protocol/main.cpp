// The simulator of the protocol on Kafka: thousands of short histories on a broker, and on nodes, that are made up.
#include <iostream>

#include "events/base/text.h"
#include "tools/simulator/command_line.h"
#include "tools/simulator/protocol/run.h"

namespace kring::simulator::protocol {
namespace {

struct Report {
  Outcome sum;
  std::size_t runs = 0;

  void add(const Outcome& one) {
    ++runs;
    for (std::size_t i = 0; i < fate_count; ++i) sum.happenings.requests[i] += one.happenings.requests[i];
    sum.happenings.freezes += one.happenings.freezes;
    sum.happenings.interruptions += one.happenings.interruptions;
    sum.happenings.old_ends += one.happenings.old_ends;
    sum.happenings.overlapping += one.happenings.overlapping;
    sum.takings.claims += one.takings.claims;
    sum.takings.failed_starts += one.takings.failed_starts;
    sum.takings.given_up += one.takings.given_up;
    sum.takings.refusals += one.takings.refusals;
    sum.commands += one.commands;
    sum.answers += one.answers;
    sum.unknown += one.unknown;
    sum.crashes += one.crashes;
    sum.outages += one.outages;
    sum.records += one.records;
    sum.voided += one.voided;
  }
};

void print(const Report& report) {
  const Outcome& sum = report.sum;
  std::cout << "requests to the broker\n";
  for (std::size_t i = 0; i < fate_count; ++i)
    std::cout << "  " << name_of(static_cast<Fate>(i)) << ": " << sum.happenings.requests[i] << '\n';
  std::cout << report.runs << " runs, " << sum.commands << " commands, " << sum.answers << " answers, " << sum.unknown << " times unknown, "
            << sum.takings.claims << " claims (" << sum.takings.failed_starts << " in vain), " << sum.takings.given_up << " writers overtaken or in doubt ("
            << sum.takings.refusals << " sure that nothing counts)\n"
            << sum.crashes << " ends of a process, " << sum.happenings.freezes << " freezes, " << sum.outages << " times no broker, "
            << sum.happenings.interruptions << " lost connections, " << sum.happenings.old_ends << " old ends told, " << sum.happenings.overlapping << " appends while another was on its way; " << sum.records << " records, " << sum.voided << " void frames\n";
}

}  // namespace
}  // namespace kring::simulator::protocol

int main(int argc, char** argv) {
  using namespace kring::simulator;
  protocol::Report report;
  const auto add_run = [&](std::uint64_t seed, std::string& wrong, std::string& trace) {
    protocol::Outcome outcome = protocol::run(seed);
    report.add(outcome);
    wrong = std::move(outcome.wrong);
    trace = std::move(outcome.trace);
  };
  return simulate(argc, argv, {"protocol_simulator", "Runs several nodes on a simulated broker; each seed is one history.", add_run, [&] { print(report); }});
}
