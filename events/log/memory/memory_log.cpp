#include "events/log/memory/memory_log.h"

#include <optional>
#include <utility>

#include "events/base/check.h"
#include "events/log/log_errors.h"

namespace kring {

Standing MemoryStore::add(Bytes bytes) {
  Frame frame;
  const std::lock_guard lock(mutex_);
  // Bytes that are no frame, and seals, which belong to segment files, are void like everything else that does not fit.
  if (parse_frame(bytes, frame) != FrameFault::none) frame.kind = FrameKind::seal;
  const Standing standing = acceptance_.offer(frame);
  if (standing == Standing::counts && frame.kind == FrameKind::decision) offsets_.push_back(frames_.size());
  frames_.push_back(std::move(bytes));
  return standing;
}

LogState MemoryStore::state() const {
  const std::lock_guard lock(mutex_);
  return acceptance_.state();
}

std::uint64_t MemoryStore::voided() const {
  const std::lock_guard lock(mutex_);
  return acceptance_.voided();
}

const Bytes* MemoryStore::at(Position position, std::uint64_t& offset) const {
  const std::lock_guard lock(mutex_);
  if (position == 0 || position > offsets_.size()) return nullptr;
  offset = offsets_[position - 1];
  return &frames_[offset];
}

bool MemoryStore::take_writer() {
  const std::lock_guard lock(mutex_);
  return !std::exchange(writer_taken_, true);
}

void MemoryStore::give_writer() {
  const std::lock_guard lock(mutex_);
  writer_taken_ = false;
}

class MemoryLog final : public EventLog {
 public:
  MemoryLog(std::shared_ptr<MemoryStore> store, const HistoryId& history) : store_(std::move(store)), wanted_(history) {}
  MemoryLog(const MemoryLog&) = delete;
  MemoryLog& operator=(const MemoryLog&) = delete;
  ~MemoryLog() override {
    if (has_writer_) store_->give_writer();
  }

  Result<HistoryId> history() override { return store_->state().history; }
  Result<std::string> successor() override { return store_->state().successor; }

  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override {
    std::uint64_t offset = 0;
    Frame frame;
    Bookmark reached = from;
    if (from.position > 0) {
      const Bytes* bytes = store_->at(from.position, offset);
      if (bytes == nullptr || parse_frame(*bytes, frame) != FrameFault::none || frame.hash != from.hash)
        return log_replaced(from);
      reached.locator = offset;
    }
    const HistoryId history = store_->state().history;
    while (const Bytes* bytes = store_->at(reached.position + 1, offset)) {
      const Hash previous = reached.hash;
      auto entry = verified(*bytes, history, reached.position + 1, offset);
      if (!entry) return std::unexpected(entry.error());
      if (entry->previous != previous)
        return log_damaged(entry->position, "memory", offset, describe(Standing::wrong_previous));
      reached = entry->after;
      if (!visit(*entry)) break;
    }
    return reached;
  }

  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override {
    std::uint64_t offset = 0;
    const Bytes* bytes = store_->at(position, offset);
    if (bytes == nullptr) return beyond_end(position);
    auto entry = verified(*bytes, store_->state().history, position, offset);
    if (!entry) return std::unexpected(entry.error());
    visit(*entry);
    return {};
  }

  Result<Bookmark> claim() override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (has_writer_) return already_claimed();
    if (!store_->take_writer()) return fail(ErrorKind::busy, "busy", "another writer has this log in memory");
    const LogState now = store_->state();
    const auto history = history_to_claim(now, wanted_, store_->random_);
    if (!history) {
      store_->give_writer();
      return std::unexpected(history.error());
    }
    has_writer_ = true;
    Frame claim;
    claim.kind = FrameKind::claim;
    claim.epoch = now.epoch + 1;
    claim.durable = now.position;
    claim.writer = writer_ = store_->random_();
    claim.body = view(*history);
    if (const Standing standing = add(claim); standing != Standing::counts) return end(describe(standing));
    epoch_ = claim.epoch;
    return tail();
  }

  Result<Bookmark> append(std::span<const Draft> drafts, Position expected) override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (epoch_ == 0) return not_claimed();
    const LogState now = store_->state();
    if (auto standing = check_tail(now, expected); !standing) return std::unexpected(std::move(standing.error()));
    for (const Draft& draft : drafts) {
      if (draft.body.size() > max_body) {
        ended_ = "a body was too large";
        return body_too_large(draft.body.size());
      }
    }
    Hash previous = now.head;
    Position position = now.position;
    for (const Draft& draft : drafts) {
      Frame frame;
      frame.position = ++position;
      frame.recorded_at = draft.recorded_at;
      frame.epoch = epoch_;
      frame.durable = now.position;
      frame.writer = writer_;
      frame.previous = previous;
      frame.hash = previous = hasher_(now.history, position, frame.previous, draft.recorded_at, draft.body);
      frame.body = draft.body;
      if (const Standing standing = add(frame); standing != Standing::counts) return end(describe(standing));
    }
    return tail();
  }

  Result<void> seal(std::string_view successor, Position expected) override {
    if (!ended_.empty()) return writer_ended(ended_);
    if (epoch_ == 0) return not_claimed();
    const LogState now = store_->state();
    if (auto standing = check_tail(now, expected); !standing) return standing;
    if (auto fits = check_successor(successor); !fits) return fits;
    if (const Standing standing = add(log_seal(now, successor)); standing != Standing::counts) return end(describe(standing));
    return {};
  }

 private:
  Result<void> check_tail(const LogState& now, Position expected) {
    if (!now.successor.empty()) return log_sealed(now.position, now.successor);
    if (now.epoch == epoch_ && now.writer == writer_ && now.position == expected) return {};
    ended_ = "the tail had moved";
    return tail_moved(expected, now.position);
  }

  Standing add(const Frame& frame) {
    Bytes bytes;
    bytes.reserve(frame.size());
    append_frame(bytes, frame);
    return store_->add(std::move(bytes));
  }

  std::unexpected<Error> end(BytesView why) {
    ended_ = why;
    return writer_ended(ended_);
  }

  Bookmark tail() const {
    const LogState now = store_->state();
    Bookmark bookmark{now.position, now.head, 0};
    store_->at(now.position, bookmark.locator);
    return bookmark;
  }

  Result<LogEntry> verified(const Bytes& bytes, const HistoryId& history, Position position, std::uint64_t offset) {
    Frame frame;
    if (const FrameFault fault = parse_frame(bytes, frame); fault != FrameFault::none)
      return log_damaged(position, "memory", offset, describe(fault));
    if (frame.position != position ||
        frame.hash != hasher_(history, position, frame.previous, frame.recorded_at, frame.body))
      return log_damaged(position, "memory", offset, describe(Standing::wrong_hash));
    return LogEntry{position,   frame.recorded_at, frame.previous,
                    frame.hash, frame.body,        Bookmark{position, frame.hash, offset}};
  }

  const std::shared_ptr<MemoryStore> store_;
  const HistoryId wanted_;
  RecordHasher hasher_;
  bool has_writer_ = false;
  std::uint64_t epoch_ = 0;  // of our claim; 0: none yet
  WriterId writer_{};
  std::string ended_;  // why, once an error has ended this writer
};

std::unique_ptr<EventLog> open_memory_log(std::shared_ptr<MemoryStore> store, const HistoryId& history) {
  KRING_CHECK(store != nullptr);
  return std::make_unique<MemoryLog>(std::move(store), history);
}

std::unique_ptr<LogReader> open_memory_reader(std::shared_ptr<MemoryStore> store) {
  return open_memory_log(std::move(store));
}

}  // namespace kring
