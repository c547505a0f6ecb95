// Stored data that are not what was written are refused, by writers and by readers, wherever they lie.
#include <gtest/gtest.h>

#include "events/log/embedded/segment.h"
#include "events/base/little_endian.h"
#include "tests/support/memory_filesystem.h"
#include "tests/events/log/support.h"

namespace kring::testing {
namespace {

std::string path_of(Position first) { return "log/" + segment_name(first); }

class Damage : public ::testing::Test {
 protected:
  // Three segments; closed, so that the witness knows the tail.
  Damage() { fill(files, 1); }

  static void fill(MemoryFileSystem& disk, std::uint8_t first_token, std::size_t records = 9) {
    EmbeddedOptions options = small_options("log", 900);
    options.random = [token = first_token]() mutable {
      Token made;
      made.fill(token++);
      return made;
    };
    const auto log = make_embedded_log(options, disk);
    EXPECT_TRUE(log->claim());
    for (Position tail = 0; tail < records; ++tail) EXPECT_TRUE(log->append(some_drafts(1, tail), tail));
  }

  std::vector<std::string> segments() const {
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : files.files)
      if (path.ends_with(".kring")) paths.push_back(path);
    return paths;
  }

  static Error read_error(MemoryFileSystem& disk) {
    const auto reading = read_all(*make_embedded_reader("log", disk));
    return reading.end ? Error{} : reading.end.error();
  }
  static Error claim_error(MemoryFileSystem& disk) {
    const auto claimed = make_embedded_log(small_options("log", 900), disk)->claim();
    return claimed ? Error{} : claimed.error();
  }

  // Where the frames end: a sealed segment has no room behind them.
  std::size_t used(const std::string& path) const {
    const Bytes& bytes = *files.files.at(path);
    return path == segments().back() ? bytes.find_last_not_of('\0') + 1 : bytes.size();
  }

  MemoryFileSystem files;
};

TEST_F(Damage, EveryFlippedByteIsFoundByAReader) {
  ASSERT_EQ(segments().size(), 3u);
  for (const std::string& path : segments()) {
    for (std::size_t at = 0; at < used(path); ++at) {
      const auto disk = files.copy();
      (*disk->files.at(path))[at] ^= static_cast<char>(1 << at % 8);
      EXPECT_EQ(read_error(*disk).code, "log_damaged") << path << " " << at;
    }
  }
}

TEST_F(Damage, EveryFlippedByteInTheNewestSegmentAndAtTheEndsIsFoundByAWriter) {
  for (const std::string& path : segments()) {
    const std::size_t size = used(path);
    for (std::size_t at = 0; at < size; ++at) {
      if (path != segments().back() && at >= segment_header_size && at < size - seal_size) continue;
      const auto disk = files.copy();
      (*disk->files.at(path))[at] ^= 0x10;
      EXPECT_EQ(claim_error(*disk).code, "log_damaged") << path << " " << at;
    }
  }
}

TEST_F(Damage, WithoutAWitnessOnlyTheLastBatchIsOpen) {
  files.files.erase("log/witness");
  const std::string path = segments().back();
  const std::size_t end = used(path), last = files.files.at(path)->rfind("KRNG", end);
  for (std::size_t at = 0; at < last; ++at) {
    const auto disk = files.copy();
    (*disk->files.at(path))[at] ^= 0x40;
    EXPECT_EQ(read_error(*disk).code, "log_damaged") << at;
    EXPECT_EQ(claim_error(*disk).code, "log_damaged") << at;
  }
  (*files.files.at(path))[last + 130] ^= 1;
  EXPECT_EQ(claim_error(files).code, "");  // documented: nothing proves that this record was answered
}

TEST_F(Damage, TheMessageNamesPositionFileAndOffset) {
  const std::string path = segments()[0];
  const std::size_t second = files.files.at(path)->find("body of record 2");
  (*files.files.at(path))[second] ^= 1;
  const Error error = read_error(files);
  EXPECT_EQ(error.kind, ErrorKind::damaged);
  EXPECT_NE(error.message.find("position 2"), std::string::npos) << error.message;
  EXPECT_NE(error.message.find(path), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("offset " + std::to_string(second - 128)), std::string::npos) << error.message;
  const auto reader = make_embedded_reader("log", files);
  EXPECT_TRUE(reader->read_at(1, [](auto&) {}));
  EXPECT_EQ(reader->read_at(2, [](auto&) {}).error().code, "log_damaged");
  EXPECT_TRUE(reader->read_at(9, [](auto&) {}));
}

TEST_F(Damage, AMissingSegmentIsFound) {
  for (const std::string& path : segments()) {
    const auto disk = files.copy();
    disk->files.erase(path);
    EXPECT_EQ(read_error(*disk).code, "log_damaged") << path;
    EXPECT_EQ(claim_error(*disk).code, "log_damaged") << path;
  }
  for (const std::string& path : segments()) files.files.erase(path);
  EXPECT_EQ(read_error(files).code, "log_damaged");  // the witness knows better
  EXPECT_EQ(claim_error(files).code, "log_damaged");
}

TEST_F(Damage, ASegmentOfAnotherHistoryIsFound) {
  MemoryFileSystem other;
  fill(other, 0x80);
  for (const std::string& path : segments()) {
    const auto disk = files.copy();
    *disk->files.at(path) = *other.files.at(path);
    EXPECT_EQ(read_error(*disk).code, "log_damaged") << path;
    EXPECT_EQ(claim_error(*disk).code, "log_damaged") << path;
  }
  *files.files.at("log/witness") = *other.files.at("log/witness");
  EXPECT_EQ(read_error(files).code, "log_damaged");
  EXPECT_EQ(claim_error(files).code, "log_damaged");
}

TEST_F(Damage, ASegmentOfNoHistoryIsFound) {
  MemoryFileSystem disk;
  disk.files[path_of(1)] = std::make_shared<Bytes>(encode_segment_header(LogState{}));
  EXPECT_EQ(read_error(disk).code, "log_damaged");
  EXPECT_EQ(claim_error(disk).code, "log_damaged");
}

TEST_F(Damage, AFirstSegmentThatClaimsToFollowSomethingIsFound) {
  for (const std::size_t field : {40u, 48u, 64u}) {  // epoch, writer and hash before the first record
    const auto disk = files.copy();
    char* const header = disk->files.at(path_of(1))->data();
    header[field] ^= 1;
    put_little(header + 12, std::uint32_t{0});
    put_little(header + 12, crc32c({header, segment_header_size}));
    EXPECT_EQ(read_error(*disk).code, "log_damaged") << field;
    EXPECT_EQ(claim_error(*disk).code, "log_damaged") << field;
  }
}

TEST_F(Damage, ASegmentUnderAnotherNameIsFound) {
  files.files["log/" + segment_name(7777)] = files.files.at(path_of(1));
  EXPECT_EQ(claim_error(files).code, "log_damaged");
  EXPECT_EQ(read_error(files).code, "log_damaged");
  files.files.erase("log/" + segment_name(7777));
  EXPECT_EQ(claim_error(files).code, "");
  files.files["log/notes.kring"] = std::make_shared<Bytes>();
  EXPECT_EQ(claim_error(files).code, "log_damaged");
}

TEST_F(Damage, ASegmentWithinAnotherIsFound) {
  const Position second = *parse_segment_name(segments()[1].substr(4));
  ASSERT_GT(second, 2u);
  for (const bool last : {false, true}) {
    const auto disk = files.copy();
    if (last) {  // the first one is the whole log
      for (const std::string& path : {segments()[1], segments()[2], std::string("log/witness")}) disk->files.erase(path);
      EXPECT_EQ(read_error(*disk).code, "");
    }
    disk->files[path_of(2)] = std::make_shared<Bytes>(*files.files.at(segments()[1]));
    EXPECT_EQ(read_error(*disk).code, "log_damaged") << last;
    EXPECT_EQ(make_embedded_reader("log", *disk)->read_at(2, [](const LogEntry&) {}).error().code, "log_damaged") << last;
  }
}

TEST_F(Damage, ASealWithoutARecordIsFound) {
  MemoryFileSystem disk;
  LogState begun;
  begun.history.fill(1);
  begun.epoch = 1;
  begun.writer.fill(2);
  LogState before;
  before.history = begun.history;
  Frame claim;
  claim.kind = FrameKind::claim;
  claim.epoch = begun.epoch;
  claim.writer = begun.writer;
  claim.body = view(begun.history);
  Bytes bytes = encode_segment_header(before);
  append_frame(bytes, claim);
  bytes += encode_seal(1, begun);
  disk.files[path_of(1)] = std::make_shared<Bytes>(bytes);
  EXPECT_EQ(read_error(disk).code, "log_damaged");
  EXPECT_EQ(claim_error(disk).code, "log_damaged");
  disk.files[path_of(4)] = std::make_shared<Bytes>(bytes);
  EXPECT_EQ(make_embedded_reader("log", disk)->read_at(1, [](const LogEntry&) {}).error().code, "log_damaged");
}

TEST_F(Damage, OtherFilesAreLeftAlone) {
  files.files["log/README"] = std::make_shared<Bytes>("hello");
  EXPECT_EQ(claim_error(files).code, "");
  EXPECT_TRUE(files.files.contains("log/README"));
}

TEST_F(Damage, ANewerFormatIsUnsupportedNotDamaged) {
  struct Where {
    std::string path;
    std::size_t begin, version, checksum, size;
  };
  const std::string newest = segments().back();
  const std::size_t frame = files.files.at(newest)->find("KRNG", segment_header_size);
  for (const Where& at : {Where{newest, 0, 8, 12, 128}, Where{path_of(1), 0, 8, 12, 128},
                          Where{newest, frame, 4, 12, 144}, Where{"log/witness", 0, 8, 12, 72}}) {
    const auto disk = files.copy();
    char* const begin = disk->files.at(at.path)->data() + at.begin;
    put_little(begin + at.version, std::uint16_t{2});
    put_little(begin + at.checksum, std::uint32_t{0});
    put_little(begin + at.checksum, crc32c({begin, at.size}));
    EXPECT_EQ(read_error(*disk).kind, ErrorKind::unsupported) << at.path << read_error(*disk).message;
    EXPECT_EQ(claim_error(*disk).kind, ErrorKind::unsupported) << at.path << claim_error(*disk).message;
  }
}

TEST_F(Damage, OneTornWitnessSlotIsACrashTwoAreDamage) {
  ASSERT_EQ(files.files.at("log/witness")->size(), 8192u);
  for (const std::size_t slot : {0u, 4096u}) {
    const auto disk = files.copy();
    (*disk->files.at("log/witness"))[slot + 40] ^= 1;
    EXPECT_EQ(read_error(*disk).code, "");
    EXPECT_EQ(claim_error(*disk).code, "");
  }
  for (const std::size_t slot : {0u, 4096u}) (*files.files.at("log/witness"))[slot + 40] ^= 1;
  EXPECT_EQ(claim_error(files).code, "log_damaged");
  EXPECT_EQ(read_error(files).code, "log_damaged");
  files.files.erase("log/witness");
  EXPECT_EQ(claim_error(files).code, "");
}

TEST_F(Damage, AShorterLogRefusesLaterBookmarks) {
  const auto end = read_all(*make_embedded_reader("log", files)).end.value();
  MemoryFileSystem shorter;
  fill(shorter, 1, 4);
  const auto reading = read_all(*make_embedded_reader("log", shorter), end);
  EXPECT_EQ(reading.end.error().code, "log_replaced");
  MemoryFileSystem other;
  fill(other, 0x80);
  EXPECT_EQ(read_all(*make_embedded_reader("log", other), end).end.error().code, "log_replaced");
}

}  // namespace
}  // namespace kring::testing
