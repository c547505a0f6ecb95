#include "engine/runtime/snapshot.h"

#include <algorithm>

#include "events/base/little_endian.h"
#include "events/base/mistakes.h"
#include "events/codec/archive.h"

namespace kring {
namespace {

// magic, version, zeros, hash of the payload
constexpr BytesView magic{"KRNGSNAP", 8};
constexpr std::size_t at_version = 8, at_hash = 16, header_size = 48;

void write_programme(codec::Writer& out, const std::string& id, const Programme& programme) {
  out.write(id);
  out.write(programme.state);
  out.write(programme.zone_name);
  out.write(programme.last_time);
}

bool read_programme(codec::Reader& in, Programmes& programmes) {
  ProgrammeId id;
  Programme programme;
  in.read(id);
  in.read(programme.state);
  in.read(programme.zone_name);
  in.read(programme.last_time);
  if (in.failed()) return false;
  if (!programme.zone_name.empty() && !(programme.zone = TimeZone::find(programme.zone_name))) return false;
  programmes.insert(id, std::move(programme));
  return true;
}

// In the order of ids: equal states make equal bytes.
std::vector<const std::pair<const std::string, Programme>*> sorted(const Programmes& programmes) {
  std::vector<const std::pair<const std::string, Programme>*> all;
  for (const auto& each : programmes.all()) all.push_back(&each);
  std::ranges::sort(all, {}, [](const auto* each) -> const std::string& { return each->first; });
  return all;
}

}  // namespace

Bytes encode_snapshot(const Snapshot& snapshot) {
  codec::Writer out;
  out.write(snapshot.history);
  out.write(snapshot.at.position);
  out.write(snapshot.at.hash);
  out.write(snapshot.at.locator);
  out.write(static_cast<std::uint64_t>(snapshot.programmes.all().size()));
  for (const auto* each : sorted(snapshot.programmes)) write_programme(out, each->first, each->second);
  out.write(static_cast<std::uint64_t>(snapshot.erasures.size()));
  for (const Erasure& erasure : snapshot.erasures) {
    out.write(erasure.programme);
    out.write(erasure.person);
    out.write(erasure.position);
  }
  Bytes payload = out.take();
  Bytes bytes(header_size, '\0');
  std::ranges::copy(magic, bytes.begin());
  put_little(bytes.data() + at_version, snapshot_version);
  std::ranges::copy(view(sha256(payload)), bytes.begin() + at_hash);
  return bytes += payload;
}

std::optional<Snapshot> decode_snapshot(BytesView bytes) {
  if (bytes.size() < header_size || !bytes.starts_with(magic)) return std::nullopt;
  if (get_little<std::uint16_t>(bytes.data() + at_version) != snapshot_version) return std::nullopt;
  BytesView payload = bytes.substr(header_size);
  const bool whole = bytes.substr(at_hash, sizeof(Hash)) == view(sha256(payload));
  if (!whole && !KRING_MISTAKE(trust_snapshots)) return std::nullopt;
  codec::Reader in(payload);
  Snapshot snapshot;
  in.read(snapshot.history);
  in.read(snapshot.at.position);
  in.read(snapshot.at.hash);
  in.read(snapshot.at.locator);
  std::uint64_t count = 0;
  for (in.read(count); count > 0; --count)
    if (!read_programme(in, snapshot.programmes)) return std::nullopt;
  for (in.read(count); count > 0 && !in.failed(); --count) {
    Erasure& erasure = snapshot.erasures.emplace_back();
    in.read(erasure.programme);
    in.read(erasure.person);
    in.read(erasure.position);
  }
  if (in.failed() || in.left() != 0) return std::nullopt;
  return snapshot;
}

}  // namespace kring
