#include "events/log/embedded/recovery.h"

#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "events/log/embedded/scan.h"
#include "events/log/log_errors.h"

namespace kring {
namespace {

// A sealed segment, judged by its two ends and by the header of the one that follows.
Result<void> check_sealed(FileSystem& files, const std::string& directory, Position first, Position next) {
  auto segment = SegmentReader::open(files, directory, first);
  if (!segment) return std::unexpected(segment.error());
  const auto size = (*segment)->size();
  if (!size) return std::unexpected(size.error());
  const std::uint64_t at = *size < segment_header_size + seal_size ? segment_header_size : *size - seal_size;
  Frame seal;
  const auto fault = (*segment)->frame(at, seal);
  if (!fault) return std::unexpected(fault.error());
  if (*fault == FrameFault::unsupported) return unsupported_format((*segment)->path(), at);
  if (*fault != FrameFault::none)
    return log_damaged(next, (*segment)->path(), at, concat("no seal at the end of the segment: ", describe(*fault)));

  auto following = SegmentReader::open(files, directory, next);
  if (!following) return std::unexpected(following.error());
  const LogState& before = (*following)->header().before;
  if (before.history != (*segment)->header().before.history)
    return log_damaged(next, (*following)->path(), 0, "this segment belongs to another history");
  if (seal.position + 1 < next && seal.kind == FrameKind::seal)
    return log_damaged(seal.position + 1, path_in(directory, segment_name(seal.position + 1)), 0,
                       concat("this segment is missing, but one begins at position ", next));
  if (!seals(seal, first, before))
    return log_damaged(next, (*segment)->path(), at, "the seal does not fit the next segment");
  return {};
}

Result<void> check_all_sealed(FileSystem& files, const std::string& directory, const std::vector<Position>& first) {
  if (first.front() != 1)
    return log_damaged(1, path_in(directory, segment_name(1)), 0,
                       concat("this segment is missing, but one begins at position ", first.front()));
  for (std::size_t i = 0; i + 1 < first.size(); ++i)
    if (auto checked = check_sealed(files, directory, first[i], first[i + 1]); !checked) return checked;
  return {};
}

Result<void> check_witness(const Witness& witness, const SegmentReader& segment) {
  const LogState& before = segment.header().before;
  if (witness.position == 0) return {};
  if (witness.history != before.history)
    return log_damaged(before.position + 1, segment.path(), 0, "the witness belongs to another history");
  if (witness.position == before.position && witness.hash != before.head)
    return log_damaged(before.position, segment.path(), 0, "the witness knows another record before this segment");
  return {};
}

Result<void> remove_unfinished(FileSystem& files, const std::string& directory, const SegmentList& list) {
  for (const std::string& name : list.unfinished)
    if (auto removed = files.remove(path_in(directory, name)); !removed) return removed;
  return {};
}

// What the newest batch left in the page cache may have missed the disk, if only because its sync failed: a later sync
// would succeed without writing anything. So it is written once more, byte for byte, before anybody relies on it.
Result<void> write_again(FileSystem& files, Scan& scan, std::uint64_t end) {
  SegmentReader& segment = *scan.segment();
  const auto bytes = segment.bytes(scan.last_batch(), end);
  if (!bytes) return std::unexpected(bytes.error());
  auto file = files.open(segment.path(), OpenMode::update);
  if (!file) return std::unexpected(file.error());
  const bool cut = scan.sealed() || !scan.remains().only_zeros;
  if (cut)
    if (auto done = (*file)->truncate(end); !done) return done;
  if (auto done = (*file)->write_at(scan.last_batch(), *bytes); !done) return done;
  return (*file)->sync_data();
}

}  // namespace

Result<RecoveredTail> recover(FileSystem& files, const std::string& directory,
                              const std::function<void(std::string_view)>& notice) {
  const auto list = list_segments(files, directory);
  if (!list) return std::unexpected(list.error());
  const auto witness = read_witness(files, directory);
  if (!witness) return std::unexpected(witness.error());

  Scan scan(files, directory);
  scan.refresh(*witness);
  if (!list->first.empty())
    if (auto checked = check_all_sealed(files, directory, list->first); !checked)
      return std::unexpected(checked.error());
  if (auto started = scan.start_of(list->first.empty() ? 1 : list->first.back()); !started)
    return std::unexpected(started.error());
  if (scan.segment() == nullptr) {
    if (auto removed = remove_unfinished(files, directory, *list); !removed) return std::unexpected(removed.error());
    return RecoveredTail{};
  }
  if (auto checked = check_witness(*witness, *scan.segment()); !checked) return std::unexpected(checked.error());

  Frame record;
  for (;;) {
    const auto more = scan.next(record);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  if (auto removed = remove_unfinished(files, directory, *list); !removed) return std::unexpected(removed.error());
  RecoveredTail tail{scan.state(),  scan.segment()->header().first, scan.sealed(),
                     scan.offset(), scan.reached().locator,         witness->position};
  const bool torn = !scan.sealed() && !scan.remains().only_zeros;
  if (torn && notice)
    notice(concat("cut off what a crash left behind position ", tail.state.position, " in ", scan.segment()->path(),
                  " from offset ", tail.offset, " on: it was never answered"));
  if (!tail.state.successor.empty() && tail.witnessed == last_place(tail.state)) return tail;
  if (torn || !scan.ends_in_record() || tail.state.position > tail.witnessed) {
    const std::uint64_t end = tail.offset + (tail.sealed ? seal_size : 0);
    if (KRING_MISTAKE(trust_the_cache) && !torn) return tail;
    if (auto done = write_again(files, scan, end); !done) return std::unexpected(done.error());
    if (auto done = files.sync_directory(directory); !done) return std::unexpected(done.error());
  }
  return tail;
}

}  // namespace kring
