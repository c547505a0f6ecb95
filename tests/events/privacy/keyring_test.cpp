// The keyring: what opens a sealed text, what does not, and what nothing opens any more.
#include "events/privacy/keyring.h"

#include <gtest/gtest.h>

#include "events/base/check.h"
#include "events/filesystem/faulty_filesystem.h"
#include "tests/support/memory_filesystem.h"

namespace kring {
namespace {

using testing::MemoryFileSystem;

const KeyringPaths paths{"d/keys", "d.kek", "d.erased"};
const SealContext name{{{"p-anna"}}, "name", {"p"}, "c-1"};
const SealContext reason{{{"p-anna"}, {"p-bram"}}, "reason", {"p"}, "c-1"};
const Erasure anna{{"p"}, {"p-anna"}, 3}, bram{{"p"}, {"p-bram"}, 4};

class Keyrings : public ::testing::Test {
 protected:
  Keyrings() { history.fill(7); }

  std::unique_ptr<Sealer> keyring(bool fresh = false) {
    auto opened = open_keyring(*files, paths, history, fresh || !files->files.contains(paths.keys));
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  std::unique_ptr<Opener> reader() {
    auto opened = open_key_reader(*files, paths, history);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  Bytes sealed(Sealer& ring, const SealContext& context, std::string_view clear) {
    auto bytes = ring.seal(context, clear);
    KRING_CHECK(bytes.has_value() && ring.make_durable().has_value());
    return *bytes;
  }
  bool anywhere(BytesView bytes) {
    for (const auto& [path, content] : files->files)
      if (content->find(bytes) != Bytes::npos) return true;
    return false;
  }

  HistoryId history{};
  std::unique_ptr<MemoryFileSystem> files = std::make_unique<MemoryFileSystem>();
};

TEST_F(Keyrings, open_what_they_sealed_also_in_another_process) {
  auto ring = keyring();
  Bytes a = sealed(*ring, name, "Anna"), b = sealed(*ring, reason, "Ruil");
  EXPECT_EQ(ring->open(name, a), "Anna");
  EXPECT_EQ(reader()->open(name, a), "Anna");
  EXPECT_EQ(reader()->open(reason, b), "Ruil");
  EXPECT_EQ(a.find("Anna"), Bytes::npos);
  EXPECT_NE(sealed(*ring, name, "Anna"), a) << "the same text looks another each time";
}

TEST_F(Keyrings, open_nothing_as_something_else) {
  auto ring = keyring();
  sealed(*ring, {{{"p-bram"}}, "name", {"p"}, "c-0"}, "Bram");
  Bytes a = sealed(*ring, name, "Anna"), r = sealed(*ring, reason, "Ruil");
  auto changed = [](SealContext context, auto change) { return change(context), context; };
  EXPECT_FALSE(ring->open(changed(name, [](auto& c) { c.member = "email"; }), a));
  EXPECT_FALSE(ring->open(changed(name, [](auto& c) { c.persons = {{"p-bram"}}; }), a));
  EXPECT_FALSE(ring->open(changed(name, [](auto& c) { c.persons = {}; }), a));
  EXPECT_FALSE(ring->open(changed(name, [](auto& c) { c.programme = {"q"}; }), a));
  EXPECT_FALSE(ring->open(changed(name, [](auto& c) { c.command_id = "c-2"; }), a));
  EXPECT_FALSE(ring->open(changed(reason, [](auto& c) { std::swap(c.persons[0], c.persons[1]); }), r));
  EXPECT_FALSE(ring->open(changed(reason, [](auto& c) { c.persons.pop_back(); }), r));
  history.fill(8);
  EXPECT_FALSE(reader()->open(name, a)) << "another history";
}

TEST_F(Keyrings, open_nothing_of_which_a_byte_was_changed_or_is_missing) {
  auto ring = keyring();
  const Bytes whole = sealed(*ring, reason, "Ruil");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    EXPECT_FALSE(ring->open(reason, bytes)) << at;
    EXPECT_FALSE(ring->open(reason, BytesView(whole).substr(0, at))) << at;
  }
}

TEST_F(Keyrings, store_what_names_nobody_in_the_clear_and_open_it_without_keys) {
  const SealContext nobody{{}, "reason", {"p"}, "c-1"};
  Bytes bytes = sealed(*keyring(), nobody, "Daarom");
  EXPECT_EQ(open_without_keys()->open(nobody, bytes), "Daarom");
  EXPECT_FALSE(open_without_keys()->open(name, bytes)) << "a clear name is a forged one";
}

TEST_F(Keyrings, after_forgetting_open_nothing_of_that_person_whoever_else_was_named) {
  auto ring = keyring();
  Bytes a = sealed(*ring, name, "Anna"), r = sealed(*ring, reason, "Ruil");
  SealContext of_bram{{{"p-bram"}}, "name", {"p"}, "c-0"};
  Bytes b = sealed(*ring, of_bram, "Bram");
  auto other = reader();  // one that was opened before
  ASSERT_TRUE(ring->forget({anna}));
  for (const Opener* opener : {static_cast<const Opener*>(ring.get()), static_cast<const Opener*>(other.get())}) {
    EXPECT_FALSE(opener->open(name, a));
    EXPECT_FALSE(opener->open(reason, r));
    EXPECT_EQ(opener->open(of_bram, b), "Bram");
  }
  EXPECT_FALSE(keyring()->open(name, a));
  EXPECT_TRUE(sealed(*ring, name, "Anna").empty()) << "nobody gets a key after that";
}

TEST_F(Keyrings, a_restored_backup_forgets_again_at_the_next_start) {
  auto ring = keyring();
  Bytes a = sealed(*ring, name, "Anna");
  sealed(*ring, {{{"p-bram"}}, "name", {"p"}, "c-0"}, "Bram");
  const Bytes backup = *files->files.at(paths.keys);
  ASSERT_TRUE(ring->forget({anna, bram}));
  ring.reset();
  *files->files.at(paths.keys) = backup;
  EXPECT_FALSE(reader()->open(name, a)) << "a reader that comes before that start looks into the ledger too";
  EXPECT_TRUE(reader()->is_erased({"p"}, {"p-anna"}));
  EXPECT_FALSE(reader()->is_erased({"q"}, {"p-anna"}) || reader()->is_erased({"p"}, {"p-carla"}));
  const Bytes ledger = std::exchange(*files->files.at(paths.erasure_ledger), Bytes());
  EXPECT_EQ(reader()->open(name, a), "Anna") << "else the test shows nothing";
  *files->files.at(paths.erasure_ledger) = ledger;
  ring = keyring();
  EXPECT_EQ(ring->erasures(), (std::vector<Erasure>{anna, bram}));
  EXPECT_FALSE(ring->open(name, a));
  EXPECT_NE(*files->files.at(paths.keys), backup);
}

TEST_F(Keyrings, the_ledger_is_durable_before_a_key_is_gone) {
  auto ring = keyring();
  Bytes a = sealed(*ring, name, "Anna");
  files->syncs_until_failure = 1;  // that of the ledger comes first
  ASSERT_FALSE(ring->forget({anna}));
  EXPECT_TRUE(anywhere("p-anna"));
  auto again = keyring();
  EXPECT_FALSE(again->open(name, a));
}

// A process ends while it makes the files, the next one finds them, and the power goes after its first record.
TEST_F(Keyrings, that_another_process_was_making_are_durable_before_they_are_used) {
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (std::uint64_t change = 0; change < 12; ++change) {
      FaultyFileSystem disk(seed);
      disk.stop_at(FaultyFileSystem::Loss::process, change);
      (void)open_keyring(disk, paths, history, true);
      disk.stop(FaultyFileSystem::Loss::process);
      disk.start();
      Bytes a;
      {
        auto ring = open_keyring(disk, paths, history, true);
        ASSERT_TRUE(ring) << ring.error().message;
        a = (*ring)->seal(name, "Anna").value();
        ASSERT_TRUE((*ring)->make_durable());
        disk.stop(FaultyFileSystem::Loss::power);
      }
      disk.start();
      auto ring = open_keyring(disk, paths, history, false);
      ASSERT_TRUE(ring) << change << ": " << ring.error().message;
      EXPECT_EQ((*ring)->open(name, a), "Anna");
    }
}

TEST_F(Keyrings, without_their_files_say_which_and_what_to_do) {
  Bytes a = sealed(*keyring(), name, "Anna");
  const auto whole = files->copy();
  for (const std::string& lost : {paths.keys, paths.key_encryption_key, paths.erasure_ledger}) {
    files = whole->copy();
    ASSERT_TRUE(files->remove(lost));
    auto writer = open_keyring(*files, paths, history, false);
    ASSERT_FALSE(writer) << lost;
    EXPECT_NE(writer.error().message.find(lost), std::string::npos) << writer.error().message;
    EXPECT_FALSE(open_key_reader(*files, paths, history)) << lost;
    EXPECT_FALSE(files->files.contains(lost)) << "a new one would hide the loss";
  }
}

TEST_F(Keyrings, with_an_empty_file_instead_of_lost_keys_go_on_and_open_nothing_old) {
  Bytes a = sealed(*keyring(), name, "Anna");
  files->files.at(paths.keys)->clear();
  auto ring = keyring();
  EXPECT_FALSE(ring->open(name, a));
  EXPECT_EQ(ring->open(name, sealed(*ring, name, "Anna")), "Anna");
}

TEST_F(Keyrings, a_key_encryption_key_that_is_none_is_refused) {
  keyring();
  for (const char* text : {"", "abc\n", "zz"}) {
    *files->files.at(paths.key_encryption_key) = text;
    auto opened = open_keyring(*files, paths, history, false);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "key_damaged");
  }
}

}  // namespace
}  // namespace kring
