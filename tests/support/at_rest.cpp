#include "tests/support/at_rest.h"

#include <gtest/gtest.h>
#include <rocksdb/comparator.h>
#include <rocksdb/convenience.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "events/base/check.h"
#include "events/codec/codec.h"
#include "events/log/embedded/embedded_log.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/key_slot.h"

namespace kring::test {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Every key and value of a sorted file, uncompressed. Fails the test where some entry of the file is not shown.
std::string rows_of(const fs::path& path) {
  rocksdb::Options options;
  auto reader = std::make_unique<rocksdb::SstFileReader>(options);
  auto status = reader->Open(path.string());
  KRING_CHECK(status.ok());
  bool versioned = reader->GetTableProperties()->comparator_name != options.comparator->Name();
  rocksdb::ReadOptions all;
  std::string oldest(8, '\0'), newest(8, '\xff');
  rocksdb::Slice first(oldest), last(newest);
  if (versioned) {
    auto made = rocksdb::Comparator::CreateFromString({}, reader->GetTableProperties()->comparator_name, &options.comparator);
    KRING_CHECK(made.ok());
    reader = std::make_unique<rocksdb::SstFileReader>(options);
    status = reader->Open(path.string());
    KRING_CHECK(status.ok());
    all.iter_start_ts = &first;
    all.timestamp = &last;
  }
  std::string rows;
  std::uint64_t count = 0;
  std::unique_ptr<rocksdb::Iterator> it(reader->NewIterator(all));
  for (it->SeekToFirst(); it->Valid(); it->Next(), ++count) rows.append(it->key().data(), it->key().size()).append(it->value().data(), it->value().size());
  EXPECT_TRUE(it->status().ok()) << it->status().ToString();
  auto properties = reader->GetTableProperties();
  EXPECT_EQ(count, properties->num_entries - properties->num_deletions) << path;
  return rows;
}

std::vector<PersonKey> chosen(const std::vector<KeyId>& ids, const std::vector<KeyAtRest>& keys, std::size_t choice) {
  std::vector<PersonKey> out;
  for (const KeyId& id : ids) {
    out.push_back({id, keys[choice % keys.size()].key.secret});
    choice /= keys.size();
  }
  return out;
}

}  // namespace

Disk::Disk(const std::string& directory) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::string name = entry.path().lexically_relative(directory).string();
    contents_[name] = read_file(entry.path());
    if (entry.path().extension() == ".sst") contents_[name + "#rows"] = rows_of(entry.path());
  }
}

std::vector<std::string> Disk::holding(std::string_view bytes) const {
  std::vector<std::string> names;
  for (const auto& [name, content] : contents_)
    if (content.find(bytes) != std::string::npos) names.push_back(name);
  return names;
}

std::vector<TextAtRest> sealed_texts(const std::string& log) {
  std::vector<TextAtRest> texts;
  auto reader = make_embedded_reader(log);
  auto read = reader->read({}, [&](const LogEntry& entry) {
    auto decision = codec::decode(entry.body);
    KRING_CHECK(decision.has_value());
    SealContext context{persons_named(decision->command), "", decision->command.programme, decision->command.id};
    auto add = [&](const char* member, const Personal& text) {
      std::vector<KeyId> ids;
      context.member = member;
      if (keys_of(text.sealed, ids) && !ids.empty()) texts.push_back({entry.position, context, text.sealed});
    };
    auto look = [&](const char* member, const auto& value, auto...) {
      using T = std::decay_t<decltype(value)>;
      if constexpr (std::is_same_v<T, Personal>) add(member, value);
      if constexpr (std::is_same_v<T, std::optional<Personal>>)
        if (value) add(member, *value);
    };
    std::visit([&](const auto& body) { body.members(body, look); }, decision->command.body);
    for (const Event& event : decision->events) std::visit([&](const auto& e) { e.members(e, look); }, event);
    if (decision->command.reason) add("reason", *decision->command.reason);
    return true;
  });
  KRING_CHECK(read.has_value());
  return texts;
}

HistoryId history_of(const std::string& log) { return make_embedded_reader(log)->history().value(); }

std::vector<KeyAtRest> keys_at_rest(const std::string& keys, const std::string& key_encryption_key) {
  auto wrapping = read_key_encryption_key(posix_filesystem(), key_encryption_key);
  KRING_CHECK(wrapping.has_value());
  std::string file = read_file(keys);
  std::vector<KeyAtRest> found;
  for (std::size_t at = key_slot_size; at + key_slot_size <= file.size(); at += key_slot_size) {
    KeySlot slot = parse_key_slot(BytesView(file).substr(at, key_slot_size));
    if (slot.kind != SlotKind::live) continue;
    auto secret = unwrap(slot, *wrapping);
    KRING_CHECK(secret.has_value());
    found.push_back({slot.owner, slot.wrapped, {slot.id, *secret}});
  }
  return found;
}

bool opens(const TextAtRest& text, const HistoryId& history, const std::vector<KeyAtRest>& keys) {
  std::vector<KeyId> ids;
  if (keys.empty() || !keys_of(text.bytes, ids)) return false;
  std::size_t choices = 1;
  for (std::size_t i = 0; i < ids.size(); ++i) choices *= keys.size();
  for (std::size_t choice = 0; choice < choices; ++choice)
    if (opened_text(history, text.context, chosen(ids, keys, choice), text.bytes)) return true;
  return false;
}

}  // namespace kring::test
