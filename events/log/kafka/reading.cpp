#include "events/log/kafka/reading.h"

#include "events/base/text.h"
#include "events/log/log_errors.h"

namespace kring::kafka {
namespace {

constexpr Position place_step = 64;  // records between two remembered places

bool is_record(const Frame& frame, const Bookmark& place) {
  return frame.kind == FrameKind::decision && frame.position == place.position && frame.hash == place.hash;
}

}  // namespace

Result<Watermarks> Reading::look() {
  if (!open_) {
    if (auto opened = partition_->open(); !opened) return std::unexpected(std::move(opened.error()));
    open_ = true;
  }
  auto marks = partition_->watermarks();
  if (marks && marks->low > 0)
    return log_damaged(1, partition_->name(), 0,
                       concat("the topic begins at offset ", marks->low, ": what came before was deleted"));
  return marks;
}

Result<HistoryId> Reading::history() {
  if (history_ != HistoryId{}) return history_;
  const auto marks = look();
  if (!marks) return std::unexpected(marks.error());
  forget_after_interruption();
  auto found = find_history(marks->high);
  if (found) history_ = *found;
  return found;
}

Result<std::string> Reading::successor() {
  const auto marks = look();
  if (!marks) return std::unexpected(marks.error());
  forget_after_interruption();
  const bool on = cursor_ && cursor_->next() <= marks->high;
  auto follower = on ? std::move(cursor_) : follower_from(places_.empty() ? Place{} : places_.rbegin()->second);
  if (auto advanced = advance(*follower, marks->high); !advanced) return std::unexpected(advanced.error());
  std::string successor = follower->state().successor;
  cursor_ = std::move(follower);
  return successor;
}

Result<HistoryId> Reading::find_history(Offset until) {
  Follower follower(partition_->name());
  while (follower.next() < until && follower.state().epoch == 0) {
    const auto message = partition_->message_at(follower.next());
    if (!message) return std::unexpected(message.error());
    if (auto judged = follower.take(message->offset, message->value); !judged) return std::unexpected(judged.error());
  }
  return follower.state().history;
}

Result<void> Reading::verify(Follower& follower) {
  follower.interruptions = partition_->interruptions();
  const Bookmark place = follower.reached();
  if (place.position == 0) {
    const auto history = find_history(follower.next());
    if (!history) return std::unexpected(history.error());
    if (*history != follower.state().history) return log_replaced(place);
    return {};
  }
  Frame frame;
  const auto message = partition_->message_at(place.locator);
  if (!message) return std::unexpected(message.error());
  const auto parsed = parse_message(partition_->name(), message->offset, message->value, frame);
  if (!parsed) return std::unexpected(parsed.error());
  if (message->offset != place.locator || !*parsed || !is_record(frame, place)) return log_replaced(place);
  return {};
}

Result<void> Reading::advance(Follower& follower, Offset until, const LookAt& look_at) {
  while (follower.next() < until) {
    const auto message = partition_->message_at(follower.next());
    if (!message) return std::unexpected(message.error());
    if (partition_->interruptions() != follower.interruptions)
      if (auto same = verify(follower); !same) return same;
    const auto more = take(follower, message->offset, message->value, look_at);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  return {};
}

Result<bool> Reading::take(Follower& follower, Offset offset, BytesView message, const LookAt& look_at) {
  const auto judged = follower.take(offset, message);
  if (!judged) return std::unexpected(judged.error());
  ++statistics_.messages[static_cast<std::size_t>(judged->standing)];
  if (judged->is_record() && judged->frame.position % place_step == 0)
    places_.try_emplace(judged->frame.position, follower.place());
  return !look_at || look_at(*judged, offset);
}

Result<Bookmark> Reading::read(const Bookmark& from, const Visit& visit) {
  const auto marks = look();
  if (!marks) return std::unexpected(marks.error());
  auto found = follower_at(from, *marks);
  if (!found) return std::unexpected(found.error());
  // Out of its place for the duration, so that a visitor may read through the same object.
  std::unique_ptr<Follower> follower = std::move(*found);
  const auto advanced = advance(*follower, marks->high, [&](const Judged& judged, Offset offset) {
    return !judged.is_record() || visit(entry_of(judged.frame, offset));
  });
  if (!advanced) return std::unexpected(advanced.error());
  const Bookmark reached = follower->reached();
  cursor_ = std::move(follower);
  return reached;
}

Result<std::unique_ptr<Follower>> Reading::follower_at(const Bookmark& from, const Watermarks& marks) {
  forget_after_interruption();
  if (cursor_ && cursor_->next() <= marks.high && cursor_->state().position == from.position &&
      cursor_->state().head == from.hash)
    return std::move(cursor_);
  if (from.position == 0) return follower_from({});
  auto follower = at_locator(from, marks);
  if (!follower || *follower) return follower;
  follower = find(from.position, marks, {});
  if (!follower) return follower;
  if ((*follower)->state().position != from.position || (*follower)->state().head != from.hash)
    return log_replaced(from);
  return follower;
}

void Reading::forget_after_interruption() {
  const std::uint64_t now = partition_->interruptions();
  if (now == interruptions_) return;
  interruptions_ = now;
  places_.clear();
  found_ = {};
  cursor_.reset();
  history_ = {};
}

std::unique_ptr<Follower> Reading::follower_from(const Place& place) {
  auto follower = std::make_unique<Follower>(partition_->name(), place);
  follower->interruptions = partition_->interruptions();
  return follower;
}

// None where the message there is not that record: then it has to be searched for.
Result<std::unique_ptr<Follower>> Reading::at_locator(const Bookmark& from, const Watermarks& marks) {
  if (from.locator == 0 || from.locator >= marks.high) return nullptr;
  const auto history = this->history();
  if (!history) return std::unexpected(history.error());
  Frame frame;
  const auto message = partition_->message_at(from.locator);
  if (!message) return std::unexpected(message.error());
  const auto parsed = parse_message(partition_->name(), message->offset, message->value, frame);
  if (!parsed) return std::unexpected(parsed.error());
  if (!*parsed || !is_record(frame, from) ||
      frame.hash != hasher_(*history, frame.position, frame.previous, frame.recorded_at, frame.body))
    return nullptr;
  return follower_from({after(*history, frame), message->offset});
}

Result<std::unique_ptr<Follower>> Reading::find(Position position, const Watermarks& marks, const Visit& visit) {
  Place start;
  if (const auto behind = places_.lower_bound(position); behind != places_.begin()) start = std::prev(behind)->second;
  if (found_.state.position < position && found_.state.position > start.state.position) start = found_;
  auto follower = follower_from(start);
  auto advanced = advance(*follower, marks.high, [&](const Judged& judged, Offset offset) {
    if (follower->state().position < position) return true;
    if (visit) visit(entry_of(judged.frame, offset));
    return false;
  });
  if (!advanced) return std::unexpected(advanced.error());
  found_ = follower->place();
  return follower;
}

Result<void> Reading::read_at(Position position, const std::function<void(const LogEntry&)>& visit) {
  const auto marks = look();
  if (!marks) return std::unexpected(marks.error());
  if (position == 0) return beyond_end(position);
  forget_after_interruption();
  const auto found = find(position, *marks, [&](const LogEntry& entry) {
    visit(entry);
    return true;
  });
  if (!found) return std::unexpected(found.error());
  if ((*found)->state().position != position) return beyond_end(position);
  return {};
}

}  // namespace kring::kafka
