#include "events/log/embedded/embedded_log.h"

#include <thread>
#include <utility>

#include "events/base/text.h"
#include "events/log/embedded/embedded_reader.h"
#include "events/log/embedded/segment_writer.h"
#include "events/log/log_errors.h"

namespace kring {
namespace {

constexpr std::chrono::milliseconds lock_poll{20};

class EmbeddedLog final : public EventLog {
 public:
  EmbeddedLog(EmbeddedOptions options, FileSystem& files)
      : options_(std::move(options)),
        files_(files),
        reader_(files, options_.directory),
        segments_(files, options_.directory, options_.segment_size),
        witness_(files, options_.directory) {}
  EmbeddedLog(const EmbeddedLog&) = delete;
  EmbeddedLog& operator=(const EmbeddedLog&) = delete;
  ~EmbeddedLog() override {
    if (!lock_ || !ended_.empty()) return;
    if (auto done = witness(); !done) notice(done.error().message);
  }

  Result<HistoryId> history() override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (lock_) return state_.history;
    return reader_.history();
  }

  Result<std::string> successor() override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (lock_) return state_.successor;
    return reader_.successor();
  }

  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override {
    if (!ended_.empty()) return writer_ended(ended_);
    return reader_.read(from, visit);
  }

  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override {
    if (!ended_.empty()) return writer_ended(ended_);
    return reader_.read_at(position, visit);
  }

  Result<Bookmark> claim() override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (lock_) return already_claimed();
    if (auto made = files_.make_directory(options_.directory); !made) return std::unexpected(made.error());
    auto lock = wait_for_lock();
    if (!lock) return std::unexpected(lock.error());
    const auto tail = recover(files_, options_.directory, options_.notice);
    if (!tail) return std::unexpected(tail.error());
    state_ = tail->state;
    record_offset_ = tail->record_offset;
    witnessed_ = tail->witnessed;
    witnessed_at_ = options_.now();
    const auto history = history_to_claim(state_, options_.history, options_.random);
    if (!history) {
      // Whoever sealed it may have been killed before the witness knew of that.
      if (auto done = state_.successor.empty() ? Result<void>() : witness(); !done) return std::unexpected(done.error());
      return std::unexpected(history.error());
    }
    if (auto resumed = segments_.resume(*tail); !resumed) return end(resumed.error());
    state_.history = *history;
    lock_ = std::move(*lock);
    return bookmark();
  }

  Result<Bookmark> append(std::span<const Draft> drafts, Position tail) override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (!lock_) return not_claimed();
    if (auto standing = check_tail(tail); !standing) return std::unexpected(standing.error());
    for (const Draft& draft : drafts) {
      if (draft.body.size() <= max_body) continue;
      ended_ = "a body was too large";
      return body_too_large(draft.body.size());
    }
    if (drafts.empty()) return bookmark();
    if (auto written = write(drafts); !written) return end(written.error());
    return bookmark();
  }

  Result<void> seal(std::string_view successor, Position tail) override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (!lock_) return not_claimed();
    if (auto standing = check_tail(tail); !standing) return standing;
    if (auto fits = check_successor(successor); !fits) return fits;
    LogState next = begin_batch();
    append_frame(batch_, log_seal(next, successor));
    next.successor = successor;
    auto written = write_batch(std::move(next));
    auto done = written ? witness() : std::unexpected(written.error());
    return done ? done : end(done.error());
  }

 private:
  void notice(std::string_view text) const {
    if (options_.notice) options_.notice(text);
  }

  std::unexpected<Error> end(const Error& error) {
    ended_ = error.message;
    return std::unexpected(error);
  }

  Result<void> check_tail(Position expected) {
    if (!state_.successor.empty()) return log_sealed(state_.position, state_.successor);
    if (expected == state_.position) return {};
    ended_ = "the tail had moved";
    return tail_moved(expected, state_.position);
  }

  Bookmark bookmark() const { return {state_.position, state_.head, record_offset_}; }

  Result<std::unique_ptr<FileLock>> wait_for_lock() {
    const std::string path = path_in(options_.directory, lock_name);
    const auto deadline = options_.now() + options_.lock_wait;
    for (;;) {
      auto attempt = files_.try_lock(path);
      if (!attempt) return std::unexpected(attempt.error());
      if (attempt->lock) return std::move(attempt->lock);
      if (options_.now() >= deadline)
        return fail(ErrorKind::busy, "busy",
                    concat(attempt->owner.empty() ? "another process" : concat("process ", attempt->owner),
                           " is writing to ", options_.directory));
      if (options_.give_up && options_.give_up())
        return fail(ErrorKind::busy, "interrupted", concat("interrupted while another process was writing to ", options_.directory, ": nothing was done"));
      if (options_.pause) options_.pause(lock_poll);
      else std::this_thread::sleep_for(lock_poll);
    }
  }

  // Encodes everything first: what the batch needs is then known before a byte of it is written.
  Result<void> write(std::span<const Draft> drafts) {
    LogState next = begin_batch();
    std::size_t last = 0;
    for (const Draft& draft : drafts) {
      last = batch_.size();
      add_record(draft, next);
    }
    const auto begin = write_batch(std::move(next));
    if (!begin) return std::unexpected(begin.error());
    record_offset_ = *begin + last;
    if (options_.now() - witnessed_at_ >= options_.witness_interval) return witness();
    return {};
  }

  // How the log stands before the frames that are to be added to the batch.
  LogState begin_batch() {
    LogState next = state_;
    batch_.clear();
    if (!claimed_) add_claim(next);
    return next;
  }

  // Makes the batch durable, which leads to the state `next`: at which offset it begins.
  Result<std::uint64_t> write_batch(LogState next) {
    if (segments_.is_open() && segments_.is_full(batch_.size(), state_.position))
      if (auto done = seal_segment(); !done) return std::unexpected(done.error());
    if (!segments_.is_open())
      if (auto done = segments_.create(state_); !done) return std::unexpected(done.error());
    auto begin = segments_.append(batch_);
    if (!begin) return begin;
    claimed_ = true;
    state_ = std::move(next);
    return begin;
  }

  void add_claim(LogState& next) {
    next.epoch += 1;
    next.writer = options_.random();
    Frame claim;
    claim.kind = FrameKind::claim;
    claim.epoch = next.epoch;
    claim.durable = state_.position;
    claim.writer = next.writer;
    claim.body = view(next.history);
    append_frame(batch_, claim);
  }

  void add_record(const Draft& draft, LogState& next) {
    Frame record;
    record.position = ++next.position;
    record.recorded_at = draft.recorded_at;
    record.epoch = next.epoch;
    record.durable = state_.position;
    record.writer = next.writer;
    record.previous = next.head;
    record.hash = next.head = hasher_(next.history, record.position, record.previous, draft.recorded_at, draft.body);
    record.body = draft.body;
    append_frame(batch_, record);
  }

  Result<void> seal_segment() {
    if (auto done = segments_.seal(state_); !done) return done;
    return witness();
  }

  Result<void> witness() {
    const Position durable = last_place(state_);
    if (witnessed_ == durable) return {};
    if (auto done = witness_.write({state_.history, durable, state_.head}); !done) return done;
    witnessed_ = durable;
    witnessed_at_ = options_.now();
    return {};
  }

  const EmbeddedOptions options_;
  FileSystem& files_;
  EmbeddedReader reader_;
  SegmentWriter segments_;
  WitnessWriter witness_;
  RecordHasher hasher_;
  std::unique_ptr<FileLock> lock_;
  LogState state_;
  bool claimed_ = false;             // the claim is in the log
  std::uint64_t record_offset_ = 0;  // of the last record
  Position witnessed_ = 0;
  std::chrono::steady_clock::time_point witnessed_at_;
  Bytes batch_;        // kept for its room
  std::string ended_;  // why, once an error has ended this writer
};

}  // namespace

std::unique_ptr<EventLog> make_embedded_log(EmbeddedOptions options, FileSystem& files) {
  return std::make_unique<EmbeddedLog>(std::move(options), files);
}

}  // namespace kring
