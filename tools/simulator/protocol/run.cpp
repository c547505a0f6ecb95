#include "tools/simulator/protocol/run.h"

#include "tools/simulator/log_checks.h"
#include "tools/simulator/protocol/crowd.h"
#include "tools/simulator/protocol/protocol_checks.h"

namespace kring::simulator::protocol {
namespace {

constexpr Micros storm_ends = 600 * second, must_end = 7200 * second;

class Run {
 public:
  explicit Run(std::uint64_t seed) : dice_(seed), weather_(choose_weather(dice_)), broker_(dice_.next(), weather_, schedule_, trace_) {
    const auto count = 2 + dice_.below(2);
    for (std::uint64_t i = 0; i < count; ++i) nodes_.push_back(std::make_unique<Node>(concat("n", i), dice_.next(), broker_, outcome_.happenings));
    crowd_ = std::make_unique<Crowd>(dice_.next(), broker_, outcome_.happenings, nodes_);
    trace_("seed ", seed, ": ", count, " nodes, ", crowd_->wishes().all().size(), " commands");
  }

  Outcome go() {
    schedule_.at(storm_ends, [this] { weather_ = {}; });
    for (const auto& node : nodes_)
      if (dice_.chance(50)) schedule_.after(static_cast<Micros>(dice_.below(2 * second)), [&node] { node->open(); });
    crowd_->begin();
    make_trouble();
    while (fine() && !crowd_->wishes().content()) schedule_.step();
    weather_ = {};
    if (fine()) ask_everywhere();
    // Whatever is still on its way arrives, and whoever is frozen wakes up.
    while (fine() && schedule_.step()) {}
    end_nodes();
    if (outcome_.wrong.empty()) outcome_.wrong = crowd_->wrong();
    check();
    count();
    return std::move(outcome_);
  }

 private:
  bool fine() {
    if (schedule_.now() > must_end) outcome_.wrong = "does not come to an end";
    return outcome_.wrong.empty() && crowd_->wrong().empty();
  }

  void make_trouble() {
    if (crowd_->wishes().content() || schedule_.now() > storm_ends) return;
    if (dice_.chance(weather_.crash)) {
      ++outcome_.crashes;
      nodes_[dice_.below(nodes_.size())]->crash();
    }
    if (dice_.chance(weather_.outage)) {
      ++outcome_.outages;
      broker_.stop_for(static_cast<Micros>(dice_.below(dice_.chance(70) ? 3 * second : 50 * second)));
    }
    schedule_.after(static_cast<Micros>(dice_.below(4 * second)), [this] { make_trouble(); });
  }

  // Whoever takes over knows what was answered before.
  void ask_everywhere() {
    for (std::size_t node = 0; node < nodes_.size(); ++node)
      for (int i = 0; i < 3; ++i) crowd_->send(dice_.below(crowd_->wishes().all().size()), node);
  }

  void end_nodes() {
    for (const auto& node : nodes_) node->end();
    const auto ended = [this] {
      for (const auto& node : nodes_)
        if (!node->ended()) return false;
      return true;
    };
    while (!ended() && schedule_.step()) {}
  }

  void check() {
    RuleReader truth(broker_);
    outcome_.records = truth.records().size();
    outcome_.voided = truth.voided();
    std::string& wrong = outcome_.wrong;
    if (wrong.empty()) wrong = check_log(truth, crowd_->wishes());
    if (wrong.empty()) wrong = check_decisions(truth);
    if (wrong.empty()) wrong = check_readers(broker_, truth, dice_);
    for (const auto& node : nodes_)
      if (wrong.empty()) wrong = check_refusals(truth, node->refusals());
    if (!wrong.empty()) trace_("WRONG: ", wrong);
  }

  void count() {
    outcome_.nodes = nodes_.size();
    outcome_.commands = crowd_->wishes().all().size();
    outcome_.answers = crowd_->wishes().answers();
    outcome_.unknown = crowd_->unknown();
    for (const auto& node : nodes_) {
      outcome_.takings.claims += node->takings().claims;
      outcome_.takings.failed_starts += node->takings().failed_starts;
      outcome_.takings.given_up += node->takings().given_up;
      outcome_.takings.refusals += node->takings().refusals;
    }
    outcome_.trace = trace_.text();
  }

  Trace trace_;
  Outcome outcome_;
  Dice dice_;
  Weather weather_;
  Schedule schedule_;
  Broker broker_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::unique_ptr<Crowd> crowd_;
};

}  // namespace

Outcome run(std::uint64_t seed) { return Run(seed).go(); }

}  // namespace kring::simulator::protocol
