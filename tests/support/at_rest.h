// What lies on disk, read as somebody would who looks for a name: every file as it is, RocksDB's sorted files
// uncompressed with all versions of every row, every sealed text of a log, and every key that is left.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/privacy/key_store.h"
#include "events/privacy/sealed_text.h"

namespace kring::test {

// The files below a directory, as they are when this is made.
class Disk {
 public:
  explicit Disk(const std::string& directory);

  // The files that hold these bytes. What was compressed is searched too, under the file's name with "#rows" behind it.
  std::vector<std::string> holding(std::string_view bytes) const;

 private:
  std::map<std::string, std::string> contents_;
};

struct TextAtRest {
  Position position = 0;
  SealContext context;
  Bytes bytes;
};

// All texts of the records of a log that were sealed for somebody.
std::vector<TextAtRest> sealed_texts(const std::string& log);
HistoryId history_of(const std::string& log);

struct KeyAtRest {
  KeyOwner owner{};
  Bytes wrapped;  // as it stands in the file
  PersonKey key;
};

// The keys that a key store still has.
std::vector<KeyAtRest> keys_at_rest(const std::string& keys, const std::string& key_encryption_key);

// Does any choice of these keys open the text, whatever ids it names?
bool opens(const TextAtRest& text, const HistoryId& history, const std::vector<KeyAtRest>& keys);

}  // namespace kring::test
