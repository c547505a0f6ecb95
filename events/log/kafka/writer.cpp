#include "events/log/kafka/writer.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "events/log/kafka/reading.h"
#include "events/log/log_errors.h"

namespace kring::kafka {
namespace {

class Writer final : public KafkaLog {
 public:
  Writer(KafkaOptions options, std::unique_ptr<Partition> partition)
      : options_(std::move(options)), reading_(std::move(partition)) {}

  Result<HistoryId> history() override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (tail_) return tail_->state().history;
    return reading_.history();
  }

  Result<std::string> successor() override {
    if (!ended_.empty()) return writer_ended(ended_);
    return reading_.successor();
  }

  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override {
    if (!ended_.empty()) return writer_ended(ended_);
    return reading_.read(from, visit);
  }

  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override {
    if (!ended_.empty()) return writer_ended(ended_);
    return reading_.read_at(position, visit);
  }

  Share share() const override { return reading_.share(); }
  KafkaStatistics statistics() const override { return reading_.statistics(); }
  std::uint64_t epoch() const override { return epoch_; }

  Result<Bookmark> claim() override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (tail_) return already_claimed();
    const auto marks = reading_.look();
    if (!marks) return std::unexpected(marks.error());
    auto found = reading_.follower_at(options_.known, *marks);
    if (!found) return std::unexpected(found.error());
    std::unique_ptr<Follower> tail = std::move(*found);
    if (auto read = reading_.advance(*tail, marks->high); !read) return std::unexpected(read.error());
    if (!KRING_MISTAKE(decide_before_own_claim))
      if (auto taken = take_over(*tail); !taken) return std::unexpected(std::move(taken.error()));
    tail_ = std::move(tail);
    return tail_->reached();
  }

  Result<Bookmark> append(std::span<const Draft> drafts, Position expected) override {
    if (drafts.empty()) return confirm(expected);
    if (auto begun = begin_append(drafts, expected); !begun) return std::unexpected(std::move(begun.error()));
    for (;;) {
      auto finished = finish_append();
      if (!finished) return std::unexpected(std::move(finished.error()));
      if (*finished) return **finished;
    }
  }

  std::size_t appends_at_once() const override { return options_.appends_at_once; }
  void interrupt() override { reading_.partition().interrupt(); }

  Result<void> begin_append(std::span<const Draft> drafts, Position expected) override {
    if (auto standing = check_standing(); !standing) return standing;
    if (KRING_MISTAKE(decide_before_own_claim) && epoch_ == 0) {
      if (auto taken = take_over(*tail_); !taken) return taken;
      expected = tail_->state().position;
    }
    if (auto standing = check_tail(expected); !standing) return end(standing.error());
    for (const Draft& draft : drafts)
      if (draft.body.size() > max_body) return end(body_too_large(draft.body.size()).error());

    Sent append = encode(drafts);
    if (auto sent = reading_.partition().send(append.messages); !sent) return end(sent.error());
    on_the_way_.push_back(std::move(append));
    return {};
  }

  Result<std::optional<Bookmark>> finish_append() override {
    if (lost_ || on_the_way_.empty()) return writer_ended(ended_);
    const auto deliveries = reading_.partition().delivered();
    if (!deliveries) return std::nullopt;
    const Sent append = std::move(on_the_way_.front());
    on_the_way_.pop_front();
    const std::size_t count = append.messages.size();
    const auto taken = take_back(*tail_, append, *deliveries, [&] { return counted_.size() >= count; });
    if (!taken) return lose(taken.error());
    if (counted_.size() >= count) {  // also where another writer has taken over since
      const Bookmark last = counted_[count - 1];
      counted_.erase(counted_.begin(), counted_.begin() + static_cast<std::ptrdiff_t>(count));
      return last;
    }
    if (KRING_MISTAKE(acknowledge_before_acceptance)) return Bookmark{append.after.position, append.after.head, 0};
    // All frames are in the log and everything there was read, so what does not count never will.
    if (counted_.empty()) return lose(overtaken(append.after.position - count).error());
    return lose(unknown(concat(counted_.size(), " of ", count, " records count; then another writer took over")));
  }

  Result<void> seal(std::string_view successor, Position expected) override {
    if (auto standing = check_standing(); !standing) return standing;
    if (auto standing = check_tail(expected); !standing) return end(standing.error());
    if (auto fits = check_successor(successor); !fits) return fits;
    const auto sent = send(*tail_, log_seal(tail_->state(), successor), [&] { return !tail_->state().successor.empty(); });
    if (!sent) return end(sent.error());
    if (has_claim() && tail_->state().successor == successor) return {};
    return end(overtaken(expected).error());
  }

 private:
  bool is_ours(const WriterId& writer) const { return writer == writer_ || KRING_MISTAKE(ignore_writer_id); }
  bool has_claim() const { return tail_->state().epoch == epoch_ && is_ours(tail_->state().writer); }

  // Nothing that was sent counts, or ever will.
  std::unexpected<Error> overtaken(Position expected) const {
    const LogState& now = tail_->state();
    return now.successor.empty() ? tail_moved(expected, now.position) : log_sealed(now.position, now.successor);
  }

  // Was the log claimed, and did nothing go wrong since?
  Result<void> check_standing() const {
    if (!ended_.empty()) return writer_ended(ended_);
    if (!tail_) return not_claimed();
    return {};
  }

  // Where the log will end if everything counts that is on its way.
  const LogState& ahead() const { return on_the_way_.empty() ? tail_->state() : on_the_way_.back().after; }

  Result<void> check_tail(Position expected) const {
    if (has_claim() && tail_->state().successor.empty() && ahead().position == expected) return {};
    return overtaken(expected);
  }

  const std::string& name() { return reading_.partition().name(); }

  std::unexpected<Error> end(const Error& error) {
    if (!KRING_MISTAKE(reuse_position_after_timeout) || error.code != "outcome_unknown") ended_ = error.message;
    return std::unexpected(error);
  }

  // The end of everything that is on its way, too: it follows on what does not count, or may not.
  std::unexpected<Error> lose(const Error& error) {
    auto ended = end(error);
    lost_ = !ended_.empty();
    return ended;
  }

  static Error unknown(const std::string& why) {
    return {ErrorKind::io, "outcome_unknown", "", concat("it is not known whether what was sent is in the log: ", why)};
  }

  // Claims the log. Everything before the claim is read as well: what the writer before has appended meanwhile counts.
  Result<void> take_over(Follower& tail) {
    const LogState before = tail.state();
    const auto history = history_to_claim(before, options_.history, options_.random);
    if (!history) return std::unexpected(history.error());
    Frame claim;
    claim.kind = FrameKind::claim;
    claim.epoch = before.epoch + 1;
    claim.durable = before.position;
    claim.writer = writer_ = options_.random();
    claim.body = view(*history);
    const auto sent = send(tail, claim, [&] { return is_ours(tail.state().writer); });
    if (!sent) return end(sent.error());
    if (const LogState& now = tail.state(); !now.successor.empty()) return log_sealed(now.position, now.successor);
    if (!is_ours(tail.state().writer))
      return fail(ErrorKind::busy, "busy", concat("another writer has claimed ", name(), " at the same moment"));
    epoch_ = claim.epoch;
    return {};
  }

  // Nobody has claimed or appended since.
  Result<Bookmark> confirm(Position expected) {
    if (auto standing = check_standing(); !standing) return std::unexpected(std::move(standing.error()));
    if (auto standing = check_tail(expected); !standing) return end(standing.error());
    const LogState before = tail_->state();
    const auto marks = reading_.look();
    if (!marks) return end(marks.error());
    if (auto read = reading_.advance(*tail_, marks->high); !read) return end(read.error());
    const LogState& now = tail_->state();
    if (now != before) return end(overtaken(before.position).error());
    return tail_->reached();
  }

  // On its way to the log: records, or one claim, or one seal.
  struct Sent {
    FrameKind kind = FrameKind::decision;
    std::vector<Bytes> messages;
    LogState after;  // right after it, if it counts; of records
  };

  Sent encode(std::span<const Draft> drafts) {
    Sent append{FrameKind::decision, {}, ahead()};
    LogState& now = append.after;
    append.messages.reserve(drafts.size());
    for (const Draft& draft : drafts) {
      Frame frame;
      frame.position = ++now.position;
      frame.recorded_at = draft.recorded_at;
      frame.epoch = now.epoch;
      frame.durable = tail_->state().position;
      frame.writer = writer_;
      frame.previous = now.head;
      frame.hash = now.head = hasher_(now.history, frame.position, frame.previous, draft.recorded_at, draft.body);
      frame.body = draft.body;
      append.messages.push_back(message_of(frame));
    }
    return append;
  }

  static Bytes message_of(const Frame& frame) {
    Bytes message;
    message.reserve(frame.size());
    append_frame(message, frame);
    return message;
  }

  // Sends one frame, while nothing else is on its way, and takes everything up to it.
  Result<void> send(Follower& follower, const Frame& frame, const std::function<bool()>& done) {
    const Sent one{frame.kind, {message_of(frame)}, {}};
    if (auto sent = reading_.partition().send(one.messages); !sent) return sent;
    std::optional<std::vector<Delivery>> delivered;
    while (!delivered) delivered = reading_.partition().delivered();
    return take_back(follower, one, *delivered, done);
  }

  // Takes everything up to the last of what was sent, until it is `done`. Where this returns no error all of it is in the
  // log; and if it is not done, everything that is in the log by now was taken.
  Result<void> take_back(Follower& follower, const Sent& sent, const std::vector<Delivery>& deliveries, const std::function<bool()>& done) {
    for (const Delivery& delivery : deliveries)
      if (delivery.outcome != Delivery::Outcome::stored) return std::unexpected(unknown(delivery.why));

    // Of this writer no two records have the same position. What was sent later may be met as well, where a broker does not
    // say how far to read.
    bool seen = false;
    const auto look_at = [&](const Judged& judged, Offset offset) {
      if (!is_ours(judged.frame.writer)) return true;
      if (judged.frame.kind == FrameKind::decision) seen_ = std::max(seen_, judged.frame.position);
      else seen |= judged.frame.kind == sent.kind;
      if (judged.is_record()) counted_.push_back({judged.frame.position, judged.frame.hash, offset});
      return true;
    };
    if (epoch_ > 0 && lie_right_behind(deliveries, follower)) {
      reading_.partition().stop_reading();  // else all of our own would be fetched again, for nobody
      for (const Bytes& message : sent.messages)
        if (auto taken = reading_.take(follower, follower.next(), message, look_at); !taken) return std::unexpected(taken.error());
      if (done()) return {};
    }
    auto read = reading_.advance(follower, behind(deliveries, follower.next()), look_at);
    if (read && !done()) {
      const auto marks = reading_.look();
      read = marks ? reading_.advance(follower, marks->high, look_at) : std::unexpected(marks.error());
    }
    if (sent.kind == FrameKind::decision) seen = seen_ >= sent.after.position;
    if (read && !done() && !seen)
      return std::unexpected(unknown("it is not where it should be: the log was cut short or replaced meanwhile"));
    if (!read) {
      Error error = read.error();
      error.message = concat("what was appended could not be read back: ", error.message);
      return std::unexpected(std::move(error));
    }
    return {};
  }

  // Does each lie exactly where it must if nothing lies between, on the connection that everything before was read through?
  bool lie_right_behind(const std::vector<Delivery>& deliveries, const Follower& follower) {
    if (!options_.answer_by_offsets || reading_.partition().interruptions() != follower.interruptions) return false;
    auto next = static_cast<std::int64_t>(follower.next());
    return std::ranges::all_of(deliveries, [&](const Delivery& delivery) { return delivery.offset == next++ || KRING_MISTAKE(trust_any_offset); });
  }

  // The offset behind the last of these, as far as can be told: a broker need not name it (a batch that it had stored
  // already when it was sent again), and names one that is too small for the rest of such a batch.
  static Offset behind(const std::vector<Delivery>& deliveries, Offset next) {
    for (const Delivery& delivery : deliveries)
      if (delivery.offset >= static_cast<std::int64_t>(next)) next = static_cast<Offset>(delivery.offset) + 1;
    return next;
  }

  const KafkaOptions options_;
  Reading reading_;
  RecordHasher hasher_;
  std::unique_ptr<Follower> tail_;  // since the claim: everything that was read behind it
  std::uint64_t epoch_ = 0;          // of our claim
  WriterId writer_{};
  std::deque<Sent> on_the_way_;      // appends that have begun, the oldest first
  std::deque<Bookmark> counted_;     // records of appends that have not ended, and were taken
  Position seen_ = 0;                // the newest of our records that was met, void or not
  std::string ended_;                // why, once an error has ended this writer
  bool lost_ = false;                // and with it what is on its way
};

class Reader final : public KafkaReader {
 public:
  explicit Reader(std::unique_ptr<Partition> partition) : reading_(std::move(partition)) {}

  Result<HistoryId> history() override { return reading_.history(); }
  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override {
    return reading_.read(from, visit);
  }
  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override {
    return reading_.read_at(position, visit);
  }
  Result<std::string> successor() override { return reading_.successor(); }
  Share share() const override { return reading_.share(); }
  KafkaStatistics statistics() const override { return reading_.statistics(); }

 private:
  Reading reading_;
};

}  // namespace

std::unique_ptr<KafkaLog> make_log(KafkaOptions options, std::unique_ptr<Partition> partition) {
  return std::make_unique<Writer>(std::move(options), std::move(partition));
}

std::unique_ptr<KafkaReader> make_reader(std::unique_ptr<Partition> partition) {
  return std::make_unique<Reader>(std::move(partition));
}

}  // namespace kring::kafka
