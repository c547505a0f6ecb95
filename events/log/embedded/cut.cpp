#include "events/log/embedded/cut.h"

#include "events/base/text.h"
#include "events/log/embedded/scan.h"
#include "events/log/embedded/segment_writer.h"
#include "events/log/log_errors.h"

namespace kring {
namespace {

constexpr std::size_t piece_size = 1 << 20;

Result<std::uint64_t> size_of(FileSystem& files, const std::string& path) {
  auto file = files.open(path, OpenMode::read);
  if (!file) return std::unexpected(std::move(file.error()));
  return (*file)->size();
}

Result<void> copy_file(FileSystem& files, const std::string& from, const std::string& to) {
  auto source = files.open(from, OpenMode::read);
  if (!source) return std::unexpected(std::move(source.error()));
  auto target = files.open(to, OpenMode::create);
  if (!target) return std::unexpected(std::move(target.error()));
  Bytes piece(piece_size, '\0');
  for (std::uint64_t at = 0;;) {
    auto got = (*source)->read_at(at, piece);
    if (!got) return std::unexpected(std::move(got.error()));
    if (auto written = (*target)->write_at(at, BytesView(piece).substr(0, *got)); !written) return written;
    at += *got;
    if (*got < piece.size()) return (*target)->sync_data();
  }
}

// From the last to the first, so that the rest has no hole at any moment.
Result<void> move_segments(FileSystem& files, const std::string& directory, const CutPlan& plan, const std::string& keep_in) {
  for (auto first = plan.moved.rbegin(); first != plan.moved.rend(); ++first) {
    auto name = segment_name(*first);
    if (auto done = files.rename(path_in(directory, name), path_in(keep_in, name)); !done) return done;
  }
  if (auto done = files.sync_directory(keep_in); !done) return done;
  return files.sync_directory(directory);
}

Result<void> truncate(FileSystem& files, const std::string& path, std::uint64_t size) {
  auto file = files.open(path, OpenMode::update);
  if (!file) return std::unexpected(std::move(file.error()));
  if (auto done = (*file)->truncate(size); !done) return done;
  return (*file)->sync_data();
}

Result<void> replace_witness(FileSystem& files, const std::string& directory, const CutPlan& plan) {
  auto removed = files.remove(path_in(directory, witness_name));
  if (!removed && removed.error().kind != ErrorKind::not_found) return removed;
  if (auto synced = files.sync_directory(directory); !synced) return synced;
  if (plan.last.position == 0) return {};
  return WitnessWriter(files, directory).write({plan.history, plan.last.position, plan.last.hash});
}

}  // namespace

Result<CutPlan> plan_cut(FileSystem& files, const std::string& directory, Position at) {
  if (at == 0) return beyond_end(at);
  CutPlan plan;
  plan.at = at;
  auto list = list_segments(files, directory);
  if (!list) return std::unexpected(std::move(list.error()));
  Scan scan(files, directory);
  // One that cannot be read is no reason not to cut: the cut writes a new one.
  if (auto witness = read_witness(files, directory)) scan.refresh(*witness);
  if (at > 1) {
    if (auto started = scan.start_of(1); !started) return std::unexpected(std::move(started.error()));
    Frame record;
    while (scan.state().position < at - 1) {
      auto more = scan.next(record);
      if (!more) return std::unexpected(std::move(more.error()));
      if (!*more) return beyond_end(at);
    }
    plan.last = scan.reached();
    plan.history = scan.state().history;
    plan.split = scan.segment()->header().first;
    plan.offset = scan.offset();
    auto size = scan.segment()->size();
    if (!size) return std::unexpected(std::move(size.error()));
    plan.bytes = *size - plan.offset;
  }
  for (Position first : list->first) {
    if (first <= plan.split) continue;
    plan.moved.push_back(first);
    auto size = size_of(files, path_in(directory, segment_name(first)));
    if (!size) return std::unexpected(std::move(size.error()));
    plan.bytes += *size;
  }
  if (plan.split == 0 && plan.moved.empty()) return beyond_end(at);
  return plan;
}

Result<void> cut_log(FileSystem& files, const std::string& directory, const CutPlan& plan, const std::string& keep_in) {
  auto lock = files.try_lock(path_in(directory, lock_name));
  if (!lock) return std::unexpected(std::move(lock.error()));
  if (!lock->lock) return fail(ErrorKind::busy, "busy", concat("process ", lock->owner, " is writing to ", directory));
  if (auto there = files.list(keep_in); there && !there->empty()) return fail(ErrorKind::io, "exists", concat(keep_in, " is there already"));
  if (auto made = files.make_directory(keep_in); !made) return made;
  if (plan.split != 0) {
    auto name = segment_name(plan.split);
    if (auto done = copy_file(files, path_in(directory, name), path_in(keep_in, name)); !done) return done;
  }
  auto witness = copy_file(files, path_in(directory, witness_name), path_in(keep_in, witness_name));
  if (!witness && witness.error().kind != ErrorKind::not_found) return witness;
  if (auto done = move_segments(files, directory, plan, keep_in); !done) return done;
  if (plan.split != 0)
    if (auto done = truncate(files, path_in(directory, segment_name(plan.split)), plan.offset); !done) return done;
  return replace_witness(files, directory, plan);
}

}  // namespace kring
