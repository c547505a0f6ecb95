#include "events/log/kafka/writer.h"

#include <algorithm>
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
    if (!ended_.empty()) return writer_ended(ended_);
    if (!tail_) return not_claimed();
    if (KRING_MISTAKE(decide_before_own_claim) && epoch_ == 0) {
      if (auto taken = take_over(*tail_); !taken) return std::unexpected(std::move(taken.error()));
      expected = tail_->state().position;
    }
    if (auto standing = check_tail(expected); !standing) return end(standing.error());
    const LogState before = tail_->state();
    for (const Draft& draft : drafts)
      if (draft.body.size() > max_body) return end(body_too_large(draft.body.size()).error());
    if (drafts.empty()) return confirm(before);

    const std::vector<Frame> frames = frames_of(drafts, before);
    const auto sent = send(*tail_, frames);
    if (!sent) return end(sent.error());
    if (sent->count == drafts.size()) return sent->last;  // also where another writer has taken over since
    if (KRING_MISTAKE(acknowledge_before_acceptance)) return Bookmark{frames.back().position, frames.back().hash, 0};
    // All frames are in the log and everything there was read, so what does not count never will.
    if (sent->count == 0) return end(overtaken(expected).error());
    return end(unknown(concat(sent->count, " of ", drafts.size(), " records count; then another writer took over")));
  }

  Result<void> seal(std::string_view successor, Position expected) override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (!tail_) return not_claimed();
    if (auto standing = check_tail(expected); !standing) return end(standing.error());
    if (auto fits = check_successor(successor); !fits) return fits;
    const Frame seal = log_seal(tail_->state(), successor);
    const auto sent = send(*tail_, {&seal, 1});
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

  Result<void> check_tail(Position expected) const {
    const LogState& now = tail_->state();
    if (has_claim() && now.successor.empty() && now.position == expected) return {};
    return overtaken(expected);
  }

  const std::string& name() { return reading_.partition().name(); }

  std::unexpected<Error> end(const Error& error) {
    if (!KRING_MISTAKE(reuse_position_after_timeout) || error.code != "outcome_unknown") ended_ = error.message;
    return std::unexpected(error);
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
    const auto sent = send(tail, {&claim, 1});
    if (!sent) return end(sent.error());
    if (const LogState& now = tail.state(); !now.successor.empty()) return log_sealed(now.position, now.successor);
    if (!is_ours(tail.state().writer))
      return fail(ErrorKind::busy, "busy", concat("another writer has claimed ", name(), " at the same moment"));
    epoch_ = claim.epoch;
    return {};
  }

  // Nobody has claimed or appended since.
  Result<Bookmark> confirm(const LogState& before) {
    const auto marks = reading_.look();
    if (!marks) return end(marks.error());
    if (auto read = reading_.advance(*tail_, marks->high); !read) return end(read.error());
    const LogState& now = tail_->state();
    if (now != before) return end(overtaken(before.position).error());
    return tail_->reached();
  }

  std::vector<Frame> frames_of(std::span<const Draft> drafts, const LogState& before) {
    std::vector<Frame> frames;
    frames.reserve(drafts.size());
    Hash previous = before.head;
    for (const Draft& draft : drafts) {
      Frame& frame = frames.emplace_back();
      frame.position = before.position + frames.size();
      frame.recorded_at = draft.recorded_at;
      frame.epoch = before.epoch;
      frame.durable = before.position;
      frame.writer = writer_;
      frame.previous = previous;
      frame.hash = previous = hasher_(before.history, frame.position, frame.previous, draft.recorded_at, draft.body);
      frame.body = draft.body;
    }
    return frames;
  }

  struct Counted {
    std::size_t count = 0;  // records of this writer
    Bookmark last;          // of these
  };

  // Sends the frames and takes everything up to the last of them. Where this returns no error all of them are in the
  // log; and if some don't count, everything that is in the log by now was taken.
  Result<Counted> send(Follower& follower, std::span<const Frame> frames) {
    std::vector<Bytes> messages(frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      messages[i].reserve(frames[i].size());
      append_frame(messages[i], frames[i]);
    }
    const auto deliveries = reading_.partition().send(messages);
    if (!deliveries) return std::unexpected(deliveries.error());
    for (const Delivery& delivery : *deliveries)
      if (delivery.outcome != Delivery::Outcome::stored) return std::unexpected(unknown(delivery.why));

    Counted counted;
    std::size_t seen = 0;  // of these frames, void or not
    const auto look_at = [&](const Judged& judged, Offset offset) {
      if (!is_ours(judged.frame.writer)) return true;
      ++seen;
      if (judged.is_record()) counted = {counted.count + 1, {judged.frame.position, judged.frame.hash, offset}};
      return true;
    };
    const auto done = [&] {
      switch (frames.front().kind) {
        case FrameKind::claim:
          return is_ours(follower.state().writer);
        case FrameKind::log_seal:
          return !follower.state().successor.empty();
        default:
          return counted.count == frames.size();
      }
    };
    if (frames.front().kind != FrameKind::claim && lie_right_behind(*deliveries, follower)) {
      reading_.partition().stop_reading();  // else all of our own would be fetched again, for nobody
      for (const Bytes& message : messages)
        if (auto taken = reading_.take(follower, follower.next(), message, look_at); !taken) return std::unexpected(taken.error());
      if (done()) return counted;
    }
    auto read = reading_.advance(follower, behind(*deliveries, follower.next()), look_at);
    if (read && !done()) {
      const auto marks = reading_.look();
      read = marks ? reading_.advance(follower, marks->high, look_at) : std::unexpected(marks.error());
    }
    if (read && !done() && seen < frames.size())
      return std::unexpected(unknown("it is not where it should be: the log was cut short or replaced meanwhile"));
    if (!read) {
      Error error = read.error();
      error.message = concat("what was appended could not be read back: ", error.message);
      return std::unexpected(std::move(error));
    }
    return counted;
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
  std::string ended_;  // why, once an error has ended this writer
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
