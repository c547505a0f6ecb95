#include "tools/simulator/protocol/broker.h"

#include <algorithm>

namespace kring::simulator::protocol {

void Broker::stop_for(Micros duration) {
  down_until_ = std::max(down_until_, schedule_.now() + duration);
  trace_(schedule_.now(), " the broker stops for ", duration / millisecond, " ms");
}

void Broker::arrive(Micros when, std::shared_ptr<ProduceRequest> request, std::function<void()> acknowledge) {
  schedule_.at(when, [this, request = std::move(request), acknowledge = std::move(acknowledge)] {
    if (!answers()) return arrive(down_until_, request, acknowledge);
    const Offset first = messages_.size(), end = first + request->frames.size();
    messages_.insert(messages_.end(), request->frames.begin(), request->frames.end());
    if (!request->first) request->first = first;
    trace_(schedule_.now(), " stored at ", first, "..", end - 1);
    schedule_.after(static_cast<Micros>(dice_.below(3 * millisecond)), [this, end, acknowledge] {
      high_ = std::max(high_, end);
      if (acknowledge) acknowledge();
    });
  });
}

}  // namespace kring::simulator::protocol
