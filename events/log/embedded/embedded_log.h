// The embedded log: segment files in one directory, one writer, any number of readers beside it. The format, byte by
// byte, and what recovery can and cannot tell is docs/log-format.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "events/log/event_log.h"
#include "events/filesystem/filesystem.h"
#include "events/log/random.h"

namespace kring {

struct EmbeddedOptions {
  std::string directory;                      // made by claim() where it does not exist
  std::uint64_t segment_size = 64 << 20;      // bytes; a batch larger than this gets a segment of its own
  std::chrono::milliseconds lock_wait{5000};  // how long claim() waits for another writer to go
  std::chrono::milliseconds witness_interval{1000};

  HistoryId history{};  // what an empty log gets, where it is to be a copy of another; zeros: a random one

  // Told in words for people what recovery cut off, or what could not be done at close. May be empty.
  std::function<void(std::string_view)> notice;

  // Where ids, time and waiting come from; tests put their own.
  std::function<Token()> random = random_token;
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  std::function<void(std::chrono::milliseconds)> pause;  // empty: sleeps
  std::function<bool()> give_up;  // asked while claim() waits: true ends that with the error `interrupted`. May be empty
};

// A log for writing and reading. Nothing is opened before claim() or the first read. claim() writes nothing where the
// last writer closed cleanly: the claim goes to disk with the first batch, and from claim() on history() is the id that
// this batch will fix. `busy` names the process that has the directory. After a crash a prefix of the batch that was
// being written may stand; it was never answered. Destroying the log writes the witness and frees the directory.
// `files` must outlive it.
std::unique_ptr<EventLog> make_embedded_log(EmbeddedOptions options, FileSystem& files = posix_filesystem());

// Reads only, beside a writer or without one; a directory that is empty or does not exist is the empty log. A reader in
// another process sees a record as soon as it is in the page cache, perhaps a moment before it is durable: after a
// power loss such a record may be gone, and a bookmark behind it is then refused as `log_replaced`.
std::unique_ptr<LogReader> make_embedded_reader(std::string directory, FileSystem& files = posix_filesystem());

}  // namespace kring
