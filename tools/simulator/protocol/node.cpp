#include "tools/simulator/protocol/node.h"

#include <algorithm>
#include <utility>

#include "events/log/kafka/writer.h"

namespace kring::simulator::protocol {
namespace {

constexpr std::int64_t beginning = 1'704'445'200'000'000;  // 2024-01-05T09:00:00Z

// Keys are not on Kafka, and not what this is about: texts stand as they are.
class NoSealer : public Sealer {
 public:
  Result<Bytes> seal(const SealContext&, std::string_view clear) override { return Bytes(clear); }
  bool must_resume_all() const override { return false; }
  void resume(const Decision&) override {}
  Result<void> resumed() override { return {}; }
  Result<void> settle() override { return {}; }
  Result<void> make_durable() override { return {}; }
  Result<void> forget(const std::vector<Erasure>&) override { return {}; }
  std::optional<std::string> open(const SealContext&, BytesView sealed) const override { return std::string(sealed); }
};

}  // namespace

// Notes what the writer was sure of.
class Node::WatchedLog final : public EventLog {
 public:
  WatchedLog(std::unique_ptr<KafkaLog> log, Node& node) : log_(std::move(log)), node_(node) {}

  Result<HistoryId> history() override { return log_->history(); }
  Result<std::string> successor() override { return log_->successor(); }
  Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) override { return log_->read(from, visit); }
  Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) override { return log_->read_at(position, visit); }

  Result<Bookmark> claim() override {
    auto tail = log_->claim();
    writer_ = node_.last_token_;
    if (tail) appended_ = tail->position;
    return tail;
  }

  Result<Bookmark> append(std::span<const Draft> drafts, Position tail) override {
    auto confirmed = log_->append(drafts, tail);
    if (!confirmed) failed(confirmed.error(), tail);
    return confirmed;
  }

  std::size_t appends_at_once() const override { return log_->appends_at_once(); }

  Result<void> begin_append(std::span<const Draft> drafts, Position tail) override {
    auto begun = log_->begin_append(drafts, tail);
    if (!begun) failed(begun.error(), tail);
    else node_.tell("appends ", tail + 1, "..", tail + drafts.size());
    return begun;
  }

  Result<std::optional<Bookmark>> finish_append() override {
    auto appended = log_->finish_append();
    if (!appended) {
      failed(appended.error(), appended_);
    } else if (*appended) {
      appended_ = (*appended)->position;
      node_.tell("has appended as far as ", appended_);
      node_.known_ = **appended;
    }
    return appended;
  }

  Result<void> seal(std::string_view successor, Position tail) override { return log_->seal(successor, tail); }

 private:
  void failed(const Error& error, Position tail) {
    node_.tell("does not append behind ", tail, ": ", error.message);
    if (error.code != "tail_moved") return;
    ++node_.takings_.refusals;
    node_.refusals_.emplace(writer_, tail);
  }

  const std::unique_ptr<KafkaLog> log_;
  Node& node_;
  WriterId writer_{};
  Position appended_ = 0;
};

Node::Node(std::string name, std::uint64_t seed, Broker& broker, Happenings& happenings)
    : name_(std::move(name)), broker_(broker), happenings_(happenings), dice_(seed), disk_(dice_.next()), sealer_(std::make_unique<NoSealer>()),
      process_(broker.schedule(), [this] { run(); }) {}

Node::~Node() = default;

void Node::submit(Request request, Engine::Completion completed) {
  if (!process_.alive()) return;
  inbox_.push_back({std::move(request), std::move(completed)});
  process_.wake();
}

void Node::open() {
  opens_ = true;
  process_.wake();
}

void Node::crash() {
  tell("is gone");
  process_.kill();
}

void Node::end() {
  over_ = true;
  process_.wake();
}

void Node::run() {
  while (!over_) {
    if (!process_.alive()) come_back();
    else if (inbox_.empty() && !opens_) process_.sleep();
    else serve();
  }
  close();
}

// Another process, after a while, on what the one before has left on disk.
void Node::come_back() {
  close();
  inbox_.clear();
  process_.sleep_until(broker_.schedule().now() + static_cast<Micros>(dice_.below(5 * second)));
  if (dice_.chance(20)) known_ = {};  // a new data directory
  opens_ = dice_.chance(30);
  process_.revive();
  tell("is back");
}

void Node::serve() {
  opens_ = false;
  if (!engine_ && !start()) {
    inbox_.clear();
    process_.pass(static_cast<Micros>(dice_.below(second)));
    return;
  }
  bool works = true;
  while (process_.alive() && !gave_up_ && (works || !inbox_.empty())) {
    if (!inbox_.empty() && dice_.chance(60)) hand_over();
    if (dice_.chance(20)) process_.pass(static_cast<Micros>(dice_.below(5 * millisecond)));  // more comes, while something may be on its way
    const bool commits = dice_.chance(50);
    works = engine_->step(commits ? Engine::Step::commit : Engine::Step::decide) || engine_->step(commits ? Engine::Step::decide : Engine::Step::commit);
  }
  if (!process_.alive() || !gave_up_) return;
  ++takings_.given_up;
  engine_.reset();  // answers what it holds
}

void Node::hand_over() {
  for (auto count = 1 + dice_.below(3); count > 0 && !inbox_.empty(); --count) {
    Waiting waiting = std::move(inbox_.front());
    inbox_.pop_front();
    engine_->submit(std::move(waiting.request), [this, completed = std::move(waiting.completed)](Answer answer) {
      if (!process_.alive()) return;  // nobody is left to say it
      gave_up_ |= answer.status == AnswerStatus::unknown;
      completed(std::move(answer));
    });
  }
}

// An engine that has given up is made anew on the same log, if that one goes on; else on another one, with a claim.
bool Node::start() {
  gave_up_ = false;
  if (log_ && open_engine(known_)) return true;
  if (!log_) return take_over();
  log_.reset();
  process_.pass(static_cast<Micros>(dice_.below(300 * millisecond)));
  return process_.alive() && take_over();
}

bool Node::take_over() {
  ++takings_.claims;
  KafkaOptions options;
  options.known = dice_.chance(80) ? known_ : Bookmark{};
  options.answer_by_offsets = dice_.chance(50);
  options.appends_at_once = 1 + dice_.below(5);
  options.random = [this] { return random_token(); };
  log_ = std::make_unique<WatchedLog>(kafka::make_log(std::move(options), make_partition(broker_, &process_, dice_.next(), happenings_)), *this);
  const auto tail = log_->claim();
  if (tail) {
    tell("has claimed the log, which ends at ", tail->position);
    known_ = *tail;
    if (open_engine(*tail)) return true;
  } else {
    tell("does not get the log: ", tail.error().message);
  }
  ++takings_.failed_starts;
  log_.reset();
  return false;
}

bool Node::open_engine(const Bookmark& tail) {
  index_ = CommandIndex::in_memory();
  SnapshotOptions snapshots;
  snapshots.directory = "snapshots";
  snapshots.every = 7;
  snapshots_ = std::make_unique<SnapshotStore>(std::move(snapshots), disk_);
  Environment environment{[this] { return Instant{beginning + broker_.schedule().now()}; }, [this] { return random_token(); }};
  EngineOptions stepped;
  stepped.threads = false;
  auto engine = Engine::start(stepped, *log_, tail, *index_, *sealer_, std::move(environment), snapshots_.get());
  if (!engine) {
    tell("cannot start the engine: ", engine.error().message);
    return false;
  }
  engine_ = std::move(*engine);
  return true;
}

void Node::close() {
  engine_.reset();
  log_.reset();
}

Token Node::random_token() {
  for (auto& byte : last_token_) byte = static_cast<std::uint8_t>(dice_.next());
  return last_token_;
}

}  // namespace kring::simulator::protocol
