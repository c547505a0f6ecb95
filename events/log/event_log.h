// The log port: an ordered sequence of records with one writer at a time. Three engines implement it
// (memory, embedded, Kafka); tests/contract holds all of them to this text.
//
// Positions are dense: 1, 2, 3 ... Each record carries the hash of the one before it. What a record
// says (its body) is opaque here; events/codec knows it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/error.h"
#include "events/base/time.h"
#include "events/log/share.h"
#include "events/vocabulary.h"

namespace kring {

// A place in a log: after the record `position`, whose hash is `hash`. Position 0 is the beginning.
// `locator` is the engine's own hint where to go on reading (a byte offset, a Kafka offset); 0: none.
// A bookmark may be stored and used by another process; a log that no longer holds that record refuses it.
struct Bookmark {
  Position position = 0;
  Hash hash{};
  std::uint64_t locator = 0;
};

// What a writer appends.
struct Draft {
  Instant recorded_at;
  Bytes body;
};

// What a reader sees. `body` is valid during the visit only.
struct LogEntry {
  Position position = 0;
  Instant recorded_at;
  Hash previous{};
  Hash hash{};
  BytesView body;
  Bookmark after;  // go on from here
};

// Reading. Every entry has been verified: checksum, position, hash chain.
// One object belongs to one thread; several objects may read beside a writer.
class LogReader {
 public:
  virtual ~LogReader() = default;

  // The id of this history; all zeros while nothing was ever written.
  virtual Result<HistoryId> history() = 0;

  // Visits what is durable after `from`, in order, until the end or until `visit` returns false. Returns the
  // place reached. Errors: `log_damaged` (names position, file and offset), `log_replaced` (the record at
  // `from` is another one), `io`.
  virtual Result<Bookmark> read(const Bookmark& from, const std::function<bool(const LogEntry&)>& visit) = 0;

  // Where this history goes on, as told to `seal`; empty while the log is not sealed. Errors: those of `read`.
  virtual Result<std::string> successor() = 0;

  // Which log this is, where there are several; known once one of the others was called.
  virtual Share share() const { return {}; }

  // Visits the record at `position`, which need not be near any bookmark. Error `not_found` beyond the end.
  virtual Result<void> read_at(Position position, const std::function<void(const LogEntry&)>& visit) = 0;
};

// Writing. One object belongs to one thread.
class EventLog : public LogReader {
 public:
  // Becomes the writer: everything before is read and verified as far as the engine needs to know the tail.
  // Returns the tail. Where another writer has the log, one of two things happens. On engines with a lock (memory,
  // embedded) this is `busy` until that writer goes. On engines without (Kafka) that writer is deposed: whatever it
  // appends from then on does not count, and its next append fails. Errors beyond those: `log_sealed`; `other_history`,
  // where the engine's options name a history and the log has another.
  virtual Result<Bookmark> claim() = 0;

  // Of that claim; 0 before it, and on engines with a lock, where nobody has to be told from who was overtaken.
  virtual std::uint64_t epoch() const { return 0; }

  // Appends all or nothing after `tail`, and returns only when everything is durable: what this returns
  // may be answered. Errors end the writer: `tail_moved`, `log_sealed` (nothing was appended, and nothing of this will
  // ever count), else the outcome is unknown until the log is read again through a new object.
  // Without drafts it tells whether the log ended at `tail`, and this was its writer, at some moment since the call.
  virtual Result<Bookmark> append(std::span<const Draft> drafts, Position tail) = 0;

  // ---- the same in two halves, so that several are on their way where the engine lets them ----
  // How many may have begun and not ended. Nothing but these three and interrupt() is called while one is on its way.
  virtual std::size_t appends_at_once() const { return 1; }
  // Hands an append over, behind those on their way: `tail` is where they will end. There is at least one draft. An
  // error: nothing was handed over; those on their way still are.
  virtual Result<void> begin_append(std::span<const Draft> drafts, Position tail);
  // Waits for the oldest one and returns what append() would; nothing, if it was interrupted before. Where one fails, so do
  // all that began after it.
  virtual Result<std::optional<Bookmark>> finish_append();
  // Thread-safe, while an append is on its way: a finish_append() that waits returns, or else the next one.
  virtual void interrupt() {}

  // Ends the log behind `tail`, for ever and for everybody: from then on it can be read, and who claims it or appends to
  // it is told `log_sealed`, with `successor` (1 to 4096 bytes), where the history goes on. Returns when that is durable.
  // Errors as those of append.
  virtual Result<void> seal(std::string_view successor, Position tail) = 0;

 private:
  std::optional<Bookmark> appended_;  // by begin_append, where an engine knows no halves
};

// Does the log hold the record that the bookmark names? Errors: those of read, `log_replaced` apart.
Result<bool> holds(LogReader& log, const Bookmark& place);

}  // namespace kring
