// The files of a RocksDB primary that tell whether it flushed, ingested, made or dropped anything: while they stay the same,
// what another process has read of its list of tables and of its write-ahead log belongs together.
#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace kring::projections {

struct Footprint {
  std::string current;           // names the list of tables
  std::uintmax_t list_size = 0;  // the list only grows
  std::set<std::string> logs;    // write-ahead logs, by name: they grow, which is no matter
  bool operator==(const Footprint&) const = default;
};

Footprint footprint_of(const std::string& directory);

}  // namespace kring::projections
