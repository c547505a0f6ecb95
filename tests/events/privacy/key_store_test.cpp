// The key store: keys are written once, found by id, and destroyed for good.
#include <gtest/gtest.h>

#include "events/base/text.h"
#include "events/filesystem/faulty_filesystem.h"
#include "events/privacy/key_encryption_key.h"
#include "tests/events/privacy/key_stores.h"

namespace kring {
namespace {

TEST_F(KeyStores, a_key_is_found_by_owner_and_by_id_also_after_opening_again) {
  PersonKey a, b;
  {
    auto keys = store();
    a = durable_key(*keys, anna);
    b = durable_key(*keys, bram);
    EXPECT_NE(a.secret.bytes(), b.secret.bytes());
  }
  auto keys = store();
  EXPECT_EQ((*keys->find(anna))->secret.bytes(), a.secret.bytes());
  EXPECT_EQ((*keys->find(anna))->id, a.id);
  EXPECT_EQ((*keys->find(bram))->id, b.id);
  EXPECT_FALSE(*keys->find(carla));
  EXPECT_EQ(on_disk(a.id), a.secret.bytes());
}

TEST_F(KeyStores, a_key_that_is_not_durable_yet_is_known_to_its_writer_alone) {
  auto keys = store();
  PersonKey a = keys->make(anna);
  EXPECT_EQ((*keys->find(anna))->id, a.id);
  EXPECT_FALSE(on_disk(a.id));
  auto before = files->syncs;
  ASSERT_TRUE(keys->make_durable());
  EXPECT_EQ(files->syncs, before + 1);
  EXPECT_TRUE(on_disk(a.id));
  ASSERT_TRUE(keys->make_durable());
  EXPECT_EQ(files->syncs, before + 1) << "nothing was left to sync";
}

TEST_F(KeyStores, keys_are_made_ahead_so_that_few_of_them_wait_for_a_sync) {
  auto keys = store();
  const auto before = files->syncs;
  std::vector<KeyId> ids;
  for (int i = 0; i < 5000; ++i) ids.push_back(durable_key(*keys, key_owner({"p"}, {std::to_string(i)})).id);
  EXPECT_LE(files->syncs - before, 20u);
  for (const KeyId& id : ids) ASSERT_TRUE(on_disk(id)) << "durable all the same";
  keys = store();
  for (int i = 0; i < 5000; ++i) ASSERT_EQ((*keys->find(key_owner({"p"}, {std::to_string(i)})))->id, ids[static_cast<std::size_t>(i)]);
}

TEST_F(KeyStores, a_process_that_needs_keys_once_makes_none_ahead) {
  auto keys = store();
  for (const auto& owner : {anna, bram, carla}) keys->make(owner);
  ASSERT_TRUE(keys->make_durable());
  keys = store();
  EXPECT_FALSE(keys->may_resume());
  EXPECT_EQ(slot_of(durable_key(*keys, anna).id), 3u);
}

// Who got a key made ahead is written without a sync; what is lost of it the records tell.
TEST_F(KeyStores, after_a_power_loss_the_records_tell_who_got_which_key) {
  std::size_t lost = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FaultyFileSystem disk(seed);
    PersonKey c;
    {
      auto keys = KeyStore::open(disk, path, wrapping).value();
      for (const auto& owner : {anna, bram, carla}) {
        c = keys->make(owner);
        ASSERT_TRUE(keys->make_durable());
      }
      disk.stop(FaultyFileSystem::Loss::power);
    }
    disk.start();
    auto keys = KeyStore::open(disk, path, wrapping).value();
    lost += !keys->has(carla);
    keys->resume(carla, c.id);
    ASSERT_TRUE(keys->resumed());
    ASSERT_EQ((*keys->find(carla))->secret.bytes(), c.secret.bytes()) << seed;
    disk.stop(FaultyFileSystem::Loss::power);
    keys.reset();
    disk.start();
    keys = KeyStore::open(disk, path, wrapping).value();
    ASSERT_EQ((*keys->find(carla))->id, c.id) << seed << ": durable when resumed";
    ASSERT_FALSE(keys->may_resume()) << seed;
    ASSERT_TRUE(keys->destroy({carla}));
    ASSERT_FALSE(*KeyReader::open(disk, path, wrapping).value()->find(c.id));
  }
  EXPECT_GT(lost, 0u);
}

TEST_F(KeyStores, a_key_made_ahead_that_nobody_got_is_destroyed_at_the_next_start) {
  PersonKey spare;
  {
    auto keys = store();
    durable_key(*keys, anna);
    durable_key(*keys, bram);
  }
  const auto whole = files->copy();
  spare = store()->make(carla);  // a new one: those of an earlier object are not given away
  EXPECT_EQ(slot_of(spare.id), 3u);
  files = whole->copy();
  const KeySlot ahead = parse_key_slot(BytesView(bytes()).substr(3 * key_slot_size, key_slot_size));
  ASSERT_EQ(ahead.kind, SlotKind::spare);
  auto keys = store();
  ASSERT_TRUE(keys->resumed());
  EXPECT_FALSE(on_disk(ahead.id));
  EXPECT_EQ(bytes().find(ahead.wrapped), Bytes::npos);
  EXPECT_EQ(slot_of(durable_key(*keys, carla).id), 3u);
}

TEST_F(KeyStores, settled_is_who_got_which_key_too) {
  FaultyFileSystem disk(1);
  PersonKey c;
  {
    auto keys = KeyStore::open(disk, path, wrapping).value();
    for (const auto& owner : {anna, bram, carla}) {
      c = keys->make(owner);
      ASSERT_TRUE(keys->make_durable());
    }
    ASSERT_TRUE(keys->settle());
    disk.stop(FaultyFileSystem::Loss::power);
  }
  disk.start();
  EXPECT_EQ((*KeyStore::open(disk, path, wrapping).value()->find(carla))->id, c.id);
}

// Version 1 bound each key to its owner. Such keys stay as they are.
TEST_F(KeyStores, a_store_of_version_1_is_read_and_becomes_one_of_version_2) {
  const std::string golden = concat(KRING_SOURCE_DIR, "/tests/golden/keys/version-1");
  wrapping = read_key_encryption_key(posix_filesystem(), golden + ".kek").value();
  const Bytes old = read_whole(*posix_filesystem().open(golden + ".keys", OpenMode::read).value()).value();
  const auto owner = [](int number) { return key_owner({"leerkringen-2024-2025"}, {concat("p-", number)}); };
  const auto first = parse_key_slot(BytesView(old).substr(key_slot_size, key_slot_size));
  for (std::size_t cut = 0; cut <= key_slot_size; ++cut)
    for (bool front : {true, false}) {
      files->files[path] = std::make_shared<Bytes>(old);
      const Bytes header = key_store_header(wrapping);
      for (std::size_t i = 0; i < key_slot_size; ++i)  // a crash tore the writing of the new header
        if ((i < cut) == front) bytes()[i] = header[i];
      EXPECT_TRUE(on_disk(first.id)) << cut;
      auto keys = store();
      EXPECT_EQ(bytes().substr(0, key_slot_size), header);
      EXPECT_EQ((*keys->find(owner(1)))->id, first.id);
      EXPECT_FALSE(*keys->find(owner(2))) << "destroyed";
      EXPECT_TRUE(*keys->find(owner(3)));
      EXPECT_EQ(slot_of(durable_key(*keys, anna).id), 3u);
      ASSERT_TRUE(keys->destroy({owner(1)}));
      EXPECT_FALSE(on_disk(first.id));
    }
}

TEST_F(KeyStores, a_destroyed_key_leaves_no_byte_and_its_number_is_not_used_again) {
  auto keys = store();
  PersonKey a = durable_key(*keys, anna), b = durable_key(*keys, bram);
  Bytes wrapped = parse_key_slot(BytesView(bytes()).substr(key_slot_size, key_slot_size)).wrapped;
  ASSERT_NE(bytes().find(wrapped), Bytes::npos);
  auto before = files->syncs;
  ASSERT_TRUE(keys->destroy({anna}));
  EXPECT_EQ(files->syncs, before + 1);
  EXPECT_EQ(bytes().find(wrapped), Bytes::npos);
  EXPECT_EQ(bytes().find(view(anna)), Bytes::npos) << "nor whose it was";
  EXPECT_FALSE(on_disk(a.id));
  EXPECT_TRUE(on_disk(b.id));
  EXPECT_FALSE(*keys->find(anna));
  keys = store();
  EXPECT_FALSE(*keys->find(anna));
  EXPECT_EQ(slot_of(durable_key(*keys, carla).id), 3u) << "and 2 was made ahead";
  ASSERT_TRUE(keys->destroy({anna})) << "again is nothing";
}

TEST_F(KeyStores, all_keys_of_an_owner_are_destroyed) {
  auto keys = store();
  std::vector<PersonKey> of_anna;
  for (int i = 0; i < 3; ++i) of_anna.push_back(durable_key(*keys, anna));
  EXPECT_EQ((*keys->find(anna))->id, of_anna.back().id) << "the newest counts";
  ASSERT_TRUE(keys->destroy({anna}));
  for (const auto& key : of_anna) EXPECT_FALSE(on_disk(key.id));
}

TEST_F(KeyStores, an_id_that_names_no_slot_finds_nothing) {
  auto keys = store();
  PersonKey a = durable_key(*keys, anna);
  KeyId other = a.id;
  other.back() ^= 1;
  EXPECT_FALSE(on_disk(other)) << "the same slot, another key";
  KeyId far{};
  far.fill(0xff);
  EXPECT_FALSE(on_disk(far));
}

TEST_F(KeyStores, another_key_encryption_key_is_refused) {
  durable_key(*store(), anna);
  wrapping = Secret::random();
  auto opened = KeyStore::open(*files, path, wrapping);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "other_key");
  EXPECT_EQ(KeyReader::open(*files, path, wrapping).error().code, "other_key");
}

// What a failed sync left in the cache alone is written again before a record can rely on it.
TEST_F(KeyStores, a_key_whose_sync_failed_is_durable_before_it_is_used) {
  std::size_t lost = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    FaultyFileSystem disk(seed);
    {
      auto keys = KeyStore::open(disk, path, wrapping).value();
      keys->make(anna);
      disk.fail_at(FaultyFileSystem::Operation::sync, 0);
      ASSERT_FALSE(keys->make_durable());
      disk.stop(FaultyFileSystem::Loss::process);
    }
    disk.start();
    std::optional<PersonKey> found;
    {
      auto keys = KeyStore::open(disk, path, wrapping).value();
      found = keys->find(anna).value();
      ASSERT_TRUE(keys->make_durable());
      disk.stop(FaultyFileSystem::Loss::power);
    }
    disk.start();
    lost += !found;
    const auto again = KeyStore::open(disk, path, wrapping).value()->find(anna).value();
    ASSERT_TRUE(!found || (again && again->id == found->id)) << seed;
  }
  EXPECT_LT(lost, 50u);
}

TEST_F(KeyStores, a_failed_write_or_sync_is_an_error_and_what_was_durable_stays) {
  auto keys = store();
  durable_key(*keys, anna);
  files->writes_until_failure = 0;
  keys->make(bram);
  EXPECT_FALSE(keys->make_durable());
  files->writes_until_failure = UINT64_MAX;
  keys = store();
  EXPECT_TRUE(*keys->find(anna));
  EXPECT_FALSE(*keys->find(bram));
  keys->make(bram);
  files->syncs_until_failure = 0;
  EXPECT_FALSE(keys->make_durable());
  keys = store();
  files->syncs_until_failure = 0;
  EXPECT_FALSE(keys->destroy({anna})) << "destroyed is only what is durably so";
}

}  // namespace
}  // namespace kring
