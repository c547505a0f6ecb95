#include "tools/kring/node/partition_node.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "events/base/text.h"

namespace kring::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_again{100};  // for what others have written
constexpr milliseconds try_again{1000};  // after something has failed
constexpr milliseconds lock_wait{5000};  // for another process to leave the directory
constexpr milliseconds least_wait{500}, longest_wait{3000};  // of a writer that was overtaken, before it claims again
constexpr std::size_t most_held = 4096;  // commands
constexpr milliseconds longest_held{10'000};  // those behind them, of other partitions, wait for their answers

milliseconds random_wait() {
  static thread_local std::mt19937 dice{std::random_device{}()};
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(least_wait.count(), longest_wait.count())(dice));
}

// What is wrong with the log, or with the way to it: another node would fare no better.
bool of_the_log(const Error& error) {
  constexpr std::array<std::string_view, 11> codes{"log_unreachable", "kafka",        "busy",         "tail_moved",     "outcome_unknown", "log_behind",
                                                   "log_damaged",     "log_replaced", "log_sealed", "topic_refused", "topic_not_found"};
  return std::ranges::find(codes, error.code) != codes.end();
}

}  // namespace

PartitionNode::PartitionNode(Options options, std::int32_t number, PartitionListener listener)
    : options_(std::move(options)), name_(concat("partition ", number)), listener_(std::move(listener)), thread_([this] { run(); }) {}

PartitionNode::~PartitionNode() {
  {
    std::lock_guard lock(mutex_);
    wanted_ = false;
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

// ---- what the node asks, on threads of its own ----

void PartitionNode::write() {
  {
    std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  changed_.notify_all();
}

void PartitionNode::step_back() {
  std::unique_lock lock(mutex_);
  wanted_ = false;
  changed_.notify_all();
  changed_.wait(lock, [&] { return state_ == State::following && held_.empty(); });
}

milliseconds PartitionNode::unfit() const {
  std::lock_guard lock(mutex_);
  return unfit_since_ ? std::chrono::duration_cast<milliseconds>(Clock::now() - *unfit_since_) : milliseconds(0);
}

milliseconds PartitionNode::stuck() const {
  std::lock_guard lock(mutex_);
  return with_engine_ > 0 ? std::chrono::duration_cast<milliseconds>(Clock::now() - progress_) : milliseconds(0);
}

Error PartitionNode::not_here() const {
  return {ErrorKind::busy, "not_here", "", concat(name_, " is not this node's now, and nothing was done here")};
}

void PartitionNode::submit(Request request, Engine::Completion completed) {
  std::unique_lock lock(mutex_);
  Waiting one{std::move(request), std::move(completed), {}};
  if (state_ == State::writing) {
    const std::shared_ptr<Engine> engine = engine_;
    ++inside_;
    lock.unlock();
    hand_over(*engine, std::move(one));
    lock.lock();
    --inside_;
    changed_.notify_all();
  } else if (wanted_ && held_.size() < most_held) {
    one.since = Clock::now();
    held_.push_back(std::move(one));
  } else {
    lock.unlock();
    one.completed(unknown_answer(std::move(one.request.command.id), not_here()));
  }
}

// May wait for room in the engine's queue.
void PartitionNode::hand_over(Engine& engine, Waiting one) {
  {
    std::lock_guard lock(mutex_);
    if (with_engine_++ == 0) progress_ = Clock::now();
  }
  std::optional<ProgrammeId> defines;
  if (std::holds_alternative<command::DefineProgramme>(one.request.command.body)) defines = one.request.command.programme;
  engine.submit(std::move(one.request), [this, defines = std::move(defines), completed = std::move(one.completed)](Answer answer) {
    if (answer.status == AnswerStatus::unknown) broken_ = true;
    if (defines && answer.status == AnswerStatus::accepted) listener_.has_programmes({*defines});
    completed(std::move(answer));
    std::lock_guard lock(mutex_);
    --with_engine_;
    progress_ = Clock::now();
  });
}

// ---- the thread ----

void PartitionNode::run() {
  for (;;) {
    bool wanted = false;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, look_again, [&] { return stopping_ || (state_ == State::writing ? !wanted_ : wanted_ && !next_claim_ && trouble_.empty()); });
      if (stopping_) break;
      wanted = wanted_;
    }
    if (!wanted) {
      stop_writing();
      next_claim_.reset();
      answer_held(not_here());
    }
    if (Clock::now() >= next_try_) note(turn(wanted), wanted);
    if (const auto oldest = oldest_held(); oldest && Clock::now() - *oldest > longest_held)
      answer_held({ErrorKind::busy, "not_here", "", concat("another writer is at work on ", name_, ", and nothing was done here")});
  }
  stop_writing();
  answer_held(not_here());
  replica_.reset();
  keeper_.reset();
}

Result<void> PartitionNode::turn(bool wanted) {
  if (const auto fault = keeper_ && !log_ ? keeper_->fault() : std::nullopt; fault && !of_the_log(*fault)) {
    keeper_.reset();
    database_.reset();
  }
  if (!database_)
    if (auto opened = open(); !opened) return opened;
  if (broken_) {
    stop_writing();
    next_claim_ = Clock::now() + random_wait();
  }
  if (log_) {
    if (auto fault = keeper_->fault()) return std::unexpected(std::move(*fault));
    return {};
  }
  if (auto followed = follow(); !followed) return followed;
  if (!looked_at_.exchange(true)) listener_.notice(concat(name_, ": follows, at position ", replica_ ? replica_->reached().position : 0));
  return wanted && may_claim() ? take_over() : Result<void>();
}

Result<void> PartitionNode::open() {
  if (!lock_) {
    auto lock = lock_directory(options_, lock_wait);
    if (!lock) return std::unexpected(std::move(lock.error()));
    lock_ = std::move(*lock);
  }
  auto reader = log_for_reading(options_);
  if (!reader) return std::unexpected(std::move(reader.error()));
  auto database = projections::Database::open_primary(models_path(options_));
  if (!database) return std::unexpected(std::move(database.error()));
  database_ = std::move(*database);
  keeper_ = std::make_unique<projections::ModelKeeper>(*database_, std::move(*reader), 0);
  models_told_ = 0;
  return {};
}

// Brings everything to the log's end.
Result<void> PartitionNode::follow() {
  if (!reader_) {
    auto reader = log_for_reading(options_);
    if (!reader) return std::unexpected(std::move(reader.error()));
    reader_ = std::move(*reader);
  }
  auto history = reader_->history();
  if (!history) return std::unexpected(std::move(history.error()));
  if (*history == HistoryId{}) return {};
  if (!replica_) {
    auto first = reader_->read({}, [](const LogEntry&) { return false; });
    if (!first) return std::unexpected(std::move(first.error()));
    if (first->position == 0) return {};  // its first writer makes the keys
    if (auto warm = make_warm(*history, false); !warm) return warm;
  }
  auto followed = replica_->follow(*reader_);
  if (followed) followed = follow_keys();
  if (followed) followed = replica_->keep();
  if (!followed) {
    if (followed.error().code != "log_unreachable") drop_warm();
    return followed;
  }
  if (const Position reached = replica_->reached().position; reached > std::exchange(models_told_, reached)) keeper_->notify(reached);
  const auto& programmes = replica_->state().programmes;
  if (programmes.defined() == programmes_told_) return {};
  programmes_told_ = programmes.defined();
  std::vector<ProgrammeId> ids;
  for (const auto& [id, programme] : programmes.all())
    if (programme.state.defined) ids.push_back({id});
  listener_.has_programmes(ids);
  return {};
}

// Before anything is served: whose names may be read, and who is forgotten.
Result<void> PartitionNode::follow_keys() {
  const SharedKeyring& keys = *parts_.shared;
  if (keys.is_caught_up() && keys.place().position >= replica_->reached().position) return {};  // nothing has come: no broker need be asked
  if (!keys_reader_) {
    auto reader = log_for_reading(options_);
    if (!reader) return std::unexpected(std::move(reader.error()));
    keys_reader_ = std::move(*reader);
  }
  return parts_.follow_keys(*keys_reader_);
}

Result<void> PartitionNode::make_warm(const HistoryId& history, bool fresh) {
  auto parts = EngineParts::open(options_, history, fresh);
  if (!parts) return std::unexpected(std::move(parts.error()));
  parts_ = std::move(*parts);
  replica_ = parts_.replica();
  return {};
}

// The next turn reads it anew from what is on disk.
void PartitionNode::drop_warm() {
  replica_.reset();
  parts_ = {};
  reader_.reset();
  keys_reader_.reset();
  programmes_told_ = 0;
}

// A writer that was overtaken claims again when the new one has written nothing for a while: two that both believe to be
// wanted must not take the log from each other for ever.
bool PartitionNode::may_claim() {
  if (!next_claim_) return true;
  if (Clock::now() < *next_claim_) return false;
  const Position now = replica_ ? replica_->reached().position : 0;
  if (now == std::exchange(beaten_at_, now)) return true;
  next_claim_ = Clock::now() + random_wait();
  return false;
}

Result<void> PartitionNode::take_over() {
  {
    std::lock_guard lock(mutex_);
    if (!wanted_) return {};
    state_ = State::claiming;
  }
  auto claimed = claim();
  if (claimed) return {};
  stop_writing();
  if (claimed.error().code == "busy") next_claim_ = Clock::now() + random_wait();
  return claimed;
}

Result<void> PartitionNode::claim() {
  auto log = log_for_writing(options_, milliseconds(0), replica_ ? replica_->reached() : Bookmark());
  if (!log) return std::unexpected(std::move(log.error()));
  log_ = std::move(*log);
  auto tail = log_->claim();
  if (!tail) return std::unexpected(std::move(tail.error()));
  auto history = log_->history();
  if (!history) return std::unexpected(std::move(history.error()));
  if (!replica_)
    if (auto warm = make_warm(*history, tail->position == 0); !warm) return warm;
  if (auto leads = parts_.lead(*log_); !leads) return leads;
  auto engine = Engine::start({}, *log_, *tail, std::move(*replica_), real_environment());
  replica_.reset();
  if (!engine) return std::unexpected(std::move(engine.error()));
  (*engine)->on_append([keeper = keeper_.get()](const Bookmark& reached) { keeper->notify(reached.position); });
  keeper_->notify((*engine)->head().position);
  next_claim_.reset();
  listener_.notice(concat(name_, ": writes, from position ", tail->position + 1, " on"));
  begin_writing(std::move(*engine));
  return {};
}

// What was held goes first, in its order.
void PartitionNode::begin_writing(std::shared_ptr<Engine> engine) {
  std::unique_lock lock(mutex_);
  while (!held_.empty()) {
    Waiting one = std::move(held_.front());
    held_.pop_front();
    lock.unlock();
    hand_over(*engine, std::move(one));
    lock.lock();
  }
  engine_ = std::move(engine);
  state_ = State::writing;
  changed_.notify_all();
}

// Answers what the engine has, and gives up what it stood on: it may know what the log does not.
void PartitionNode::stop_writing() {
  std::shared_ptr<Engine> engine;
  {
    std::unique_lock lock(mutex_);
    if (state_ == State::following) return;
    if (state_ == State::writing) state_ = State::claiming;  // what comes is held, or refused
    changed_.wait(lock, [&] { return inside_ == 0; });
    engine = std::move(engine_);
  }
  const bool wrote = engine != nullptr;
  engine.reset();
  log_.reset();
  drop_warm();
  {
    std::lock_guard lock(mutex_);
    state_ = State::following;
  }
  changed_.notify_all();
  if (wrote) listener_.notice(concat(name_, broken_ ? ": another node writes, or the log cannot be written to: follows again" : ": follows again"));
  broken_ = false;
}

std::optional<PartitionNode::Clock::time_point> PartitionNode::oldest_held() const {
  std::lock_guard lock(mutex_);
  return held_.empty() ? std::nullopt : std::optional(held_.front().since);
}

void PartitionNode::answer_held(const Error& why) {
  std::deque<Waiting> held;
  {
    std::lock_guard lock(mutex_);
    std::swap(held, held_);
  }
  for (Waiting& one : held) one.completed(unknown_answer(std::move(one.request.command.id), why));
  changed_.notify_all();
}

// What has failed is told once, and tried again after a while.
void PartitionNode::note(const Result<void>& done, bool wanted) {
  if (done) {
    trouble_.clear();
    std::lock_guard lock(mutex_);
    unfit_since_.reset();
    return;
  }
  next_try_ = Clock::now() + try_again;
  if (of_the_log(done.error()) && (done.error().kind == ErrorKind::damaged || done.error().kind == ErrorKind::unsupported)) looked_at_ = true;
  if (done.error().message != trouble_) listener_.notice(concat(name_, ": ", trouble_ = done.error().message));
  {
    std::lock_guard lock(mutex_);
    if ((!wanted && looked_at_) || of_the_log(done.error())) unfit_since_.reset();
    else if (!unfit_since_) unfit_since_ = Clock::now();
  }
  answer_held(done.error());
}

}  // namespace kring::cli
