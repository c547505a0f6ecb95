#include "engine/runtime/snapshot_store.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <set>

#include "events/base/text.h"

namespace kring {
namespace {

constexpr std::string_view suffix = ".snapshot";
constexpr std::size_t digits = 20;

std::string name_of_position(Position position) {
  std::string number = std::to_string(position);
  return concat(std::string(digits - number.size(), '0'), number, suffix);
}

std::optional<Position> parse_name(std::string_view name) {
  if (name.size() != digits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  Position position = 0;
  auto [end, error] = std::from_chars(name.data(), name.data() + digits, position);
  if (error != std::errc() || end != name.data() + digits) return std::nullopt;
  return position;
}

}  // namespace

Result<std::vector<Position>> SnapshotStore::list() {
  auto names = files_.list(options_.directory);
  if (!names) {
    if (names.error().kind == ErrorKind::not_found) return std::vector<Position>{};
    return std::unexpected(std::move(names.error()));
  }
  std::vector<Position> positions;
  for (const std::string& name : *names)
    if (auto position = parse_name(name)) positions.push_back(*position);
  std::ranges::sort(positions);
  return positions;
}

Result<std::optional<Snapshot>> SnapshotStore::newest(LogReader& log, const HistoryId& history, Position limit) {
  auto positions = list();
  if (!positions) return std::nullopt;
  for (auto position = positions->rbegin(); position != positions->rend(); ++position) {
    if (*position > limit) continue;
    auto file = files_.open(concat(options_.directory, '/', name_of_position(*position)), OpenMode::read);
    if (!file) continue;
    auto bytes = read_whole(**file);
    if (!bytes) continue;
    auto snapshot = decode_snapshot(*bytes);
    if (!snapshot || snapshot->history != history || snapshot->at.position != *position) continue;
    auto known = holds(log, snapshot->at);
    if (!known) return std::unexpected(std::move(known.error()));
    if (!*known) continue;
    last_ = *position;
    size_ = bytes->size();
    return snapshot;
  }
  return std::nullopt;
}

bool SnapshotStore::due(Position position, std::size_t bytes) {
  log_bytes_ += bytes;
  // Twice its size in records: then snapshots never take more than half of what the log does.
  return position >= last_ + options_.every && log_bytes_ >= 2 * size_;
}

void SnapshotStore::write(const Snapshot& snapshot) {
  Bytes bytes = encode_snapshot(snapshot);
  auto done = put(snapshot.at.position, bytes);
  if (done) done = thin_out(snapshot.at.position);
  if (!done && options_.notice) options_.notice(concat("a snapshot could not be written; the next start takes longer: ", done.error().message));
  last_ = snapshot.at.position;
  size_ = bytes.size();
  log_bytes_ = 0;
}

Result<void> SnapshotStore::put(Position position, BytesView bytes) {
  if (auto made = files_.make_directory(options_.directory); !made) return made;
  return replace_file(files_, concat(options_.directory, '/', name_of_position(position)), bytes, OpenMode::create);
}

Result<void> SnapshotStore::thin_out(Position newest) {
  auto positions = list();
  if (!positions) return std::unexpected(std::move(positions.error()));
  // Of those that are as far back as 1, 2..3, 4..7, ... times the usual distance, the oldest stays: it is the next one
  // that a larger distance needs.
  std::set<Position> distances;
  for (Position position : *positions) {
    if (position >= newest) continue;
    Position distance = std::bit_width((newest - position) / std::max<Position>(options_.every, 1));
    if (distances.insert(distance).second) continue;
    if (auto removed = files_.remove(concat(options_.directory, '/', name_of_position(position))); !removed) return removed;
  }
  return {};
}

}  // namespace kring
