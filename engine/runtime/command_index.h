// Which command ids were used, over the whole history: programme and id to position. On disk, derived from the log,
// and disposable: what is missing is read again from the log. RocksDB stays behind this header.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/error.h"
#include "events/log/event_log.h"

namespace rocksdb {
class Env;
}

namespace kring {

struct IndexedCommand {
  Position position = 0;
  Token digest{};  // of the body: another digest under the same id is another command
};

// Belongs to one thread.
class CommandIndex {
 public:
  // Opens or creates. An index that cannot be opened is thrown away: it can be made again.
  // `env`: where it lies; none: on this machine. It must outlive the index.
  static Result<std::unique_ptr<CommandIndex>> open(const std::string& directory, rocksdb::Env* env = nullptr);
  static std::unique_ptr<CommandIndex> in_memory();  // for tests and the simulator
  virtual ~CommandIndex() = default;

  virtual Result<std::optional<IndexedCommand>> find(const ProgrammeId& programme, std::string_view id) = 0;

  // Adds come in the order of positions and are visible to find at once. commit stores those up to the place in the log
  // that is given, together with that place; the others stay in memory. What is stored may be lost in a crash, but
  // always from some place on: reached() then tells an earlier one.
  virtual void add(const ProgrammeId& programme, std::string_view id, const IndexedCommand& command) = 0;
  virtual Result<void> commit(const Bookmark& reached) = 0;

  virtual Bookmark reached() const = 0;  // the place of the last commit
  virtual Result<void> clear() = 0;      // back to the beginning: it belongs to another history
};

}  // namespace kring
