// A key store in a file system in memory, and what its tests ask of it.
#pragma once

#include <gtest/gtest.h>

#include "events/privacy/key_slot.h"
#include "events/privacy/key_store.h"
#include "tests/support/memory_filesystem.h"

namespace kring {

class KeyStores : public ::testing::Test {
 protected:
  const std::string path = "d/keys";
  const KeyOwner anna = key_owner({"p"}, {"p-anna"}), bram = key_owner({"p"}, {"p-bram"}), carla = key_owner({"p"}, {"p-carla"});

  std::unique_ptr<KeyStore> store() {
    auto opened = KeyStore::open(*files, path, wrapping);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  // The secret that the id leads to from the file alone; none where there is none.
  std::optional<Bytes> on_disk(const KeyId& id) {
    auto reader = KeyReader::open(*files, path, wrapping);
    EXPECT_TRUE(reader);
    auto secret = (*reader)->find(id);
    EXPECT_TRUE(secret);
    return *secret ? std::optional(Bytes((*secret)->bytes())) : std::nullopt;
  }
  PersonKey durable_key(KeyStore& keys, const KeyOwner& owner) {
    PersonKey key = keys.make(owner);
    EXPECT_TRUE(keys.make_durable());
    return key;
  }
  Bytes& bytes() { return *files->files.at(path); }

  Secret wrapping = Secret::random();
  std::unique_ptr<testing::MemoryFileSystem> files = std::make_unique<testing::MemoryFileSystem>();
};

}  // namespace kring
