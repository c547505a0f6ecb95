// The reading half of the port, on a partition: from a bookmark, or one record by its position.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "events/log/kafka/follower.h"
#include "events/log/kafka/kafka_log.h"

namespace kring::kafka {

class Reading {
 public:
  using Visit = std::function<bool(const LogEntry&)>;

  explicit Reading(std::unique_ptr<Partition> partition) : partition_(std::move(partition)) {}

  Result<HistoryId> history();
  Result<std::string> successor();
  Result<Bookmark> read(const Bookmark& from, const Visit& visit);
  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit);

  // ---- what a writer needs beyond the port ----
  // Where the log ends by now. Opens the partition at the first call; error `log_damaged` where its beginning is gone.
  Result<Watermarks> look();
  // A follower right after the record that `from` names, with everything about it verified. Error `log_replaced`.
  Result<std::unique_ptr<Follower>> follower_at(const Bookmark& from, const Watermarks& marks);
  // Takes the messages below `until`, until `look_at`, called for each of them, void ones included, returns false.
  using LookAt = std::function<bool(const Judged&, Offset)>;
  Result<void> advance(Follower& follower, Offset until, const LookAt& look_at = {});

  // Takes a message that is known to lie at the follower's next offset, as if it was read. False: `look_at` says so.
  Result<bool> take(Follower& follower, Offset offset, BytesView message, const LookAt& look_at);

  Partition& partition() { return *partition_; }
  Share share() const { return partition_->share(); }
  const KafkaStatistics& statistics() const { return statistics_; }

 private:
  // The record where `follower` stands is read again: is this still the same log? Error `log_replaced`.
  Result<void> verify(Follower& follower);
  void forget_after_interruption();
  Result<HistoryId> find_history(Offset until);
  // A follower at `position`, whose record is shown to `visit`; or at the end where the log ends before.
  Result<std::unique_ptr<Follower>> find(Position position, const Watermarks& marks, const Visit& visit);
  std::unique_ptr<Follower> follower_from(const Place& place);
  Result<std::unique_ptr<Follower>> at_locator(const Bookmark& from, const Watermarks& marks);

  const std::unique_ptr<Partition> partition_;
  bool open_ = false;
  std::unique_ptr<Follower> cursor_;   // where the last read stopped: reading on from there needs no search
  HistoryId history_{};                // zeros: not known yet
  std::map<Position, Place> places_;   // some on the way, to search from
  Place found_;                        // the last one that was searched for: the next one is often right behind
  std::uint64_t interruptions_ = 0;    // that the three above are later than
  RecordHasher hasher_;
  KafkaStatistics statistics_;
};

}  // namespace kring::kafka
