// What was typed, checked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/kring/output.h"

namespace kring::cli {

struct Options {
  std::string data;       // --data, else $KRING_DATA, else ./kring-data
  std::string log_url = "embedded";
  Format format = Format::json;
  std::string programme;  // --programme; empty: the only one
  std::string as_of;      // --as-of as typed; empty: now
  std::uint64_t min_position = 0;  // --min-position: what a read waits for

  std::string file;            // init, submit; "-" is standard input
  bool import_history = false;
  std::string at;              // init: recording time
  std::string theme, person, area, venue, actor, type, since, until, release;
  std::int32_t session = 0;    // 0: any
  std::uint64_t from = 1, limit = 0;
  bool follow = false;
  std::vector<std::string> models;
  std::uint64_t cut_at = 0;  // repair
  bool yes = false;
  std::string copy_from, copy_to;  // copy: URLs
  std::string topic_action;  // topic: create, check
  std::int32_t topic_partitions = 1, topic_replicas = 3;

  std::string node_name;              // node
  double takeover_after = 30;         // seconds

  std::vector<std::string> suites;  // bench
  double scale = 1;
  std::uint64_t seed = 1;
  std::string work_dir;
  bool keep = false;
};

// The exit codes of the program. Behind 128: what a shell gives to one that a signal ended.
enum Exit : int { ok = 0, wrong_use = 1, failed = 2, refused = 3, reader_left = 141 };

// Prints "kring: message" on standard error, and gives the exit code that the error's kind has.
int report(const Error& error);

// ---- the commands, one file each; they return an exit code ----
int run_init(const Options& options);
int run_submit(const Options& options);
int run_read(const std::string& name, const Options& options);  // roster, venues, sessions, session, conflicts, areas, person, programme
int run_history(const Options& options);
int run_log(const Options& options);
int run_stats(const Options& options);
int run_rebuild(const Options& options);
int run_verify(const Options& options);
int run_repair(const Options& options);
int run_bench(const Options& options);
int run_topic(const Options& options);
int run_copy(const Options& options);
int run_node(const Options& options);

// After `error` stopped a reader of the log: says on standard error which records are whole, and what can be done. Gives
// the exit code of the error.
int report_damage(const Options& options, const Error& error);

}  // namespace kring::cli
