// Directories that overtake each other at any moment, are killed, cut off and behind, on a topic that is compacted meanwhile.
#include <gtest/gtest.h>

#include <algorithm>

#include "events/base/check.h"
#include "events/base/dice.h"
#include "events/base/text.h"
#include "tests/events/privacy/shared_keys.h"
#include "tests/support/seeds.h"

namespace kring {
namespace {

using testing::Directory;
using testing::SharedLog;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : log_(seed), dice_(seed) {
    for (const char* name : {"a", "b", "c"}) directories_.push_back(std::make_unique<Directory>(log_, name));
    log_.topic.meanwhile = [this] { meanwhile(); };
  }

  void run() {
    for (int i = 0; i < 60; ++i) {
      if (one_in(12)) cut_off();
      if (one_in(40)) somebody_elses_tombstone();
      const bool stops = one_in(15);
      if (stops) log_.files.stop_at(one_in(2) ? FaultyFileSystem::Loss::power : FaultyFileSystem::Loss::process, dice_.below(12));
      act();
      if (stops) power_loss();
    }
    log_.topic.meanwhile = {};
    log_.topic.publishes_until_failure = UINT64_MAX;
    std::vector<Directory*> order;
    for (const auto& one : directories_) {
      one->end();
      order.push_back(one.get());
    }
    std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(dice_.below(order.size())), order.end());
    log_.topic.compact([this] { return one_in(2); });
    for (Directory* one : order) one->lead();  // whoever has what others have lost publishes it
    log_.expect_settled(order);
  }

  std::size_t voids() const { return log_.voids.size(); }
  std::size_t records() const { return log_.records.size(); }
  std::size_t forgotten() const { return log_.forgotten().size(); }
  int nested = 0;

 private:
  bool one_in(std::uint64_t n) { return dice_.below(n) == 0; }

  // What others do between two messages of somebody.
  void meanwhile() {
    if (busy_.size() > 2 || !one_in(4)) return;
    ++nested;
    act();
  }

  void act() {
    if (one_in(5)) return log_.topic.compact([this] { return one_in(2); });
    Directory& one = *directories_[dice_.below(directories_.size())];
    if (busy_.contains(&one)) return;
    busy_.insert(&one);
    act_in(one);
    busy_.erase(&one);
  }

  void act_in(Directory& one) {
    if (one_in(12)) return one.end();
    if (one.epoch == 0 || one_in(10)) {
      const bool done = one_in(2) ? one.try_lead() : !log_.records.empty() && one.try_follow(one_in(2) ? SharedKeyring::Ask::always : SharedKeyring::Ask::if_missing);
      if (!done) one.end();
      return;
    }
    const bool counts = one.epoch == log_.epoch;
    bool goes_on = true;
    for (std::uint64_t i = dice_.below(4); i > 0 && goes_on; --i) goes_on = one_in(4) ? forget_in(one) : one.try_register(somebody(counts));
    if (!goes_on || (!counts && !one_in(4))) one.end();
  }

  // Who is not registered yet, as far as a writer knows that was overtaken.
  std::string somebody(bool counts) {
    const auto known = log_.registered();
    for (;;) {
      const std::string person = concat("p-", dice_.below(200));
      if (!counts || !known.contains(person)) return person;
    }
  }

  bool forget_in(Directory& one) {
    const auto gone = log_.forgotten();
    for (const std::string& person : log_.registered())
      if (!gone.contains(person) && one_in(3)) return one.try_forget(person);
    return true;
  }

  void cut_off() {
    log_.topic.publishes_until_failure = dice_.below(4);
    log_.topic.stored_of_failed = dice_.below(3);
  }

  void somebody_elses_tombstone() {
    const auto keys = log_.on_topic();
    if (!keys.empty()) log_.topic.append(destroyed_message(std::next(keys.begin(), static_cast<std::ptrdiff_t>(dice_.below(keys.size())))->first));
  }

  void power_loss() {
    for (const auto& one : directories_) one->end();
    log_.files.stop(FaultyFileSystem::Loss::power);
    log_.files.start();
  }

  SharedLog log_;
  Dice dice_;
  std::vector<std::unique_ptr<Directory>> directories_;
  std::set<const Directory*> busy_;
};

TEST(SharedKeysByChance, nobody_is_lost_and_nobody_who_is_forgotten_is_left) {
  std::size_t voids = 0, records = 0, forgotten = 0;
  int nested = 0;
  for (const unsigned seed : test::seeds(5000)) {
    if (HasFailure()) break;
    SCOPED_TRACE(concat("seed ", seed));
    Chance chance(seed);
    chance.run();
    voids += chance.voids();
    records += chance.records();
    forgotten += chance.forgotten();
    nested += chance.nested;
  }
  if (test::scaled(5000) < 100) return;
  EXPECT_GT(voids, 100u);
  EXPECT_GT(records, 1000u);
  EXPECT_GT(forgotten, 100u);
  EXPECT_GT(nested, 100);
}

}  // namespace
}  // namespace kring
