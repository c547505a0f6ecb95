// Typing errors: which of the known words somebody may have meant.
#pragma once

#include <string>
#include <string_view>

namespace kring {

// How many characters have to be put in, left out, replaced or swapped with their neighbour to make `b` of `a`.
// Counts bytes: ids, members and options are ASCII.
std::size_t edit_distance(std::string_view a, std::string_view b);

// Is offered every known word, and keeps the one that is nearest to what was typed: at most a third of its characters
// differ, or it is the only one that begins with it. Of several equally near ones the first. What was offered must
// outlive it.
class Nearest {
 public:
  explicit Nearest(std::string_view typed) : typed_(typed), distance_(typed.size() < 3 ? 2 : typed.size() / 3 + 1) {}

  void offer(std::string_view known);

  std::string_view best() const;  // empty: nothing is near

 private:
  std::string_view typed_, nearest_, completed_;
  std::size_t distance_;  // the best must be below
  int completions_ = 0;
};

// "; did you mean 'roster'?", or nothing.
template <class Words>
std::string did_you_mean(std::string_view typed, const Words& known) {
  Nearest nearest(typed);
  for (const auto& word : known) nearest.offer(word);
  return nearest.best().empty() ? std::string() : "; did you mean '" + std::string(nearest.best()) + "'?";
}

}  // namespace kring
