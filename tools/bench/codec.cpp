// A decision to bytes and back.
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "tools/bench/measure.h"
#include "tools/bench/suites.h"

namespace kring::bench {

void run_codec(Bench& bench) {
  auto directory = bench.make("codec");
  auto keys = open_keys(directory, HistoryId{1}, true);
  History history({bench.options().seed, 4, static_cast<std::uint32_t>(bench.scaled(5000, 1000)), 0});
  std::vector<Decision> decisions;
  std::vector<Bytes> encoded;
  std::size_t bytes = 0;
  for (Made made; history.next(made);) {
    must(seal(made.decision, true, *keys));
    encoded.push_back(codec::encode(made.decision));
    bytes += encoded.back().size();
    decisions.push_back(std::move(made.decision));
  }
  auto count = static_cast<double>(decisions.size());
  std::vector<double> encoding, decoding, copying;
  for (std::uint64_t round = 0; round < bench.scaled(20, 3); ++round) {
    encoding.push_back(count / core_seconds([&] {
      for (const Decision& decision : decisions) keep(codec::encode(decision));
    }));
    decoding.push_back(count / core_seconds([&] {
      for (const Bytes& body : encoded) keep(codec::decode(body));
    }));
    copying.push_back(count / core_seconds([&] {
      for (const Bytes& body : encoded) keep(Bytes(body));
    }));
  }
  const char* limit = "the same bytes copied, each record into a string of its own";
  bench.add({"codec", "encode", median(encoding), "records/s", median(copying), limit, {}});
  bench.add({"codec", "decode", median(decoding), "records/s", median(copying), limit, {}});
  bench.add({"codec", "size of a record's body", static_cast<double>(bytes) / count, "bytes", {}, "", {}});
  bench.remove(directory);
}

}  // namespace kring::bench
