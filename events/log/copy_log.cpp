#include "events/log/copy_log.h"

#include <vector>

#include "events/base/text.h"
#include "events/log/log_errors.h"

namespace kring {
namespace {

constexpr std::size_t batch_bytes = 4 << 20;

std::unexpected<Error> target_not_empty(const std::string& why) {
  return fail(ErrorKind::io, "target_not_empty", concat("the target is not empty, and no beginning of the source: ", why));
}

class Copy {
 public:
  Copy(EventLog& source, EventLog& target, const CopyOptions& options) : source_(source), target_(target), options_(options) {}

  Result<Copied> run() {
    auto successor = source_.successor();
    if (!successor) return std::unexpected(std::move(successor.error()));
    if (!successor->empty()) return check_sealed(*successor);
    if (!options_.claim_late)
      if (auto claimed = claim_source(); !claimed) return std::unexpected(std::move(claimed.error()));
    if (auto begun = claim_target(); !begun) return std::unexpected(std::move(begun.error()));
    if (auto filled = fill(); !filled) return std::unexpected(std::move(filled.error()));
    if (options_.claim_late) {
      if (auto claimed = claim_source(); !claimed) return std::unexpected(std::move(claimed.error()));
      if (auto filled = fill(); !filled) return std::unexpected(std::move(filled.error()));
    }
    if (auto mine = target_.append({}, done_.tail.position); !mine && mine.error().code == "tail_moved")
      return fail(ErrorKind::io, "target_taken", "somebody else has begun to write to the target, or it is the source under another name: nothing was sealed");
    else if (!mine) return std::unexpected(std::move(mine.error()));
    // Nobody else writes to either log by now: this holds unless one of them changed behind the lock's back.
    if (done_.tail.position != end_.position || done_.tail.hash != end_.hash) return log_replaced(end_);
    if (options_.before_seal)
      if (auto ready = options_.before_seal(); !ready) return std::unexpected(std::move(ready.error()));
    if (auto sealed = source_.seal(options_.successor, end_.position); !sealed) return std::unexpected(std::move(sealed.error()));
    return done_;
  }

 private:
  // By an earlier run, for this target or for another. The target may have gone on since.
  Result<Copied> check_sealed(const std::string& successor) {
    auto end = source_.read({}, [](const LogEntry&) { return true; });
    if (!end) return std::unexpected(std::move(end.error()));
    if (successor != options_.successor) return log_sealed(end->position, successor);
    auto there = end->position == 0 ? Result<bool>(true) : holds(target_, {end->position, end->hash, 0});
    if (!there) return std::unexpected(std::move(there.error()));
    if (*there) return Copied{*end, 0, true};
    return fail(ErrorKind::io, "target_incomplete",
                concat("the source was sealed at position ", end->position, " for ", successor, ", which does not hold that record: it was replaced since"));
  }

  Result<void> claim_source() {
    auto claimed = source_.claim();
    if (!claimed) return std::unexpected(std::move(claimed.error()));
    end_ = *claimed;
    return {};
  }

  Result<void> claim_target() {
    auto claimed = target_.claim();
    if (!claimed && claimed.error().code == "other_history") return target_not_empty(claimed.error().message);
    if (!claimed) return std::unexpected(std::move(claimed.error()));
    done_.tail = *claimed;
    from_ = {claimed->position, claimed->hash, 0};  // in the source, where it lies elsewhere
    if (claimed->position == 0) return {};
    auto there = holds(source_, from_);
    if (!there) return std::unexpected(std::move(there.error()));
    if (*there) return {};
    return target_not_empty(concat("it ends at position ", claimed->position, " with a record that the source does not have there"));
  }

  // Copies everything that the source has by now.
  Result<void> fill() {
    for (;;) {
      std::size_t bytes = 0;
      std::vector<Draft> drafts;
      auto reached = source_.read(from_, [&](const LogEntry& entry) {
        drafts.push_back({entry.recorded_at, Bytes(entry.body)});
        from_ = entry.after;
        bytes += entry.body.size();
        return drafts.size() < options_.batch && bytes < batch_bytes;
      });
      if (!reached) return std::unexpected(std::move(reached.error()));
      if (drafts.empty()) return {};
      if (auto appended = append(drafts); !appended) return appended;
      if (options_.report && !options_.report(done_.tail.position, end_.position))
        return fail(ErrorKind::io, "interrupted", concat("stopped behind position ", done_.tail.position));
    }
  }

  Result<void> append(const std::vector<Draft>& drafts) {
    auto appended = target_.append(drafts, done_.tail.position);
    if (!appended) return std::unexpected(std::move(appended.error()));
    // The target hashed it anew. Both logs checked the record; so this is a program that is wrong, or memory that is.
    if (appended->hash != from_.hash)
      return fail(ErrorKind::damaged, "copy_differs", concat("record ", from_.position, " has another hash in the target"));
    done_.tail = *appended;
    done_.copied += drafts.size();
    return {};
  }

  EventLog& source_;
  EventLog& target_;
  const CopyOptions& options_;
  Bookmark end_;   // of the source, since it is claimed
  Bookmark from_;  // in the source: behind what is copied
  Copied done_;
};

}  // namespace

Result<Copied> copy_log(EventLog& source, EventLog& target, const CopyOptions& options) {
  return Copy(source, target, options).run();
}

}  // namespace kring
