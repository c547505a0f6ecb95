#include "tools/simulator/failure.h"

#include <algorithm>

#include "events/base/text.h"

namespace kring::simulator {

using Operation = FaultyFileSystem::Operation;
using Loss = FaultyFileSystem::Loss;

void Failure::arm(FaultyFileSystem& disk) const {
  switch (kind) {
    case FailureKind::none: return;
    case FailureKind::power_loss: return disk.stop_at(Loss::power, number);
    case FailureKind::process_end:
    case FailureKind::flipped_bit: return disk.stop_at(Loss::process, number);
    case FailureKind::failed_write: return disk.fail_at(Operation::write, number);
    case FailureKind::failed_sync: return disk.fail_at(Operation::sync, number);
    case FailureKind::failed_rename: return disk.fail_at(Operation::rename, number);
    case FailureKind::failed_open: return disk.fail_at(Operation::open, number);
    case FailureKind::failed_read: return disk.fail_at(Operation::read, number);
    case FailureKind::full_disk: return disk.limit_room(number);
  }
}

Failure choose_failure(Dice& dice, std::size_t commands) {
  const auto changes = 16 + commands;  // about as many as a run makes, or more
  const auto roll = dice.below(100);
  if (roll < 40) return {FailureKind::power_loss, dice.below(changes)};
  if (roll < 48) return {FailureKind::process_end, dice.below(changes)};
  if (roll < 62) return {FailureKind::failed_write, dice.below(changes / 2)};
  if (roll < 76) return {FailureKind::failed_sync, dice.below(changes / 2)};
  if (roll < 78) return {FailureKind::failed_rename, dice.below(4)};
  if (roll < 81) return {FailureKind::failed_open, dice.below(20)};
  if (roll < 84) return {FailureKind::failed_read, dice.below(40)};
  if (roll < 90) return {FailureKind::full_disk, 2000 + dice.below(110'000)};
  return {FailureKind::flipped_bit, dice.below(changes)};
}

Failure choose_second_failure(Dice& dice, FailureKind first) {
  // What a failed sync left in the cache alone is missed only when the power goes.
  if (!dice.chance(first == FailureKind::failed_sync ? 90 : 40)) return {};
  return {dice.chance(80) ? FailureKind::power_loss : FailureKind::process_end, dice.below(16)};
}

std::string flip_a_bit(FaultyFileSystem& disk, Dice& dice, const std::string& directory) {
  std::vector<std::string> paths = disk.paths();
  std::erase_if(paths, [&](const std::string& path) { return !path.starts_with(directory + "/") || disk.content(path).empty(); });
  if (paths.empty()) return {};
  const std::string& path = paths[dice.below(paths.size())];
  const Bytes content = disk.content(path);
  // Mostly where something stands: the room made ahead is large.
  const auto used = dice.chance(90) ? content.find_last_not_of('\0') + 1 : content.size();
  const auto offset = dice.below(std::max<std::uint64_t>(used, 1));
  const auto bit = static_cast<unsigned>(dice.below(8));
  disk.flip(path, offset, bit);
  return concat("bit ", bit, " of byte ", offset, " of ", path, " flips");
}

}  // namespace kring::simulator
