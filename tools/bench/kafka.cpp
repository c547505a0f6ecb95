// The log on Kafka, beside librdkafka with nothing around it: appending, reading, rebuilding.
#include "events/base/text.h"
#include "events/log/embedded/embedded_log.h"
#include "events/log/frame.h"
#include "projections/projector.h"
#include "tools/bench/appending.h"
#include "tools/bench/bare_kafka.h"
#include "tools/bench/measure.h"
#include "tools/bench/suites.h"

namespace kring::bench {
namespace {

constexpr const char* bare_client = "librdkafka alone: messages of the same size, as many in flight";

double rebuild_rate(Bench& bench, LogReader& log, std::uint64_t records) {
  const auto directory = bench.make("rebuild");
  double taken = 0;
  {
    auto database = must(projections::Database::open_primary(directory.models()));
    projections::Projector projector(*database, log);
    taken = seconds([&] { must(projector.rebuild(all_models())); });
  }
  bench.remove(directory);
  return static_cast<double>(records) / taken;
}

// One core that hashes the same records, and checks that each follows on the one before.
double hash_rate(LogReader& log, std::uint64_t records) {
  struct Record {
    Instant at;
    Hash previous, hash;
    Bytes body;
  };
  std::vector<Record> all;
  all.reserve(records);
  must(log.read({}, [&](const LogEntry& entry) {
    all.push_back({entry.recorded_at, entry.previous, entry.hash, Bytes(entry.body)});
    return true;
  }));
  const HistoryId history = must(log.history());
  RecordHasher hasher;
  std::size_t wrong = 0;
  const auto taken = seconds([&] {
    Position position = 0;
    for (const Record& record : all) wrong += hasher(history, ++position, record.previous, record.at, record.body) != record.hash;
  });
  if (wrong > 0) throw Failed{{ErrorKind::damaged, "log_damaged", "", concat(wrong, " records do not have their hash")}};
  return static_cast<double>(all.size()) / taken;
}

}  // namespace

void run_kafka_append(Bench& bench) {
  struct Level {
    std::size_t in_flight;
    double commands, share;
  };
  for (auto [in_flight, commands, share] : {Level{1, 10'000, 0.6}, Level{16, 60'000, 0.6}, Level{256, 200'000, 0.5}}) {
    bench.tell(concat("appending to Kafka with ", in_flight, " in flight"));
    const auto work = work_of(bench.scaled(commands, 100), bench.options().seed);
    std::vector<double> measured, bare, deciding;
    for (int repetition = 0; repetition < (bench.options().scale < 0.01 ? 1 : 5); ++repetition) {
      const auto directory = bench.make("kafka-append"), other = bench.make("kafka-append-keys");
      const KafkaOptions topic = bench.make_topic("append");
      measured.push_back(Subject(directory, make_kafka_log(topic)).rate(work, in_flight));
      const auto frames = frames_in(*make_kafka_reader(topic), work);
      bare.push_back(bare_produce_rate(bench.make_topic("bare"), frames, in_flight));
      deciding.push_back(decide_encode_hash_rate(other, work));
      bench.remove(directory);
      bench.remove(other);
    }
    const bool large = in_flight >= 256;
    const bool decider_is_slower = large && median(deciding) < median(bare);
    bench.add({"kafka-append", concat(in_flight, " in flight"), median(measured), "commands/s", decider_is_slower ? median(deciding) : median(bare),
               decider_is_slower ? "one core that only decides, encodes and hashes" : bare_client, ratio_at_least(share)});
    if (!large) continue;
    bench.add({"kafka-append", concat(in_flight, " in flight: librdkafka alone"), median(bare), "commands/s", {}, "", {}});
    bench.add({"kafka-append", concat(in_flight, " in flight: decide + encode + hash"), median(deciding), "commands/s", {}, "", {}});
  }
}

void run_kafka_read(Bench& bench) {
  const Written& history = bench.written(bench.scaled(500'000, 5'000));
  const KafkaOptions& topic = bench.on_kafka(history);
  std::vector<double> read, bare, hashing;
  for (int repetition = 0; repetition < 3; ++repetition) {
    std::uint64_t records = 0;
    const auto taken = seconds([&] {  // with connecting, as the other: else much would be there before it is asked for
      must(make_kafka_reader(topic)->read({}, [&](const LogEntry&) {
        ++records;
        return true;
      }));
    });
    read.push_back(static_cast<double>(records) / taken);
    bare.push_back(bare_consume_rate(topic, history.records + 1));  // and the claim
    hashing.push_back(hash_rate(*make_embedded_reader(history.directory.log()), history.records));
  }
  const bool hashing_is_slower = median(hashing) < median(bare);
  bench.add({"kafka-read", concat("reading and checking ", history.records, " records"), median(read), "records/s", hashing_is_slower ? median(hashing) : median(bare),
             hashing_is_slower ? "one core that only hashes them" : "librdkafka's consumer alone", ratio_at_least(0.5)});
  bench.add({"kafka-read", "librdkafka's consumer alone", median(bare), "records/s", {}, "", {}});
  bench.add({"kafka-read", "one core that only hashes them", median(hashing), "records/s", {}, "", {}});
}

void run_kafka_rebuild(Bench& bench) {
  const Written& history = bench.written(bench.scaled(500'000, 5'000));
  const auto on_kafka = make_kafka_reader(bench.on_kafka(history));
  const auto embedded = make_embedded_reader(history.directory.log());
  std::vector<double> rebuilt, raw;
  for (int repetition = 0; repetition < 3; ++repetition) {
    rebuilt.push_back(rebuild_rate(bench, *on_kafka, history.records));
    raw.push_back(rebuild_rate(bench, *embedded, history.records));
  }
  bench.add({"kafka-rebuild", concat("all read models of ", history.records, " events"), median(rebuilt), "events/s", median(raw),
             "the same from the embedded log", ratio_at_least(0.8)});
}

}  // namespace kring::bench
