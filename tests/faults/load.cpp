#include "tests/faults/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "events/base/text.h"
#include "events/codec/codec.h"

namespace kring::test {
namespace {

constexpr auto patience = std::chrono::minutes(1);  // who waits in vain fails here, and not when ctest has had enough

}  // namespace

std::string Clients::next(std::string& id) {
  std::lock_guard lock(mutex_);
  if (again_.empty() && closed_) return {};
  if (again_.empty()) {
    id = concat("c-", ++made_);
  } else {
    id = again_.front();
    again_.pop_front();
  }
  return concat(R"({"type":"register_area","area":"a)", id.substr(1), R"(","name":"Zuid","municipality":"Heerlen","id":")", id, "\"}\n");
}

bool Clients::note(const json::Value& answer) {
  const auto status = answer.at("status").as_string();
  const std::string id(answer.at("id").as_string());
  std::lock_guard lock(mutex_);
  if (status == "unknown") {
    ++unknown_;
    noted_.notify_all();
    return false;
  }
  const bool accepted = status == "accepted" || (status == "duplicate" && answer.at("first_status").as_string() == "accepted");
  EXPECT_TRUE(accepted) << json::to_text(answer);
  const auto position = answer.at("position").is_null() ? 0 : answer.at("position").to_number<Position>();
  const auto [known, fresh] = answered_.try_emplace(id, position);
  EXPECT_EQ(known->second, position) << id << " was answered for two positions";
  if (fresh) noted_.notify_all();
  return true;
}

void Clients::again(const std::set<std::string>& ids) {
  std::lock_guard lock(mutex_);
  for (const std::string& id : ids)
    if (!answered_.contains(id) && std::ranges::find(again_, id) == again_.end()) again_.push_back(id);
}

void Clients::open() {
  std::lock_guard lock(mutex_);
  closed_ = false;
}

void Clients::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
}

bool Clients::settled() const {
  std::lock_guard lock(mutex_);
  return closed_ && again_.empty();
}

void Clients::wait_for(std::size_t more) {
  std::unique_lock lock(mutex_);
  const std::size_t wanted = answered_.size() + more;
  const bool there = noted_.wait_for(lock, testing::Test::HasFailure() ? std::chrono::minutes(0) : patience, [&] { return answered_.size() >= wanted; });
  if (!there && !testing::Test::HasFailure()) ADD_FAILURE() << "only " << answered_.size() << " commands are answered, not " << wanted;
}

void Clients::wait_for_unknown(std::size_t all) {
  std::unique_lock lock(mutex_);
  if (!noted_.wait_for(lock, patience, [&] { return unknown_ >= all; })) ADD_FAILURE() << "nothing is unknown";
}

std::map<std::string, Position> Clients::answered() const {
  std::lock_guard lock(mutex_);
  return answered_;
}

std::size_t Clients::unknown() const {
  std::lock_guard lock(mutex_);
  return unknown_;
}

Submitting::Submitting(Clients& clients, std::vector<std::string> arguments, std::size_t in_flight)
    : clients_(clients), in_flight_(in_flight), kring_(Kring::program(), arguments), thread_([this] { run(); }) {}

std::set<std::string> Submitting::in_hand() const {
  std::lock_guard lock(mutex_);
  return in_hand_;
}

void Submitting::run() {
  fill();
  for (std::string line; !(line = kring_.read_line()).empty(); fill()) note(line);
}

// A process that has ended reads nothing that is offered: it is sent again.
void Submitting::fill() {
  std::lock_guard lock(mutex_);
  for (std::string id; !stopping_ && in_hand_.size() < in_flight_;) {
    const std::string line = clients_.next(id);
    if (line.empty()) break;
    in_hand_.insert(id);
    stopping_ |= !kring_.try_write(line);
  }
  if (stopping_ || in_hand_.empty()) kring_.close_input();
}

void Submitting::note(const std::string& line) {
  const auto answer = json::parse(line);
  ASSERT_TRUE(answer) << line;
  const bool certain = clients_.note(*answer);
  EXPECT_FALSE(certain && doubtful_) << "after 'unknown': " << line;
  ++answers_;
  std::lock_guard lock(mutex_);
  if (certain) in_hand_.erase(std::string(answer->at("id").as_string()));
  doubtful_ |= !certain;
  stopping_ |= doubtful_;
}

const Ran& Submitting::end(bool now) {
  if (ran_.exit_code >= 0) return ran_;
  if (now) {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    kring_.close_input();
  }
  thread_.join();
  ran_ = kring_.finish();
  EXPECT_TRUE(ran_.exit_code == 0 || ran_.exit_code == 2) << ran_.exit_code << ": " << ran_.err;
  clients_.again(in_hand_);
  return ran_;
}

Load::Load(Clients& clients, std::vector<std::string> arguments, std::size_t in_flight)
    : clients_(clients), arguments_(std::move(arguments)), in_flight_(in_flight), thread_([this] { run(); }) {}

Load::~Load() { finish(); }

void Load::finish() {
  clients_.close();
  if (thread_.joinable()) thread_.join();
}

void Load::run() {
  while (!clients_.settled()) {
    Submitting process(clients_, arguments_, in_flight_);
    const Ran& ran = process.wait();
    ++counts_.runs;
    if (ran.exit_code == 2) ++(process.answers() > 0 ? counts_.in_doubt : counts_.refused);
    if (testing::Test::HasFailure()) return;
  }
}

void Witness::check(const Clients& clients) {
  const auto answered = clients.answered();
  auto reached = reader_->read(place_, [&](const LogEntry& entry) {
    const auto decision = codec::decode(entry.body);
    EXPECT_TRUE(decision);
    ids_.push_back(decision ? decision->command.id : "");
    EXPECT_EQ(entry.position, ids_.size());
    return true;
  });
  ASSERT_TRUE(reached) << reached.error().message;
  place_ = *reached;
  const std::set<std::string> once(ids_.begin(), ids_.end());
  EXPECT_EQ(once.size(), ids_.size()) << "a command is in the log twice";
  for (const auto& [id, position] : answered)
    ASSERT_TRUE(position >= 1 && position <= ids_.size() && ids_[position - 1] == id) << id << " was answered for position " << position;
}

}  // namespace kring::test
