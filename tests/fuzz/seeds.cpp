// Writes inputs to start fuzzing from, made of what kring itself writes: `fuzz_seeds DIRECTORY` fills one folder for each
// target. The committed corpus grew out of them.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "events/log/embedded/embedded_log.h"
#include "events/privacy/erasure_ledger.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/sealed_text.h"
#include "tests/events/codec/session_moved_1.h"
#include "tests/fuzz/command_text.h"
#include "tests/fuzz/key_file.h"
#include "tests/fuzz/log_directory.h"

namespace kring::fuzz {
namespace {

namespace fs = std::filesystem;
using Disk = testing::MemoryFileSystem;

class Folder {
 public:
  explicit Folder(fs::path path) : path_(std::move(path)) { fs::create_directories(path_); }

  void add(BytesView bytes) {
    std::ofstream file(path_ / concat("seed-", ++count_), std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file) throw std::runtime_error("cannot write to " + path_.string());
  }

 private:
  fs::path path_;
  int count_ = 0;
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) throw std::runtime_error("cannot read " + path.string());
  return text.str();
}

// One line of the demonstration for each set of members, and each command with all members that it can have.
void add_commands(Folder folder) {
  std::set<std::string> seen;
  std::istringstream lines(text_of(fs::path(KRING_SOURCE_DIR) / "config/demonstration.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    auto value = json::parse(line);
    if (!value) throw std::runtime_error("the demonstration holds what is no JSON");
    std::string kind = std::string(value->at("type").as_string());
    for (const auto& member : value->as_object()) kind += concat(' ', std::string_view(member.key()));
    if (seen.insert(kind).second) folder.add(line);
  }
  for (auto& sample : test::samples(test::Optionals::set)) {
    Request request;
    request.command = std::move(sample.decision.command);
    folder.add(json::to_text(object_of(request)));
  }
}

void add_programmes(Folder folder) {
  folder.add(text_of(fs::path(KRING_SOURCE_DIR) / "config/programme.toml"));
  folder.add(R"([programme]
id = "proef"
title = "Proef"
from = 2024-01-01
to = 2024-12-31
[policy]
capacity = { alpha = 3 }
blackouts = [{ from = 2024-07-13, to = 2024-08-25, label = 'Zomer' }]
rules.too_close = "warn"
part_times = { morning = [09:30:00, "12:30"] }
[[theme]]
theme = "alpha"
title = """Een
leerkring"""
sessions = 0x5
[[area]]
area = "noord"
name = "Noord"
municipality = "B\u00e9"
lat = 51.5e0
lon = -1_0
[[venue]]
venue = "zaal"
name = "Zaal"
capacity = 20
accessible = true
[[person]]
person = "p-1"
role = "coordinator"
area = "noord"
name = "Iemand"
)");
}

void add_records(Folder folder) {
  for (auto optionals : {test::Optionals::set, test::Optionals::unset})
    for (const auto& sample : test::samples(optionals)) folder.add(codec::encode(sample.decision));
  folder.add(test::session_moved_1());
}

// Three segments or one; ended well, in the middle of a frame, or sealed.
void add_logs(Folder folder) {
  EmbeddedOptions options;
  options.directory = "log";
  options.random = [next = std::uint8_t{0}]() mutable {
    Token token;
    token.fill(++next);
    return token;
  };
  for (std::uint64_t segment_size : {std::uint64_t{900}, std::uint64_t{1} << 20}) {
    Disk disk;
    options.segment_size = segment_size;
    {
      const auto log = make_embedded_log(options, disk);
      auto tail = log->claim();
      for (std::int64_t i = 1; tail && i <= 6; ++i)
        tail = log->append(std::vector<Draft>{{Instant{i}, concat("body of record ", i)}}, tail->position);
      if (!tail) throw std::runtime_error(tail.error().message);
    }
    const std::uint8_t all = mend_headers | mend_frames | mend_chain | mend_witness;
    for (std::uint8_t flags : {std::uint8_t{0}, all, static_cast<std::uint8_t>(all | without_witness)})
      folder.add(input_of(disk, flags));
    const Bytes input = input_of(disk, 0);
    folder.add(BytesView(input).substr(0, input.size() / 2));
    folder.add(BytesView(*disk.files.at(names[0])).substr(segment_header_size, 600));  // frames on their own
    const auto log = make_embedded_log(options, disk);
    const auto tail = log->claim();
    if (!tail || !log->seal("file:/elsewhere", tail->position)) throw std::runtime_error("the log cannot be sealed");
    folder.add(input_of(disk, 0));
    folder.add(input_of(disk, all | without_witness));
  }
}

void add_key_stores(Folder& folder) {
  Disk disk;
  auto store = KeyStore::open(disk, "keys", wrapping_key());
  if (!store) throw std::runtime_error(store.error().message);
  std::vector<KeyOwner> owners;
  for (const char* person : {"p-1", "p-2", "p-3", "p-4"}) {
    owners.push_back(key_owner({"proef"}, {person}));
    (*store)->make(owners.back());
  }
  if (!(*store)->make_durable() || !(*store)->destroy({owners[1]})) throw std::runtime_error("no key store");
  Bytes file = *disk.files.at("keys");
  file.resize(6 * key_slot_size);
  folder.add(concat('\0', '\0', file));
  folder.add(concat('\0', '\1', file));
  folder.add(concat('\0', '\1', BytesView(file).substr(0, 500)));
}

void add_keys(Folder folder) {
  add_key_stores(folder);
  const HistoryId history = key_owner({"the"}, {"history"});
  const SealContext context{{{"p-1"}, {"p-2"}}, "reason", {"proef"}, "key-1"};
  const std::vector<PersonKey> keys{{KeyId{1}, wrapping_key()}, {KeyId{2}, wrapping_key()}};
  folder.add('\1' + sealed_text(history, context, keys, "Daarom"));
  folder.add('\1' + clear_text("Daarom"));
  Disk disk;
  auto ledger = ErasureLedger::open(disk, "erased", history);
  if (!ledger || !(*ledger)->append({{{"proef"}, {"p-1"}, 17}, {{"proef"}, {"p-2"}, 18}}))
    throw std::runtime_error("no ledger");
  folder.add('\2' + *disk.files.at("erased"));
  if (!make_key_encryption_key(disk, "key")) throw std::runtime_error("no key");
  folder.add('\3' + *disk.files.at("key"));
}

}  // namespace
}  // namespace kring::fuzz

int main(int argc, char** argv) {
  using namespace kring::fuzz;
  if (argc != 2) {
    std::cerr << "usage: fuzz_seeds DIRECTORY\n";
    return 1;
  }
  try {
    const fs::path directory = argv[1];
    add_commands(Folder(directory / "command"));
    add_programmes(Folder(directory / "programme"));
    add_records(Folder(directory / "record"));
    add_logs(Folder(directory / "log"));
    add_keys(Folder(directory / "keys"));
  } catch (const std::exception& error) {
    std::cerr << "fuzz_seeds: " << error.what() << '\n';
    return 2;
  }
}
