// Goes through an embedded log frame by frame, across segments, and tells its end from damage. Readers and recovery
// share it, so that both find the same end.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "events/log/acceptance.h"
#include "events/log/embedded/segment_reader.h"
#include "events/log/embedded/witness.h"
#include "events/log/event_log.h"

namespace kring {

// Why the record `missing`, which should stand at `offset` of `segment` and does not, must once have been there; none:
// the log simply ends. `witness` must have been read before the reader looked at `offset`.
struct Evidence {
  std::optional<std::string> loss;
  Remains remains;  // looked for only where nothing else proves a loss
};
Result<Evidence> find_evidence(FileSystem& files, const std::string& directory, const Witness& witness,
                               SegmentReader& segment, std::uint64_t offset, Position missing, bool look_ahead);

// One object belongs to one thread.
class Scan {
 public:
  Scan(FileSystem& files, std::string directory) : files_(files), directory_(std::move(directory)) {}

  // Forgets what was read ahead and takes the newest witness: call it first, and again before each series of `next`.
  void refresh(const Witness& witness);

  // Where to begin; exactly one of these, once.
  Result<void> start_of(Position first);  // the segment that begins there; none: an empty log
  void after_record(std::unique_ptr<SegmentReader> segment, const Frame& record, std::uint64_t offset);

  // The next record that counts; its body stays valid until the next call. False at the end of the log. Frames that are
  // not valid or do not count are damage here: the writer of an embedded log holds a lock.
  Result<bool> next(Frame& record);

  const LogState& state() const { return acceptance_.state(); }
  Bookmark reached() const { return {state().position, state().head, record_offset_}; }

  // Where the next frame will stand. Of the segment that is being read; none in an empty log.
  SegmentReader* segment() { return segment_.get(); }
  std::uint64_t offset() const { return offset_; }

  // After `next` returned false:
  bool sealed() const { return sealed_; }                  // the segment is full: the next record begins another
  // (the log as a whole is sealed where state() has a successor)
  const Remains& remains() const { return remains_; }      // what lies behind the end
  bool ends_in_record() const { return ends_in_record_; }  // and not in a claim, a seal or a segment's header
  std::uint64_t last_batch() const { return batch_; }      // where the newest batch of this segment begins

 private:
  enum class Step : std::uint8_t { record, again, end };

  // None: the log ends before `first`.
  Result<std::unique_ptr<SegmentReader>> open_segment(Position first) const;
  Result<Step> step(Frame& record);
  Result<Step> fault_at_offset(FrameFault fault);
  Result<Step> take(const Frame& frame, Frame& record);
  Result<Step> next_segment(const Frame& seal);
  Result<Step> check_end();  // of a log that is sealed
  Result<void> check_witness() const;
  Result<void> check_header(const SegmentReader& segment) const;
  std::unexpected<Error> damaged(std::string_view why) const;

  FileSystem& files_;
  const std::string directory_;
  Witness witness_;
  Acceptance acceptance_;
  std::unique_ptr<SegmentReader> segment_;
  std::uint64_t offset_ = segment_header_size;
  std::uint64_t record_offset_ = 0;  // of the last record; 0 where it lies in another segment
  std::uint64_t batch_ = segment_header_size;
  Position batch_durable_ = 0;
  std::uint64_t looked_at_ = 0;  // an offset behind which nothing was found
  bool sealed_ = false;
  bool ends_in_record_ = false;
  Remains remains_;
};

}  // namespace kring
