// Keys that move to another data directory: none is lost, none that was destroyed comes back, whenever the move is cut short.
#include "events/privacy/moving_keys.h"

#include <gtest/gtest.h>

#include "events/base/check.h"
#include "events/base/text.h"
#include "events/filesystem/faulty_filesystem.h"
#include "events/json/json.h"
#include "events/privacy/erasure_ledger.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/key_store.h"

namespace kring {
namespace {

const KeyringPaths here{"old/keys", "old.kek", "old.erased"}, there{"new/keys", "new.kek", "new.erased"};
const Erasure of_bram{{"p"}, {"p-bram"}, 4}, of_anna{{"p"}, {"p-anna"}, 5};

SealContext name_of(const std::string& person) { return {{{person}}, "name", {"p"}, "r-" + person}; }

// Three persons in the old directory; bram was forgotten in the log, and the process was killed before his key was destroyed.
class Move {
 public:
  explicit Move(unsigned seed = 1) : files(seed) {
    history.fill(7);
    KRING_CHECK(files.make_directory("old").has_value() && files.make_directory("new").has_value());
    {
      auto ring = open_keyring(files, here, history, true);
      KRING_CHECK(ring.has_value() && (*ring)->resumed().has_value());
      for (const char* person : {"p-anna", "p-bram", "p-cees"}) add(**ring, person);
    }
    Decision forgetting;
    forgetting.command.programme = {"p"};
    forgetting.events.emplace_back(event::PersonForgotten{{"p-bram"}});
    records.push_back(forgetting);
  }
  // Registers somebody, as a record of the log.
  void add(Sealer& ring, const std::string& person) {
    auto command = json::parse_command(concat(R"({"type":"register_person","programme":"p","role":"r","name":"Naam","person":")", person, R"(","id":"r-)", person, "\"}"));
    KRING_CHECK(command.has_value());
    Decision decision;
    decision.command = command->command;
    KRING_CHECK(seal(decision, true, ring).has_value() && ring.make_durable().has_value());
    records.push_back(decision);
  }
  std::unique_ptr<Sealer> ring(const KeyringPaths& paths) {
    auto opened = open_keyring(files, paths, history, false);
    KRING_CHECK(opened.has_value());
    for (const Decision& record : records) (*opened)->resume(record);
    KRING_CHECK((*opened)->resumed().has_value());
    return std::move(*opened);
  }
  Result<void> copy() {
    return copy_keys(files, here, there, history, [&](const auto& visit) -> Result<void> {
      for (std::size_t i = 0; i < records.size(); ++i) visit(records[i], i + 1);
      return {};
    });
  }
  Result<void> destroy() { return destroy_moved_keys(files, here, there); }
  bool opens(const KeyringPaths& paths, const std::string& person) {
    auto reader = open_key_reader(files, paths, history);
    for (const Decision& record : records)
      if (const auto* command = std::get_if<command::RegisterPerson>(&record.command.body); command && command->person.text == person)
        return reader && (*reader)->open(name_of(person), command->name.sealed).has_value();
    return false;
  }
  bool has_key(const KeyringPaths& paths, const std::string& person) {  // whatever the ledger says
    auto store = KeyStore::open(files, paths.keys, read_key_encryption_key(files, paths.key_encryption_key).value());
    KRING_CHECK(store.has_value());
    return (*store)->has(key_owner({"p"}, {person}));
  }

  FaultyFileSystem files;
  HistoryId history{};
  std::vector<Decision> records;
};

TEST(MovingKeys, takes_all_along_but_those_of_the_forgotten_and_leaves_none_behind) {
  Move move;
  ASSERT_TRUE(move.copy());
  EXPECT_TRUE(move.opens(there, "p-anna"));
  EXPECT_TRUE(move.opens(here, "p-anna")) << "nothing is sealed yet";
  for (const auto& paths : {here, there}) EXPECT_FALSE(move.has_key(paths, "p-bram"));
  ASSERT_TRUE(move.destroy());
  ASSERT_TRUE(move.destroy());
  EXPECT_FALSE(move.has_key(here, "p-anna"));
  EXPECT_FALSE(move.has_key(here, "p-cees"));
  EXPECT_TRUE(move.opens(there, "p-anna"));
  EXPECT_TRUE(move.opens(there, "p-cees"));
  // A backup of the old place that comes to the new one stays forgotten.
  EXPECT_EQ(read_erasures(move.files, there.erasure_ledger, move.history).value(), std::vector{of_bram});
}

TEST(MovingKeys, again_brings_what_is_new_and_takes_away_who_was_forgotten_meanwhile) {
  Move move;
  ASSERT_TRUE(move.copy());
  {
    const auto ring = move.ring(here);
    move.add(*ring, "p-dirk");
    ASSERT_TRUE(ring->forget({of_anna}));
  }
  ASSERT_TRUE(move.copy());
  EXPECT_TRUE(move.opens(there, "p-dirk"));
  EXPECT_FALSE(move.has_key(there, "p-anna"));
}

TEST(MovingKeys, what_was_forgotten_at_the_new_place_is_no_reason_to_keep_the_old_key) {
  Move move;
  ASSERT_TRUE(move.copy());
  {
    ASSERT_TRUE(move.ring(there)->forget({of_anna}));
  }
  ASSERT_TRUE(move.destroy());
  for (const auto& paths : {here, there}) EXPECT_FALSE(move.has_key(paths, "p-anna"));
}

TEST(MovingKeys, keys_of_another_history_are_not_overwritten) {
  Move move;
  {
    HistoryId other;
    other.fill(9);
    auto ring = open_keyring(move.files, there, other, true);
    ASSERT_TRUE((*ring)->resumed());
    ASSERT_TRUE((*ring)->seal(name_of("p-anna"), "Naam"));
    ASSERT_TRUE((*ring)->make_durable());
  }
  const Bytes before = move.files.content(there.keys);
  const auto copied = move.copy();
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, "other_keys");
  EXPECT_EQ(move.files.content(there.keys), before);
}

TEST(MovingKeys, none_is_destroyed_that_the_new_place_lacks) {
  Move move;
  EXPECT_EQ(move.destroy().error().code, "keys_missing");
  ASSERT_TRUE(move.copy());
  move.files.replace(there.keys, move.files.content(there.keys).substr(0, 256));
  EXPECT_EQ(move.destroy().error().code, "keys_missing");
  EXPECT_TRUE(move.opens(here, "p-cees"));
}

TEST(MovingKeys, a_directory_without_its_keys_is_told_so) {
  Move move;
  move.files.replace(here.keys, {});
  EXPECT_EQ(move.copy().error().code, "keys_missing");
}

TEST(MovingKeys, stopped_at_any_change_are_whole_in_one_place_and_the_next_move_completes) {
  for (const auto loss : {FaultyFileSystem::Loss::process, FaultyFileSystem::Loss::power}) {
    bool done = false;
    for (std::uint64_t step = 0; !done; ++step) {
      SCOPED_TRACE(concat("stopped at change ", step));
      Move move(static_cast<unsigned>(step + 1));
      move.files.stop_at(loss, step);
      const bool copied = move.copy().has_value();
      done = copied && move.destroy().has_value();
      move.files.stop(loss);
      move.files.start();
      EXPECT_TRUE(move.opens(here, "p-anna") || move.opens(there, "p-anna"));
      if (!copied) {
        const auto again = move.copy();
        ASSERT_TRUE(again) << again.error().message;
      }
      EXPECT_FALSE(move.has_key(there, "p-bram"));
      const auto destroyed = move.destroy();
      ASSERT_TRUE(destroyed) << destroyed.error().message;
      for (const char* person : {"p-anna", "p-bram", "p-cees"}) EXPECT_FALSE(move.has_key(here, person));
      EXPECT_TRUE(move.opens(there, "p-anna"));
      EXPECT_TRUE(move.opens(there, "p-cees"));
    }
  }
}

}  // namespace
}  // namespace kring
