// What goes wrong in a run, and when.
#pragma once

#include <string>

#include "events/base/dice.h"
#include "events/filesystem/faulty_filesystem.h"
#include "events/members.h"

namespace kring::simulator {

enum class FailureKind : std::uint8_t { none, power_loss, process_end, failed_write, failed_sync, failed_rename, failed_open, failed_read, full_disk, flipped_bit };

struct Failure {
  FailureKind kind = FailureKind::none;
  std::uint64_t number = 0;  // at which operation; of a full disk: how many bytes are left

  void arm(FaultyFileSystem& disk) const;
  bool is_operation() const { return kind >= FailureKind::failed_write && kind <= FailureKind::full_disk; }
};

// The one failure of a run. The runs of many seeds have all kinds of them.
Failure choose_failure(Dice& dice, std::size_t commands);
// What may come on top of one, while it is recovered from.
Failure choose_second_failure(Dice& dice, FailureKind first);

// Flips a bit of one of the files in the directory; says which.
std::string flip_a_bit(FaultyFileSystem& disk, Dice& dice, const std::string& directory);

}  // namespace kring::simulator

template <>
struct kring::Names<kring::simulator::FailureKind> {
  static constexpr std::array<std::string_view, 10> names{"no failure", "power loss", "end of the process", "failed or torn write", "failed sync",
                                                          "failed rename", "failed open", "failed read", "full disk", "flipped bit"};
};
