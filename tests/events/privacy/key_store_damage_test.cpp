// A key store that a crash has cut short, or whose bytes have changed: what is torn goes, what is damaged is found.
#include <gtest/gtest.h>

#include "tests/events/privacy/key_stores.h"

namespace kring {
namespace {

TEST_F(KeyStores, what_a_crash_cut_anywhere_behind_the_last_sync_is_no_loss) {
  {
    auto keys = store();
    durable_key(*keys, anna);
    keys->make(bram);
    keys->make(carla);
    ASSERT_TRUE(keys->make_durable());
  }
  const auto whole = files->copy();
  for (std::size_t cut = 2 * key_slot_size; cut <= 4 * key_slot_size; ++cut)
    for (bool zeros : {false, true}) {  // the room behind may have reached the disk before the data
      files = whole->copy();
      bytes().resize(cut);
      if (zeros) bytes().resize(64 << 10);
      auto keys = store();
      auto a = keys->find(anna);
      ASSERT_TRUE(a && *a);
      PersonKey fresh = durable_key(*keys, bram);
      EXPECT_EQ((*store()->find(bram))->id, fresh.id) << cut;
      EXPECT_TRUE(*store()->find(anna));
    }
}

TEST_F(KeyStores, a_header_that_a_crash_left_empty_is_written_again) {
  store();
  std::ranges::fill(bytes(), '\0');
  durable_key(*store(), anna);
  EXPECT_TRUE(*store()->find(anna));
}

TEST_F(KeyStores, a_header_that_was_torn_before_there_was_any_key_is_written_again) {
  const Bytes header = key_store_header(wrapping);
  for (std::size_t cut = 0; cut <= key_slot_size; ++cut)
    for (bool front : {true, false}) {
      files->files[path] = std::make_shared<Bytes>(key_slot_size, '\0');
      bytes().replace(front ? 0 : cut, front ? cut : key_slot_size - cut, header, front ? 0 : cut, front ? cut : key_slot_size - cut);
      ASSERT_TRUE(KeyStore::open(*files, path, wrapping, true)) << cut;
      EXPECT_EQ(bytes(), header);
    }
  bytes()[20] ^= 1;
  EXPECT_FALSE(KeyStore::open(*files, path, wrapping)) << "records may need what stood there";
}

TEST_F(KeyStores, a_key_that_a_crash_half_destroyed_is_destroyed_by_the_owner_or_by_its_mark) {
  PersonKey a;
  {
    auto keys = store();
    a = durable_key(*keys, anna);
    durable_key(*keys, bram);
  }
  const Bytes live = bytes().substr(key_slot_size, key_slot_size), gone = destroyed_key_slot(a.id);
  const Bytes wrapped = parse_key_slot(live).wrapped;
  for (std::size_t cut = 0; cut <= key_slot_size; ++cut)
    for (bool front : {true, false}) {
      bytes().replace(key_slot_size, key_slot_size, front ? gone.substr(0, cut) + live.substr(cut) : live.substr(0, cut) + gone.substr(cut));
      ASSERT_TRUE(store()->destroy({anna}));
      for (std::size_t at = 0; at + 8 <= wrapped.size(); ++at) ASSERT_EQ(bytes().find(wrapped.substr(at, 8)), Bytes::npos) << cut << front;
    }
}

TEST_F(KeyStores, every_damaged_byte_of_a_slot_loses_at_most_that_key_and_it_is_destroyed_all_the_same) {
  PersonKey a, b;
  {
    auto keys = store();
    a = durable_key(*keys, anna);
    b = durable_key(*keys, bram);
  }
  const auto whole = files->copy();
  for (std::size_t at = key_slot_size; at < 2 * key_slot_size; ++at) {
    files = whole->copy();
    bytes()[at] = static_cast<char>(bytes()[at] ^ 0x10);
    auto keys = store();
    EXPECT_EQ(keys->unreadable(), 1u) << at;
    const bool owner_hit = at >= key_slot_size + 24 && at < key_slot_size + 48;
    EXPECT_EQ(on_disk(a.id).has_value(), owner_hit) << at;
    EXPECT_TRUE(on_disk(b.id));
    const bool number_hit = at >= key_slot_size + 8 && at < key_slot_size + 16;
    EXPECT_EQ(keys->must_resume_all(), owner_hit || number_hit) << at;
    if (number_hit) {
      keys->resume(anna, a.id);
      ASSERT_TRUE(keys->resumed());
      EXPECT_EQ(keys->unreadable(), 1u) << "a record needs it: it stays damaged";
    }
    if (owner_hit) {  // the records tell
      keys->resume(anna, a.id);
      keys->resume(bram, b.id);
      ASSERT_TRUE(keys->resumed());
      EXPECT_EQ((*keys->find(anna))->id, a.id);
      EXPECT_EQ(store()->unreadable(), 0u);
    }
    ASSERT_TRUE(keys->destroy({anna}));
    EXPECT_FALSE(on_disk(a.id));
    EXPECT_EQ(bytes().find(view(anna)), Bytes::npos) << at;
  }
}

TEST_F(KeyStores, a_damaged_last_slot_is_not_taken_for_one_that_a_crash_tore) {
  PersonKey b;
  {
    auto keys = store();
    durable_key(*keys, anna);
    b = keys->make(bram);
    ASSERT_TRUE(keys->make_durable());
  }
  const auto last = key_slot_size * (1 + slot_of(b.id));
  bytes().resize(last + key_slot_size);  // none that were made ahead
  const auto whole = files->copy();
  for (std::size_t at = last; at < last + key_slot_size; ++at) {
    const bool owner_hit = at >= last + 24 && at < last + 48;
    if (owner_hit) continue;  // the key is well, and records tell whose it is
    files = whole->copy();
    bytes()[at] = static_cast<char>(bytes()[at] ^ 0x10);
    const Bytes before = bytes();
    auto keys = store();
    EXPECT_EQ(bytes(), before) << at << ": nothing is cut off";
    EXPECT_EQ(keys->unreadable(), 1u) << at;
    keys->resume(bram, b.id);
    ASSERT_TRUE(keys->resumed());
    EXPECT_EQ(keys->unreadable(), 1u) << at;
    EXPECT_EQ(slot_of(durable_key(*keys, carla).id), slot_of(b.id) + 1) << at << ": and its number is not used again";
  }
}

TEST_F(KeyStores, a_header_that_became_zeros_is_made_anew_where_the_keys_behind_it_fit_the_key_encryption_key) {
  const PersonKey a = durable_key(*store(), anna);
  ASSERT_TRUE(store()->destroy({bram}));
  const Bytes header = bytes().substr(0, key_slot_size);
  std::fill_n(bytes().begin(), key_slot_size, '\0');
  const Bytes damaged = bytes();
  const Secret right = std::exchange(wrapping, Secret::random());
  auto opened = KeyStore::open(*files, path, wrapping);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "other_key");
  EXPECT_NE(opened.error().message.find("d/keys: bytes 0 to 127, its header, are zeros, and the key at offset 128"), std::string::npos) << opened.error().message;
  EXPECT_EQ(bytes(), damaged);
  wrapping = right;
  store();
  EXPECT_EQ(bytes().substr(0, key_slot_size), header);
  EXPECT_EQ(on_disk(a.id), a.secret.bytes());
}

TEST_F(KeyStores, every_damaged_byte_of_the_header_is_refused) {
  durable_key(*store(), anna);
  const auto whole = files->copy();
  for (std::size_t at = 0; at < key_slot_size; ++at) {
    files = whole->copy();
    bytes()[at] = static_cast<char>(bytes()[at] ^ 0x10);
    EXPECT_FALSE(KeyStore::open(*files, path, wrapping)) << at;
  }
}

}  // namespace
}  // namespace kring
