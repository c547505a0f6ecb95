// Ids as dense numbers: state and rules work on numbers that index flat vectors; strings stay at the edge.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "events/base/id.h"

namespace kring::rules {

// The number of one thing of a kind, in the order in which they were added. Default: none.
template <class Tag>
struct No {
  std::uint32_t value = UINT32_MAX;

  explicit operator bool() const { return value != UINT32_MAX; }
  auto operator<=>(const No&) const = default;
  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("value", self.value);
  }
};

template <class Tag>
class Interner {
 public:
  // None where the id was never added.
  No<Tag> find(std::string_view id) const {
    if (slots_.empty()) return {};
    for (std::size_t at = start(id);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == 0) return {};
      if (ids_[slots_[at] - 1].text == id) return {slots_[at] - 1};
    }
  }
  No<Tag> find(const Id<Tag>& id) const { return find(std::string_view(id.text)); }

  // The number that the id has, or a new one.
  No<Tag> add(const Id<Tag>& id) {
    if (auto known = find(id)) return known;
    if ((ids_.size() + 1) * 4 > slots_.size() * 3) grow();
    ids_.push_back(id);
    place(static_cast<std::uint32_t>(ids_.size()));
    return {static_cast<std::uint32_t>(ids_.size() - 1)};
  }

  const Id<Tag>& operator[](No<Tag> no) const { return ids_[no.value]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(ids_.size()); }

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("ids", self.ids_);
    if constexpr (!std::is_const_v<Self>) self.place_all();
  }

 private:
  std::size_t start(std::string_view id) const { return std::hash<std::string_view>{}(id) & (slots_.size() - 1); }

  void place(std::uint32_t number) {
    std::size_t at = start(ids_[number - 1].text);
    while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = number;
  }

  void grow() {
    slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, 0);
    for (std::uint32_t number = 1; number <= ids_.size(); ++number) place(number);
  }
  void place_all() {
    slots_.clear();
    while (ids_.size() * 4 > slots_.size() * 3) slots_.resize(slots_.empty() ? 16 : slots_.size() * 2);
    for (std::uint32_t number = 1; number <= ids_.size(); ++number) place(number);
  }

  std::vector<Id<Tag>> ids_;
  std::vector<std::uint32_t> slots_;  // open addressing, a power of two; 0 is free, else number + 1
};

}  // namespace kring::rules
