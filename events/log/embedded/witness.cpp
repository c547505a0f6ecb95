#include "events/log/embedded/witness.h"

#include <array>

#include "events/log/embedded/segment.h"
#include "events/log/embedded/segment_reader.h"
#include "events/base/little_endian.h"
#include "events/log/log_errors.h"

namespace kring {
namespace {

constexpr BytesView witness_magic{"KRNGWIT\0", 8};
constexpr std::size_t at_version = 8, at_checksum = 12, at_history = 16, at_position = 32, at_hash = 40,
                      witness_size = 72;

std::uint32_t checksum_of(BytesView bytes) {
  const std::uint32_t sum = crc32c(BytesView("\0\0\0\0", 4), crc32c(bytes.substr(0, at_checksum)));
  return crc32c(bytes.substr(at_history, witness_size - at_history), sum);
}

enum class SlotState : std::uint8_t { empty, valid, invalid, unsupported };

SlotState parse_slot(BytesView bytes, Witness& witness) {
  if (bytes.size() < witness_size || bytes.find_first_not_of('\0') == BytesView::npos)
    return bytes.find_first_not_of('\0') == BytesView::npos ? SlotState::empty : SlotState::invalid;
  if (!bytes.starts_with(witness_magic)) return SlotState::invalid;
  if (get_little<std::uint32_t>(bytes.data() + at_checksum) != checksum_of(bytes)) return SlotState::invalid;
  if (get_little<std::uint16_t>(bytes.data() + at_version) != witness_version) return SlotState::unsupported;
  std::memcpy(witness.history.data(), bytes.data() + at_history, witness.history.size());
  witness.position = get_little<std::uint64_t>(bytes.data() + at_position);
  std::memcpy(witness.hash.data(), bytes.data() + at_hash, witness.hash.size());
  return SlotState::valid;
}

struct Slots {
  Witness newest;
  unsigned newest_slot = 1;  // so that the first witness goes into slot 0
};

Result<Slots> read_slots(File& file, const std::string& path) {
  Slots slots;
  Bytes bytes(2 * witness_slot_size, '\0');
  const auto got = file.read_at(0, bytes);
  if (!got) return std::unexpected(got.error());
  unsigned invalid = 0;
  for (unsigned slot = 0; slot < 2; ++slot) {
    Witness witness;
    switch (parse_slot(BytesView(bytes).substr(slot * witness_slot_size, witness_size), witness)) {
      case SlotState::empty:
        break;
      case SlotState::invalid:
        ++invalid;
        break;
      case SlotState::unsupported:
        return unsupported_format(path, slot * witness_slot_size);
      case SlotState::valid:
        if (witness.position >= slots.newest.position) slots = {witness, slot};
        break;
    }
  }
  // One torn slot is what a crash leaves behind, the first one included. Two are none that a crash can explain.
  if (invalid == 2)
    return log_damaged(0, path, 0, "the witness cannot be read; whoever trusts the segments as they are may remove it");
  return slots;
}

}  // namespace

Bytes encode_witness(const Witness& witness) {
  Bytes bytes(witness_size, '\0');
  std::memcpy(bytes.data(), witness_magic.data(), witness_magic.size());
  put_little(bytes.data() + at_version, witness_version);
  std::memcpy(bytes.data() + at_history, witness.history.data(), witness.history.size());
  put_little(bytes.data() + at_position, witness.position);
  std::memcpy(bytes.data() + at_hash, witness.hash.data(), witness.hash.size());
  put_little(bytes.data() + at_checksum, checksum_of(bytes));
  return bytes;
}

Result<Witness> read_witness(FileSystem& files, const std::string& directory) {
  const std::string path = path_in(directory, witness_name);
  auto file = files.open(path, OpenMode::read);
  if (!file) {
    if (file.error().kind == ErrorKind::not_found) return Witness{};
    return std::unexpected(file.error());
  }
  const auto slots = read_slots(**file, path);
  if (!slots) return std::unexpected(slots.error());
  return slots->newest;
}

Result<void> WitnessWriter::open() {
  const std::string path = path_in(directory_, witness_name);
  auto file = files_.open(path, OpenMode::update);
  if (file) {
    const auto slots = read_slots(**file, path);
    if (!slots) return std::unexpected(slots.error());
    next_ = 1 - slots->newest_slot;
  } else {
    if (file.error().kind != ErrorKind::not_found) return std::unexpected(file.error());
    file = files_.open(path, OpenMode::create);
    if (!file) return std::unexpected(file.error());
    if (auto done = (*file)->allocate(2 * witness_slot_size); !done) return done;
    if (auto done = (*file)->sync_data(); !done) return done;
    if (auto done = files_.sync_directory(directory_); !done) return done;
  }
  file_ = std::move(*file);
  return {};
}

Result<void> WitnessWriter::write(const Witness& witness) {
  if (!file_)
    if (auto opened = open(); !opened) return opened;
  if (auto done = file_->write_at(next_ * witness_slot_size, encode_witness(witness)); !done) return done;
  if (auto done = file_->sync_data(); !done) return done;
  next_ = 1 - next_;
  return {};
}

}  // namespace kring
