// A directory of an embedded log (log_directory.h). Whatever lies there, it is read or refused; what was read is a chain and
// is found again by its position; a writer that takes the log over sees the same end and loses nothing of it, and one that
// does not changes nothing.
#include <map>
#include <vector>

#include "events/log/embedded/embedded_log.h"
#include "tests/fuzz/log_directory.h"

namespace kring::fuzz {
namespace {

using Disk = testing::MemoryFileSystem;
using Files = std::map<std::string, Bytes>;

struct Reading {
  std::vector<Hash> hashes;
  Result<Bookmark> end;
};

void is_told(const Error& error) {
  KRING_CHECK(error.kind == ErrorKind::damaged || error.kind == ErrorKind::unsupported);
  KRING_CHECK(!error.code.empty() && !error.message.empty());
}

Reading read_all(LogReader& reader, const Bookmark& from = {}) {
  Reading reading;
  Hash previous = from.hash;
  reading.end = reader.read(from, [&](const LogEntry& entry) {
    KRING_CHECK(entry.position == from.position + reading.hashes.size() + 1);
    KRING_CHECK(entry.previous == previous && entry.after.position == entry.position && entry.after.hash == entry.hash);
    previous = entry.hash;
    reading.hashes.push_back(entry.hash);
    return true;
  });
  if (!reading.end) is_told(reading.end.error());
  else KRING_CHECK(reading.end->position == from.position + reading.hashes.size() && reading.end->hash == previous);
  return reading;
}

// Every record that was read is found by its position too, and nothing behind the end is.
void is_found_by_position(LogReader& reader, const Reading& reading) {
  for (Position position = 1; position <= reading.hashes.size(); ++position) {
    Hash hash{};
    auto found = reader.read_at(position, [&](const LogEntry& entry) { hash = entry.hash; });
    KRING_CHECK(found && hash == reading.hashes[position - 1]);
  }
  auto beyond = reader.read_at(reading.hashes.size() + 1, [](const LogEntry&) {});
  KRING_CHECK(!beyond || !reading.end);
}

Files content(const Disk& disk) {
  Files files;
  for (const auto& [path, bytes] : disk.files) files[path] = *bytes;
  return files;
}

EmbeddedOptions options() {
  EmbeddedOptions options;
  options.directory = "log";
  options.segment_size = 900;
  options.lock_wait = std::chrono::milliseconds(0);
  options.random = [next = std::uint8_t{100}]() mutable {
    Token token;
    token.fill(++next);
    return token;
  };
  options.now = [] { return std::chrono::steady_clock::time_point{}; };
  return options;
}

void is_taken_over(Disk& disk, const Reading& before) {
  const Files files = content(disk);
  Bookmark tail;
  {
    const auto log = make_embedded_log(options(), disk);
    const auto claimed = log->claim();
    if (!claimed) {
      is_told(claimed.error());
      KRING_CHECK(content(disk) == files);
      return;
    }
    tail = *claimed;
    if (before.end) KRING_CHECK(tail.position == before.end->position && tail.hash == before.end->hash);
    const std::vector<Draft> drafts{{Instant{1}, "one more"}, {Instant{2}, Bytes(700, 'x')}};
    const auto appended = log->append(drafts, tail.position);
    KRING_CHECK(appended && appended->position == tail.position + 2);
    tail = *appended;
  }
  if (!before.end) return;  // a writer looks at the newest segment alone: damage before it is for readers to find
  const auto reader = make_embedded_reader("log", disk);
  const Reading after = read_all(*reader);
  KRING_CHECK(after.end && after.end->position == tail.position && after.end->hash == tail.hash);
  KRING_CHECK(std::ranges::equal(before.hashes, std::span(after.hashes).first(before.hashes.size())));
  is_found_by_position(*make_embedded_reader("log", disk), after);
}

void frame_stands_for_its_bytes(BytesView bytes) {
  Frame frame;
  if (parse_frame(bytes, frame) != FrameFault::none) return;
  KRING_CHECK(frame.size() <= bytes.size() && frame.size() == announced_size(bytes));
  Bytes again;
  append_frame(again, frame);
  KRING_CHECK(again == bytes.substr(0, frame.size()));
}

}  // namespace
}  // namespace kring::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kring;
  using namespace kring::fuzz;
  BytesView input = fuzz::input_of(data, size);
  frame_stands_for_its_bytes(input);
  Disk disk;
  const std::uint8_t flags = take_byte(input), spared = take_byte(input);
  put_files(input, disk);
  Mender(flags, spared)(disk);
  for (const auto& [path, bytes] : disk.files)
    for (auto at = bytes->find(frame_magic); at != Bytes::npos; at = bytes->find(frame_magic, at + 1))
      frame_stands_for_its_bytes(BytesView(*bytes).substr(at));

  const auto reader = make_embedded_reader("log", disk);
  const auto history = reader->history();
  if (!history) is_told(history.error());
  const Reading reading = read_all(*reader);
  if (reading.end) is_found_by_position(*make_embedded_reader("log", disk), reading);
  if (reading.end && !reading.hashes.empty()) {
    const auto again = make_embedded_reader("log", disk)->read(*reading.end, [](const LogEntry&) { return true; });
    KRING_CHECK(again && again->position == reading.end->position);
  }
  is_taken_over(disk, reading);
  return 0;
}
