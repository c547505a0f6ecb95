// Several directories share the keys of a log: whatever one registers the others can read and go on with, and nobody who is
// forgotten can be read anywhere; whoever is overtaken, killed or behind, and whatever compaction takes away.
#include "events/privacy/shared_keyring.h"

#include <gtest/gtest.h>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/filesystem/faulty_filesystem.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/key_slot.h"
#include "events/privacy/moving_keys.h"
#include "tests/events/privacy/shared_keys.h"

namespace kring {
namespace {

using testing::Directory;
using testing::SharedLog;
using testing::none;

TEST(SharedKeys, what_one_directory_registers_another_reads_and_goes_on_with) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  a.registers("p-anna");
  b.follow();
  EXPECT_TRUE(b.reads("p-anna"));
  EXPECT_EQ(b.ring->missing(), 0u);
  b.lead();
  b.registers("p-bram");
  a.follow();
  EXPECT_TRUE(a.reads("p-anna") && a.reads("p-bram"));
  EXPECT_EQ(log.unreadable(a), none);
}

TEST(SharedKeys, a_key_is_published_before_a_record_may_need_it) {
  SharedLog log;
  Directory a(log, "a");
  a.lead();
  log.topic.publishes_until_failure = 0;
  auto sealed = a.ring->seal({{{"p-anna"}}, "name", {"p"}, "c"}, "Anna");
  ASSERT_TRUE(sealed);
  EXPECT_FALSE(a.ring->make_durable());
}

TEST(SharedKeys, forgetting_reaches_every_directory_and_the_topic) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  a.registers("p-anna");
  a.registers("p-bram");
  b.follow();
  const Bytes key = b.wrapped_key("p-anna");
  EXPECT_TRUE(log.topic.holds(key));
  b.lead();
  b.forgets("p-anna");
  EXPECT_FALSE(b.holds(key));
  EXPECT_TRUE(a.holds(key)) << "it has not read on";
  EXPECT_EQ(log.published("p-anna"), 0u);
  a.follow();
  EXPECT_FALSE(a.holds(key));
  EXPECT_FALSE(a.reads("p-anna"));
  EXPECT_TRUE(a.reads("p-bram"));
  EXPECT_EQ(read_erasures(log.files, a.paths.erasure_ledger, log.history)->size(), 1u);
  EXPECT_TRUE(log.topic.holds(key)) << "until it is compacted";
  log.topic.compact();
  EXPECT_FALSE(log.topic.holds(key));
  EXPECT_EQ(log.unreadable(a), none);
  EXPECT_EQ(log.unreadable(b), none);
}

// The topic still has the key: the writer was killed before it could say that it is destroyed.
TEST(SharedKeys, whoever_the_log_has_forgotten_is_shown_nowhere_whatever_the_topic_has) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b"), c(log, "c");
  a.lead();
  a.registers("p-anna");
  b.follow();
  log.forget("p-anna", log.epoch);  // the record alone
  a.end();
  for (Directory* reader : {&b, &c}) {
    reader->follow();
    EXPECT_FALSE(reader->reads("p-anna"));
    EXPECT_FALSE(reader->holds(log.wrapped_on_topic("p-anna")));
  }
  EXPECT_EQ(log.published("p-anna"), 1u);
  c.lead();
  EXPECT_EQ(log.published("p-anna"), 0u) << "the next writer does the rest";
}

// A was overtaken and does not know it yet: it gives a key the slot that B gives to one of its own.
TEST(SharedKeys, a_late_key_of_a_writer_that_was_overtaken_overwrites_nothing) {
  for (const bool late_first : {true, false}) {
    SharedLog log;
    Directory a(log, "a"), b(log, "b"), c(log, "c");
    a.lead();
    a.registers("p-anna");
    b.lead();
    if (late_first) a.registers("p-bram");  // void
    b.registers("p-carla");
    if (!late_first) a.registers("p-bram");
    ASSERT_EQ(log.slot("p-carla"), log.slot_of_void_record());
    for (Directory* reader : {&a, &b, &c}) {
      if (reader != &b) reader->follow();
      EXPECT_TRUE(reader->reads("p-anna") && reader->reads("p-carla")) << late_first << reader->name;
    }
    log.topic.compact();
    Directory d(log, "d");
    d.follow();
    EXPECT_TRUE(d.reads("p-carla"));
    d.lead();
    EXPECT_EQ(log.unreadable(d), none);
    EXPECT_EQ(log.live_on_topic(), 2u) << "what nobody needs is destroyed";
    log.topic.compact();
    EXPECT_FALSE(d.opens_void_record());
  }
}

// A has claimed, and freezes before it reads the keys; B has claimed since, and is at work.
TEST(SharedKeys, a_writer_that_was_overtaken_before_it_began_destroys_nothing_that_is_needed) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b"), c(log, "c");
  a.lead();
  a.registers("p-anna");
  a.end();
  const std::uint64_t late = log.claim();
  const std::size_t seen = log.records.size();
  b.lead();
  b.registers("p-bram");
  b.registers("p-carla");
  a.lead(late, seen);
  a.registers("p-dirk");
  b.registers("p-els");
  for (Directory* reader : {&a, &b, &c}) {
    if (reader != &b) reader->follow();
    EXPECT_EQ(log.unreadable(*reader), none) << reader->name;
  }
  c.lead();
  EXPECT_EQ(log.unreadable(c), none);
}

TEST(SharedKeys, a_late_key_is_destroyed_when_somebody_is_forgotten) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  a.registers("p-anna");
  b.lead();
  a.registers("p-bram");  // void, and the text of it lies in the log all the same
  EXPECT_EQ(log.published("p-bram"), 1u);
  b.registers("p-carla");
  b.forgets("p-anna");
  EXPECT_EQ(log.live_on_topic(), 1u) << "carla's";
  EXPECT_TRUE(b.reads("p-carla"));
}

TEST(SharedKeys, keys_that_nobody_got_are_destroyed_by_the_next_writer) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  for (int i = 0; i < 20; ++i) a.registers(concat("p-", i));
  EXPECT_GT(log.live_on_topic(), 20u) << "some are made ahead";
  b.lead();
  EXPECT_EQ(log.live_on_topic(), 20u);
  EXPECT_EQ(log.unreadable(b), none);
}

TEST(SharedKeys, are_taken_in_once) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  a.registers("p-anna");
  b.follow();
  const Bytes keys = log.files.content(b.paths.keys);
  b.follow();
  b.end();
  b.follow();
  EXPECT_EQ(log.files.content(b.paths.keys), keys);
}

TEST(SharedKeys, a_directory_asks_the_topic_only_where_it_has_to) {
  SharedLog log;
  Directory a(log, "a");
  a.lead();
  a.registers("p-anna");
  a.end();
  int asked = 0;
  log.topic.meanwhile = [&] { ++asked; };
  a.follow(SharedKeyring::Ask::if_missing);
  EXPECT_EQ(asked, 0);
  EXPECT_TRUE(a.reads("p-anna"));
}

TEST(SharedKeys, need_the_same_key_encryption_key) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b"), c(log, "c");
  a.lead();
  a.registers("p-anna");
  b.paths.key_encryption_key = "b.kek";
  EXPECT_EQ(b.open().error().code, "key_encryption_key_missing");
  const auto fresh = SharedKeyring::open(log.files, b.paths, log.history, log.topic.feed(), true);
  EXPECT_EQ(fresh.error().code, "key_encryption_key_missing") << "somebody else has begun";
  EXPECT_FALSE(log.files.exists("b.kek"));
  ASSERT_TRUE(make_key_encryption_key(log.files, "b.kek"));
  EXPECT_EQ(b.open().error().code, "other_key");
  EXPECT_FALSE(log.files.exists(b.paths.keys)) << "nothing is made there";
}

TEST(SharedKeys, of_another_history_are_refused) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  a.registers("p-anna");
  HistoryId other;
  other.fill(9);
  EXPECT_EQ(SharedKeyring::open(log.files, b.paths, other, log.topic.feed(), false).error().code, "other_keys");
}

// Keys that a directory made before there was a topic for them.
TEST(SharedKeys, are_published_by_the_directory_that_has_them_and_by_no_other) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.begin_alone({"p-anna", "p-bram", "p-carla"});
  EXPECT_EQ(b.open().error().code, "keys_missing");
  log.forget("p-bram", log.epoch);
  a.lead();
  EXPECT_EQ(log.live_on_topic(), 2u) << "the forgotten one's is not";
  b.follow();
  EXPECT_TRUE(b.reads("p-anna") && b.reads("p-carla"));
}

TEST(SharedKeys, a_directory_may_go_on_without_keys_that_are_lost_for_good) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.begin_alone({"p-anna", "p-bram"});
  log.files.replace(b.paths.keys, Bytes());
  b.lead();
  EXPECT_EQ(b.ring->missing(), 2u);
  b.registers("p-carla");
  EXPECT_GE(log.slot("p-carla"), 2u) << "the slots of those that records name stay theirs";
  // They were not lost.
  a.lead();
  EXPECT_EQ(log.unreadable(a), none);
  b.follow();
  EXPECT_EQ(log.unreadable(b), none);
  b.lead();
  EXPECT_EQ(log.unreadable(b), none);
  Directory c(log, "c");
  c.follow();
  EXPECT_EQ(log.unreadable(c), none);
}

// The log alone decides who is forgotten: what the topic loses is published again by whoever has it.
TEST(SharedKeys, that_are_gone_from_the_topic_come_back) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  a.registers("p-anna");
  a.end();
  log.topic.append(destroyed_message(log.key_of("p-anna")));  // somebody else's doing
  log.topic.compact();
  b.follow();
  EXPECT_EQ(b.ring->missing(), 1u);
  b.lead();
  b.registers("p-bram");
  a.follow();
  EXPECT_EQ(log.unreadable(a), none);
  a.lead();
  b.follow();
  EXPECT_EQ(log.unreadable(b), none) << "also where it had read past that record";
  b.lead();
  EXPECT_EQ(log.unreadable(b), none);
  EXPECT_EQ(log.live_on_topic(), 2u);
}

TEST(SharedKeys, what_others_write_there_is_void) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  a.registers("p-anna");
  log.topic.append({"hello", "world"});
  log.topic.append({Bytes(view(log.key_of("p-anna"))), "garbage"});
  log.topic.append(key_message({make_key_id(0), 99, Bytes(wrapped_key_size, 'x')}));                      // a higher epoch, and no key
  log.topic.append(destroyed_message(make_key_id(std::uint64_t{1} << 60)));
  log.topic.append(key_message({make_key_id(std::uint64_t{1} << 60), 99, Bytes(wrapped_key_size, 'x')}));
  b.follow();
  EXPECT_TRUE(b.reads("p-anna"));
  b.lead();
  b.registers("p-bram");
  EXPECT_EQ(log.slot("p-bram"), 1u);
  EXPECT_EQ(log.unreadable(b), none);
  KeyMessage newer = writer_message(1, {});
  Bytes& value = *newer.value;
  value[8] = 2;
  log.topic.append(newer);
  a.follow();
  EXPECT_TRUE(a.reads("p-bram")) << "its checksum is wrong: damaged, not newer";
}

TEST(SharedKeys, keys_and_ledger_that_a_directory_lost_are_made_anew) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  a.registers("p-anna");
  a.registers("p-bram");
  a.forgets("p-bram");
  b.follow();
  b.end();
  for (const std::string& lost : {b.paths.keys, b.paths.erasure_ledger}) {
    log.files.replace(lost, std::nullopt);
    b.follow();
    EXPECT_TRUE(b.reads("p-anna"));
    EXPECT_FALSE(b.reads("p-bram"));
    EXPECT_EQ(read_erasures(log.files, b.paths.erasure_ledger, log.history)->size(), 1u);
    b.lead();
    EXPECT_EQ(log.unreadable(b), none);
    b.end();
  }
}

// Whose a key is, where its slot does not tell, all records have to.
TEST(SharedKeys, a_slot_whose_owner_is_damaged_is_mended_from_the_log) {
  SharedLog log;
  Directory a(log, "a"), b(log, "b");
  a.lead();
  a.registers("p-anna");
  a.registers("p-bram");
  a.follow();
  a.end();
  log.files.flip(a.paths.keys, (1 + log.slot("p-anna")) * key_slot_size + 30, 1);
  a.lead();
  EXPECT_EQ(log.unreadable(a), none);
  a.forgets("p-anna");
  EXPECT_EQ(log.published("p-anna"), 0u);
  b.follow();
  EXPECT_EQ(log.unreadable(b), none);
}

TEST(SharedKeys, none_is_left_on_the_topic_of_a_log_that_went_elsewhere) {
  SharedLog log;
  Directory a(log, "a");
  a.lead();
  a.registers("p-anna");
  ASSERT_TRUE(destroy_published_keys(log.files, a.paths, log.topic.feed()));
  EXPECT_EQ(log.live_on_topic(), 0u);
  EXPECT_TRUE(a.reads("p-anna")) << "here it stays";
}

// Making and forgetting, cut short at each change on disk and at each message.
TEST(SharedKeys, stopped_at_any_step_lose_nobody_and_keep_nobody) {
  for (const auto loss : {FaultyFileSystem::Loss::process, FaultyFileSystem::Loss::power}) {
    bool done = false;
    for (std::uint64_t step = 0; !done; ++step) {
      SCOPED_TRACE(concat("stopped at change ", step));
      SharedLog log(step + 1);
      Directory a(log, "a"), b(log, "b");
      a.lead();
      a.registers("p-anna");
      a.end();
      log.files.stop_at(loss, step);
      done = a.try_lead() && a.try_register("p-bram") && a.try_register("p-carla") && a.try_forget("p-anna") && a.try_register("p-dirk");
      a.end();
      log.files.stop(loss);
      log.files.start();
      log.expect_settled({&a, &b});
    }
  }
}

TEST(SharedKeys, cut_off_from_the_brokers_at_any_message_lose_nobody_and_keep_nobody) {
  for (const std::size_t stored : {0, 1}) {
    bool done = false;
    for (std::uint64_t nth = 0; !done; ++nth) {
      SCOPED_TRACE(concat("cut off at message ", nth, ", stored: ", stored));
      SharedLog log(nth + 1);
      Directory a(log, "a"), b(log, "b");
      a.lead();
      a.registers("p-anna");
      a.end();
      log.topic.publishes_until_failure = nth;
      log.topic.stored_of_failed = stored;
      done = a.try_lead() && a.try_register("p-bram") && a.try_register("p-carla") && a.try_forget("p-anna") && a.try_register("p-dirk");
      a.end();
      log.topic.publishes_until_failure = UINT64_MAX;
      log.expect_settled({&b, &a});
    }
  }
}

}  // namespace
}  // namespace kring
