// A log that several directories write and follow, and the topic of its keys: for tests of shared keyrings.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "events/filesystem/faulty_filesystem.h"
#include "events/privacy/shared_keyring.h"
#include "tests/support/memory_key_feed.h"

namespace kring::testing {

class Directory;

inline const std::set<std::string> none;

// The log: a record counts when its epoch is that of the newest claim. What does not count lies there all the same.
class SharedLog {
 public:
  explicit SharedLog(std::uint64_t seed = 1);

  std::uint64_t claim() { return ++epoch; }
  // True where it counts.
  bool append(const Decision& decision, std::uint64_t by);
  bool forget(const std::string& person, std::uint64_t by);

  std::set<std::string> registered() const;  // by records that count
  std::set<std::string> forgotten() const;

  KeyId key_of(const std::string& person) const;  // that the record which registered them names
  std::uint64_t slot(const std::string& person) const;
  std::uint64_t slot_of_void_record() const;  // of the last one
  std::size_t published(const std::string& person) const;  // keys of them that are on the topic, not destroyed
  Bytes wrapped_on_topic(const std::string& person) const;
  std::size_t live_on_topic() const;
  std::map<KeyId, Bytes> on_topic() const;  // wrapped, by id

  // Persons not forgotten whose name cannot be read there.
  std::set<std::string> unreadable(Directory& directory) const;

  // Each directory leads once more, in this order. Then each reads all, a new one too, and nobody who is forgotten has a key
  // anywhere, by whatever record.
  void expect_settled(const std::vector<Directory*>& directories);

  FaultyFileSystem files;
  MemoryKeyTopic topic;
  HistoryId history{};
  std::uint64_t epoch = 0;
  std::vector<Decision> records, voids;
};

// A data directory, and at most one process in it.
class Directory {
 public:
  Directory(SharedLog& log, const std::string& name);

  Result<std::unique_ptr<SharedKeyring>> open(bool fresh = false);
  void end() { ring.reset(), epoch = 0; }  // the process; it closes nothing

  void follow(SharedKeyring::Ask ask = SharedKeyring::Ask::always);
  bool try_follow(SharedKeyring::Ask ask = SharedKeyring::Ask::always);
  // Claims and leads. With an epoch: under an earlier claim, before which there were so many records.
  void lead();
  void lead(std::uint64_t claimed, std::size_t seen);
  bool try_lead();
  bool try_lead(std::uint64_t claimed, std::size_t seen);

  void registers(const std::string& person);
  void forgets(const std::string& person);
  bool try_register(const std::string& person);  // false: the keyring failed
  bool try_forget(const std::string& person);

  bool reads(const std::string& person);
  bool opens_void_record();  // the last one, with whatever keys there are
  Bytes wrapped_key(const std::string& person);
  bool holds(BytesView bytes) const { return log.files.content(paths.keys).find(bytes) != Bytes::npos; }

  // Keys with an embedded log, and no topic.
  void begin_alone(const std::vector<std::string>& persons);

  SharedLog& log;
  const std::string name;
  KeyringPaths paths;
  std::unique_ptr<SharedKeyring> ring;
  std::uint64_t epoch = 0;

 private:
  bool note_and_catch_up(SharedKeyring::Ask ask);
};

}  // namespace kring::testing
