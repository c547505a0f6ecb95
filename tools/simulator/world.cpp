#include "tools/simulator/world.h"

#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "events/log/embedded/witness.h"
#include "events/privacy/key_slot.h"
#include "events/privacy/keyring.h"
#include "tools/simulator/chance.h"

namespace kring::simulator {
namespace {

constexpr std::int64_t beginning = 1'704'445'200'000'000;  // 2024-01-05T09:00:00Z
constexpr const char* index_directory = "data/command-ids";
constexpr const char* models_directory = "data/read-models";

Token token_from(Dice& dice) {
  Token token;
  for (auto& byte : token) byte = static_cast<std::uint8_t>(dice.next());
  return token;
}

}  // namespace

World::World(std::uint64_t seed, Trace& trace)
    : trace_(trace), dice_(seed), disk_(dice_.next()), env_(make_rocks_env(disk_)), segment_size_(3000 + dice_.below(30'000)) {
  seed_secrets(dice_.next());
  disk_.spare(index_directory);
  disk_.spare(models_directory);
  // The read models follow from a thread of their own: they may look at any moment, also between a write and its sync.
  disk_.before_sync([this](const std::string& path) {
    if (path.starts_with(log_directory) && projector_ && dice_.chance(20)) follow(last_batch_.end);
  });
}

World::~World() {
  disk_.stop(FaultyFileSystem::Loss::process);
  close();
}

Result<void> World::start() {
  auto opened = open_all();
  if (!opened) {
    trace_("does not start: ", opened.error().message);
    close();
  }
  return opened;
}

Result<void> World::open_all() {
  model_error_.reset();
  EmbeddedOptions options;
  options.directory = log_directory;
  options.segment_size = segment_size_;
  options.lock_wait = std::chrono::milliseconds(0);
  options.notice = [this](std::string_view text) { trace_("notice: ", text); };
  options.random = [this] { return token_from(dice_); };
  options.now = [this] { return std::chrono::steady_clock::time_point(std::chrono::microseconds(clock_)); };
  log_ = make_embedded_log(std::move(options), disk_);
  auto tail = log_->claim();
  if (!tail) return std::unexpected(std::move(tail.error()));
  if (tail->position > last_batch_.end) last_batch_ = {last_batch_.end, tail->position};  // nobody was answered, and it is there
  auto history = log_->history();
  if (!history) return std::unexpected(std::move(history.error()));
  auto sealer = open_keyring(disk_, {keys_path, "outside/kek", "outside/erased"}, *history, tail->position == 0);
  if (!sealer) return std::unexpected(std::move(sealer.error()));
  sealer_ = std::move(*sealer);
  auto index = CommandIndex::open(index_directory, env_.get());
  if (!index) return std::unexpected(std::move(index.error()));
  index_ = std::move(*index);
  auto database = projections::Database::open_primary(models_directory, projections::IfDamaged::remake, env_.get());
  if (!database) return std::unexpected(std::move(database.error()));
  database_ = std::move(*database);
  model_reader_ = reader();
  projector_ = std::make_unique<projections::Projector>(*database_, *model_reader_);
  Environment environment{[this] { return Instant{beginning + clock_}; }, [this] { return token_from(dice_); }};
  SnapshotOptions snapshots;
  snapshots.directory = snapshots_directory;
  snapshots.every = 7;
  snapshots_ = std::make_unique<SnapshotStore>(std::move(snapshots), disk_);
  EngineOptions stepped;
  stepped.threads = false;
  auto engine = Engine::start(stepped, *log_, *tail, *index_, *sealer_, std::move(environment), snapshots_.get());
  if (!engine) return std::unexpected(std::move(engine.error()));
  engine_ = std::move(*engine);
  engine_->on_append([this](const Bookmark& reached) {
    last_batch_ = {last_batch_.end, reached.position};
    if (dice_.chance(40)) follow(reached.position);
  });
  look_at_keys();
  trace_("starts at position ", tail->position);
  return {};
}

void World::close() {
  engine_.reset();
  snapshots_.reset();
  if (projector_) follow(last_batch_.end);
  projector_.reset();
  model_reader_.reset();
  database_.reset();
  index_.reset();
  look_at_keys();
  sealer_.reset();
  log_.reset();
}

void World::lose(FaultyFileSystem::Loss loss) {
  disk_.stop(loss);  // where it has not stopped yet
  close();
  trace_(loss == FaultyFileSystem::Loss::power ? "the power is back" : "the process is gone");
  disk_.start();
}

std::unique_ptr<LogReader> World::reader() { return make_embedded_reader(log_directory, disk_); }

Result<Position> World::proven() {
  auto witness = read_witness(disk_, log_directory);
  if (!witness) return std::unexpected(std::move(witness.error()));
  return std::max(witness->position, last_batch_.before);
}

void World::follow(Position up_to) {
  if (model_error_) return;  // faulted: told at the end
  auto reached = projector_->catch_up({}, up_to);
  if (!reached && disk_.running() && !disk_.has_failed()) {
    model_error_ = reached.error();
    trace_("the read models: ", reached.error().message);
  }
}

void World::look_at_keys() {
  const Bytes all = disk_.content(keys_path);
  for (std::size_t at = key_slot_size; at + key_slot_size <= all.size(); at += key_slot_size) {
    const KeySlot slot = parse_key_slot(BytesView(all).substr(at, key_slot_size));
    if (slot.kind == SlotKind::live) keys_seen_[slot.owner].insert(slot.wrapped);
  }
}

}  // namespace kring::simulator
