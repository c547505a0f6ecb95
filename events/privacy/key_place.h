// How far a directory that shares its keys has read: up to some record it has every key that records name, with its owner, and
// none of whoever is forgotten. Kept beside the key store; where it is missing or does not fit, the log is read from its beginning.
#pragma once

#include <optional>
#include <string>

#include "events/filesystem/filesystem.h"
#include "events/log/event_log.h"

namespace kring {

struct KeyPlace {
  Bookmark read;            // the last record that was taken into account
  std::uint64_t named = 0;  // all slot numbers that records up to there name are below
  // Of the key store then: a store that has fewer is an older one, which was put back.
  std::uint64_t slots = 0;  // that there were
  std::uint64_t spent = 0;  // of these, those with an owner, or destroyed
};

// None where there is none of this history, or it is damaged.
Result<std::optional<KeyPlace>> read_key_place(FileSystem& files, const std::string& path, const HistoryId& history);
Result<void> write_key_place(FileSystem& files, const std::string& path, const HistoryId& history, const KeyPlace& place);

}  // namespace kring
