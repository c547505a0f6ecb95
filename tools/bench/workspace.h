// Where the benchmark keeps its data: directories as `kring` makes them, with made-up histories in them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "events/log/event_log.h"
#include "events/privacy/keyring.h"
#include "projections/store/tables.h"
#include "tools/bench/bare_kafka.h"
#include "tools/bench/bench.h"
#include "tools/bench/history.h"

namespace kring::bench {

// The parts of a data directory.
struct DataDirectory {
  std::string path;

  std::string log() const { return path + "/log"; }
  std::string models() const { return path + "/read-models"; }
  std::string command_ids() const { return path + "/command-ids"; }
  KeyringPaths keyring() const { return {path + "/keys", path + ".kek", path + ".erased"}; }
};

// A history that lies in a directory: its log and keys.
struct Written {
  DataDirectory directory;
  std::uint64_t records = 0;
  std::vector<Course> courses;  // as they ended
};

// What all suites share. Belongs to one thread.
class Bench {
 public:
  explicit Bench(const Options& options);
  ~Bench();  // removes what it made; so does a request to end, which ends the process
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  const Options& options() const { return options_; }
  Report& report() { return report_; }
  void add(Row row);
  void tell(std::string_view text) const;

  // `count` at scale 1; never less than `least`.
  std::uint64_t scaled(double count, std::uint64_t least) const;

  // A fresh place for a data directory.
  DataDirectory make(std::string_view name) const;
  void remove(const DataDirectory& directory) const;
  // A directory with the log of a history of so many records; made once, with all read models when they are asked for.
  const Written& written(std::uint64_t records);
  const Written& with_models(std::uint64_t records);

  // A topic of its own, and how to reach it.
  KafkaOptions make_topic(std::string_view name);
  // A topic with the records of such a history, positions and hashes included; made once.
  const KafkaOptions& on_kafka(const Written& history);

 private:
  void watch();
  void clear();

  const Options& options_;
  std::string root_;
  mutable std::mutex making_;  // held while something is made that has to be removed
  Report report_;
  std::vector<std::unique_ptr<Written>> written_;
  std::unique_ptr<BenchTopics> topics_;  // once there is one
  std::map<std::uint64_t, KafkaOptions> copies_;  // by records
  int over_ = -1;  // an eventfd: the run has come to its end by itself
  std::thread watcher_;
};

// Decides the history, seals, and appends it in large batches. Shares of the mix go into `mix`.
Written write_history(const DataDirectory& directory, const Mix& mix, json::Object& shares);

std::vector<projections::Model> all_models();

std::unique_ptr<Sealer> open_keys(const DataDirectory& directory, const HistoryId& history, bool fresh);

std::uint64_t bytes_in(const std::string& path);
// Leaves nothing of the files below `path` in the page cache: the next read is the disk's.
void drop_from_cache(const std::string& path);

}  // namespace kring::bench
