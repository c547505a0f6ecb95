#include "events/filesystem/cached_file.h"

#include <algorithm>
#include <utility>

namespace kring {
namespace {

constexpr std::uint64_t page_size = 4096;

}  // namespace

void CachedFile::resize(std::uint64_t size) {
  if (size == cached_.size()) return;
  // What is cut off may come back as long as that is not synced.
  for (std::uint64_t page = size / page_size; page * page_size < cached_.size(); ++page) dirty_.insert(page);
  cached_.resize(size);
  resized_ = true;
}

void CachedFile::write(std::uint64_t offset, BytesView bytes) {
  if (bytes.empty()) return;
  if (cached_.size() < offset + bytes.size()) resize(offset + bytes.size());
  std::ranges::copy(bytes, cached_.begin() + static_cast<std::ptrdiff_t>(offset));
  for (std::uint64_t page = offset / page_size; page * page_size < offset + bytes.size(); ++page) dirty_.insert(page);
}

void CachedFile::sync() {
  durable_.resize(cached_.size());
  for (const std::uint64_t page : dirty_)
    if (page * page_size < cached_.size()) durable_.replace(page * page_size, page_size, cached_, page * page_size, page_size);
  dirty_.clear();
  resized_ = false;
}

void CachedFile::sync_in_part(Dice& dice) {
  if (dice.chance(50)) durable_.resize(cached_.size());
  for (const std::uint64_t page : dirty_) {
    const std::uint64_t at = page * page_size;
    if (at >= cached_.size() || at >= durable_.size()) continue;
    const std::uint64_t length = std::min({page_size, cached_.size() - at, durable_.size() - at});
    if (dice.chance(50)) durable_.replace(at, length, cached_, at, length);
    else if (dice.chance(25)) cached_.replace(at, length, durable_, at, length);  // some systems read it again
  }
  dirty_.clear();
}

void CachedFile::lose_power(Dice& dice) {
  std::uint64_t size = durable_.size();
  if (resized_) {
    const auto [least, most] = std::minmax({durable_.size(), cached_.size()});
    const auto fate = dice.below(3);
    size = fate == 0 ? durable_.size() : fate == 1 ? cached_.size() : least + dice.below(most - least + 1);
  }
  Bytes before = durable_;
  before.resize(std::max(size, cached_.size()));
  cached_.resize(std::max(size, cached_.size()));
  for (const std::uint64_t page : dirty_) {
    const std::uint64_t at = page * page_size;
    if (at >= size) continue;
    const std::uint64_t length = std::min(page_size, size - at);
    const std::uint64_t cut = dice.below(length + 1);
    switch (dice.below(4)) {
      case 0:  // the old content
        break;
      case 1:
        before.replace(at, length, cached_, at, length);
        break;
      case 2:
        before.replace(at, cut, cached_, at, cut);
        break;
      default:
        before.replace(at + cut, length - cut, cached_, at + cut, length - cut);
    }
  }
  before.resize(size);
  durable_ = cached_ = std::move(before);
  dirty_.clear();
  resized_ = false;
}

void CachedFile::flip(std::uint64_t offset, unsigned bit) {
  for (Bytes* bytes : {&cached_, &durable_})
    if (offset < bytes->size()) (*bytes)[offset] = static_cast<char>((*bytes)[offset] ^ (1 << bit % 8));
}

}  // namespace kring
