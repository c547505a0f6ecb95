#include "events/base/similar.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace kring {

// Optimal string alignment: a row of the table needs the two before it.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[b.size()];
}

void Nearest::offer(std::string_view known) {
  if (typed_.size() >= 3 && known.starts_with(typed_)) {
    completed_ = known;
    ++completions_;
  }
  auto apart = known.size() < typed_.size() ? typed_.size() - known.size() : known.size() - typed_.size();
  if (apart >= distance_) return;  // the distance is no less than that
  auto distance = edit_distance(typed_, known);
  if (distance >= distance_) return;
  distance_ = distance;
  nearest_ = known;
}

std::string_view Nearest::best() const { return nearest_.empty() && completions_ == 1 ? completed_ : nearest_; }

}  // namespace kring
