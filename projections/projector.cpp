#include "projections/projector.h"

#include <algorithm>
#include <unordered_map>

#include "events/base/mistakes.h"
#include "events/base/ranges.h"
#include "events/base/text.h"
#include "events/codec/codec.h"
#include "projections/fold.h"

namespace kring::projections {
namespace {

constexpr Position commit_every = 2000, report_every = 10'000;

Result<Record> decode(const LogEntry& entry) {
  auto decision = codec::decode(entry.body);
  if (!decision)
    return fail(decision.error().kind, decision.error().code, concat("position ", entry.position, ": ", decision.error().message));
  return Record{entry.position, entry.recorded_at, entry.previous, entry.hash, std::move(*decision)};
}

// Visits every record after `from`, and none behind `up_to`, until an error.
Result<Bookmark> each_record(LogReader& log, const Bookmark& from, const std::function<Result<void>(const Record&, const LogEntry&)>& visit,
                             Position up_to = UINT64_MAX) {
  if (from.position >= up_to) return from;
  Result<void> outcome;
  auto reached = log.read(from, [&](const LogEntry& entry) {
    auto record = decode(entry);
    outcome = record ? visit(*record, entry) : Result<void>(std::unexpected(std::move(record.error())));
    return outcome.has_value() && entry.position < up_to;
  });
  if (!reached) return reached;
  if (!outcome) return std::unexpected(std::move(outcome.error()));
  return reached;
}

// The rows of models that are being rebuilt, on their way to the loader of each.
class RebuildRows : public Rows {
 public:
  std::array<std::unique_ptr<Loader>, model_count> loaders;

  Result<BytesView> get(Model model, const Bytes& key) override { return loaders[static_cast<std::size_t>(model)]->newest(key); }
  Result<void> put(Model model, const Bytes& key, Bytes value, Position position) override {
    return loaders[static_cast<std::size_t>(model)]->add(key, value, position);
  }
};

// A sum over rows that does not depend on their order, for each position.
class Sums {
 public:
  void add(Position position, BytesView key, BytesView value) {
    if (position >= sums_.size()) sums_.resize(std::max<std::size_t>(position + 1, sums_.size() * 2));
    std::uint64_t low = 0;
    Hash hash = hasher_.add(concat(key.size(), ':')).add(key).add(value).finish();
    for (std::size_t i = 0; i < 8; ++i) low = low << 8 | hash[i];
    sums_[position] += low;
  }
  // The first position at which the two differ; none where they don't.
  std::optional<Position> difference(const Sums& other) const {
    for (Position p = 0; p < std::max(sums_.size(), other.sums_.size()); ++p)
      if (at(p) != other.at(p)) return p;
    return {};
  }

 private:
  std::uint64_t at(Position p) const { return p < sums_.size() ? sums_[p] : 0; }

  std::vector<std::uint64_t> sums_;
  Sha256 hasher_;
};

class SummedRows : public Rows {
 public:
  std::array<Sums, model_count> sums;

  Result<BytesView> get(Model model, const Bytes& key) override {
    auto& rows = newest_[static_cast<std::size_t>(model)];
    auto found = rows.find(key);
    return found == rows.end() ? BytesView() : BytesView(found->second);
  }
  Result<void> put(Model model, const Bytes& key, Bytes value, Position) override {
    auto i = static_cast<std::size_t>(model);
    of_record_[i][key] = value;  // of several in one record the last counts
    newest_[i][key] = std::move(value);
    return {};
  }
  void end_of_record(Position position) {
    for (std::size_t i = 0; i < model_count; ++i) {
      for (const auto& [key, value] : of_record_[i]) sums[i].add(position, key, value);
      of_record_[i].clear();
    }
    newest_[static_cast<std::size_t>(Model::history)].clear();
  }

 private:
  std::array<std::unordered_map<Bytes, Bytes>, model_count> newest_, of_record_;
};

}  // namespace

Result<Position> Projector::catch_up(const Report& report, Position up_to) {
  if (KRING_MISTAKE(read_models_ahead)) up_to = UINT64_MAX;
  Progress progress = database_.progress();
  Bookmark from = *std::ranges::min_element(progress, {}, &Bookmark::position);
  Position pending = 0;
  auto reached = each_record(log_, from, [&](const Record& record, const LogEntry& entry) -> Result<void> {
    for (std::size_t i = 0; i < model_count; ++i) {
      if (progress[i].position >= record.position) continue;
      if (auto folded = fold(static_cast<Model>(i), database_.rows(), record, entry.body); !folded) return folded;
      progress[i] = entry.after;
    }
    if (report && record.position % report_every == 0) report(record.position, 0);
    if (++pending < commit_every) return {};
    pending = 0;
    return database_.commit(progress);
  }, up_to);
  if (reached && pending > 0)
    if (auto committed = database_.commit(progress); !committed) reached = std::unexpected(std::move(committed.error()));
  if (reached) return reached->position;
  database_.discard();  // whoever tries again begins at the last commit
  return std::unexpected(std::move(reached.error()));
}

Result<void> Projector::rebuild(const std::vector<Model>& models, const Report& report) {
  RebuildRows rows;
  for (Model model : models) {
    auto loader = database_.load(model);
    if (!loader) return std::unexpected(std::move(loader.error()));
    rows.loaders[static_cast<std::size_t>(model)] = std::move(*loader);
  }
  Position all = database_.progress()[0].position;
  auto reached = each_record(log_, {}, [&](const Record& record, const LogEntry& entry) -> Result<void> {
    for (Model model : models)
      if (auto folded = fold(model, rows, record, entry.body); !folded) return folded;
    if (report && record.position % report_every == 0) report(record.position, all);
    return {};
  });
  if (!reached) return std::unexpected(std::move(reached.error()));
  for (Model model : models)
    if (auto swapped = rows.loaders[static_cast<std::size_t>(model)]->swap_in(*reached); !swapped) return swapped;
  return {};
}

Result<Position> Projector::verify(const Report& report) {
  SummedRows expected;
  Position all = database_.progress()[0].position;
  auto reached = each_record(log_, {}, [&](const Record& record, const LogEntry& entry) -> Result<void> {
    for (std::size_t i = 0; i < model_count; ++i)
      if (auto folded = fold(static_cast<Model>(i), expected, record, entry.body); !folded) return folded;
    expected.end_of_record(record.position);
    if (report && record.position % report_every == 0) report(record.position, all);
    return {};
  });
  if (!reached) return std::unexpected(std::move(reached.error()));
  for (std::size_t i = 0; i < model_count; ++i) {
    auto model = static_cast<Model>(i);
    Sums stored;
    auto read = database_.all_versions(model, [&](BytesView key, Position position, BytesView value) {
      stored.add(model == Model::history ? last_number(key) : position, key, value);
      return true;
    });
    if (!read) return std::unexpected(std::move(read.error()));
    if (auto position = stored.difference(expected.sums[i]))
      return fail(ErrorKind::damaged, "read_model_differs",
                  concat("the read model ", model_names[i], " differs from the log at position ", *position, ": kring rebuild ", model_names[i]));
  }
  return reached->position;
}

}  // namespace kring::projections
