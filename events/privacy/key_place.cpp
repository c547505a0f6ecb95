#include "events/privacy/key_place.h"

#include <algorithm>

#include "events/base/little_endian.h"

namespace kring {
namespace {

constexpr BytesView magic{"KRNGKPL\0", 8};
constexpr std::uint16_t version = 1;
constexpr std::size_t at_version = 8, at_checksum = 12, at_history = 16, at_position = 32, at_hash = 40, at_locator = 72, at_slots = 80,
                      at_spent = 88, at_named = 96, place_size = 104;

std::uint32_t checksum_of(BytesView bytes) {
  const std::uint32_t sum = crc32c(BytesView("\0\0\0\0", 4), crc32c(bytes.substr(0, at_checksum)));
  return crc32c(bytes.substr(at_checksum + 4), sum);
}

std::uint64_t number(BytesView bytes, std::size_t at) { return get_little<std::uint64_t>(bytes.data() + at); }

}  // namespace

Result<std::optional<KeyPlace>> read_key_place(FileSystem& files, const std::string& path, const HistoryId& history) {
  auto file = files.open(path, OpenMode::read);
  if (!file && file.error().kind == ErrorKind::not_found) return std::nullopt;
  if (!file) return std::unexpected(std::move(file.error()));
  const auto bytes = read_whole(**file);
  if (!bytes) return std::unexpected(bytes.error());
  const bool whole = bytes->size() == place_size && bytes->starts_with(magic) && get_little<std::uint32_t>(bytes->data() + at_checksum) == checksum_of(*bytes);
  if (!whole || get_little<std::uint16_t>(bytes->data() + at_version) != version) return std::nullopt;
  if (BytesView(*bytes).substr(at_history, history.size()) != view(history)) return std::nullopt;
  KeyPlace place;
  place.read.position = number(*bytes, at_position);
  std::ranges::copy(BytesView(*bytes).substr(at_hash, place.read.hash.size()), place.read.hash.begin());
  place.read.locator = number(*bytes, at_locator);
  place.slots = number(*bytes, at_slots);
  place.spent = number(*bytes, at_spent);
  place.named = number(*bytes, at_named);
  return place;
}

Result<void> write_key_place(FileSystem& files, const std::string& path, const HistoryId& history, const KeyPlace& place) {
  Bytes bytes(place_size, '\0');
  std::ranges::copy(magic, bytes.begin());
  put_little(bytes.data() + at_version, version);
  std::ranges::copy(view(history), bytes.begin() + at_history);
  put_little(bytes.data() + at_position, place.read.position);
  std::ranges::copy(view(place.read.hash), bytes.begin() + at_hash);
  put_little(bytes.data() + at_locator, place.read.locator);
  put_little(bytes.data() + at_slots, place.slots);
  put_little(bytes.data() + at_spent, place.spent);
  put_little(bytes.data() + at_named, place.named);
  put_little(bytes.data() + at_checksum, checksum_of(bytes));
  return replace_file(files, path, bytes, OpenMode::create);
}

}  // namespace kring
