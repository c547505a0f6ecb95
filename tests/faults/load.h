// Clients that keep a kring busy while brokers die, and what they were told.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "events/log/kafka/kafka_log.h"
#include "tests/support/program.h"

namespace kring::test {

// What all clients of one log want and were told. Each wants areas registered, one a command; what was answered `unknown`, or
// not at all, is sent again with the same id. Thread-safe.
class Clients {
 public:
  // The next command, as a line; what has to be sent again comes first. `id` is in somebody's hands from then on. Empty: there
  // is none, after close().
  std::string next(std::string& id);
  void close();  // they want nothing more than what is not answered yet
  void open();   // they do again
  bool settled() const;  // and nothing has to be sent again
  // An answer, and a process that took it; false: it was not for certain. Whoever is told something else than before fails the test.
  bool note(const json::Value& answer);
  void again(const std::set<std::string>& ids);  // nobody has them in hand any more

  // Waits until so many more commands have an answer that is certain.
  void wait_for(std::size_t more);
  void wait_for_unknown(std::size_t all);  // that so many answers were
  std::map<std::string, Position> answered() const;
  std::size_t unknown() const;  // answers

 private:
  mutable std::mutex mutex_;
  std::condition_variable noted_;
  std::size_t made_ = 0, unknown_ = 0;
  bool closed_ = false;
  std::deque<std::string> again_;
  std::map<std::string, Position> answered_;
};

// One `kring submit` whose input is kept open, with so many commands under way at any time. It ends when it is told to, or
// when it has answered `unknown`: from then on it must answer nothing else.
class Submitting {
 public:
  Submitting(Clients& clients, std::vector<std::string> arguments, std::size_t in_flight);
  ~Submitting() { (void)finish(); }

  void send(int signal) const { kring_.send(signal); }
  std::set<std::string> in_hand() const;  // commands that it has not answered for certain
  // No further commands; waits for the answers of those under way, and for its end. What is left has to be sent again.
  const Ran& finish() { return end(true); }
  const Ran& wait() { return end(false); }  // the same, when it ends by itself
  std::size_t answers() const { return answers_; }  // of either kind; after its end

 private:
  const Ran& end(bool now);
  void run();
  void fill();
  void note(const std::string& line);

  Clients& clients_;
  const std::size_t in_flight_;
  Running kring_;
  mutable std::mutex mutex_;
  std::set<std::string> in_hand_;
  bool stopping_ = false;
  bool doubtful_ = false;  // `unknown` was answered
  std::size_t answers_ = 0;
  Ran ran_;
  std::thread thread_;
};

// Clients of one data directory that go on whatever happens: where a process has ended, the next one is started.
class Load {
 public:
  Load(Clients& clients, std::vector<std::string> arguments, std::size_t in_flight);
  ~Load();
  // Returns when every command has an answer that is certain.
  void finish();

  struct Counts {
    std::size_t runs = 0, in_doubt = 0, refused = 0;  // processes; that ended with `unknown`; that could not start
  };
  const Counts& counts() const { return counts_; }  // after finish()

 private:
  void run();

  Clients& clients_;
  const std::vector<std::string> arguments_;
  const std::size_t in_flight_;
  Counts counts_;
  std::thread thread_;
};

// What anybody can read of a log: the ids of its commands, in order.
class Witness {
 public:
  explicit Witness(const KafkaOptions& options) : reader_(make_kafka_reader(options)) {}
  // Reads on. Every command that was answered by now is in the log, once, where its answer says.
  void check(const Clients& clients);
  const std::vector<std::string>& ids() const { return ids_; }
  KafkaStatistics statistics() const { return reader_->statistics(); }

 private:
  const std::unique_ptr<KafkaReader> reader_;
  Bookmark place_;
  std::vector<std::string> ids_;  // of position 1, 2 ..
};

inline constexpr const char* programme_line = R"({"type":"define_programme","programme":"proef","title":"Proef","from":"2024-01-01","to":"2025-12-31","id":"def"})"
                                              "\n";

}  // namespace kring::test
