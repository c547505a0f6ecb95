// Private to the folds: typed rows over Rows, and an error that is kept until the record is done.
#pragma once

#include "events/codec/archive.h"
#include "projections/fold.h"

namespace kring::projections {

class Folding {
 public:
  Folding(Model model, Rows& rows, const Record& record) : record_(record), model_(model), rows_(rows) {}

  Result<void> outcome;

 protected:
  Key key(char table) const { return {record_.decision.command.programme, table}; }
  Key key(char table, const ThemeId& theme, std::int32_t session) const {
    return key(table).id(theme.text).number(static_cast<std::uint64_t>(session));
  }

  // The row as it is now; as made by default where there is none, or after an error.
  template <class Row>
  Row row(const Bytes& at) {
    return find<Row>(at).value_or(Row{});
  }
  template <class Row>
  std::optional<Row> find(const Bytes& at) {
    if (!outcome) return {};
    auto bytes = rows_.get(model_, at);
    if (!bytes) outcome = std::unexpected(std::move(bytes.error()));
    if (!outcome || bytes->empty()) return {};
    auto row = codec::unpack<Row>(*bytes);
    if (!row) outcome = std::unexpected(std::move(row.error()));
    return row ? std::optional(std::move(*row)) : std::nullopt;
  }
  template <class Row>
  void put(const Bytes& at, const Row& row) {
    put_bytes(at, codec::pack(row));
  }
  void erase(const Bytes& at) { put_bytes(at, {}); }

  // The lowest free slot below `base`, or the one whose row satisfies `wanted`.
  template <class Row, class Wanted>
  std::pair<Bytes, Row> slot(const Key& base, Wanted wanted) {
    for (std::uint64_t number = 0;; ++number) {
      Bytes at = Key(base).number(number);
      auto found = find<Row>(at);
      if (!outcome || wanted(found)) return {at, found.value_or(Row{})};
    }
  }

  const Record& record_;

 private:
  void put_bytes(const Bytes& at, Bytes value) {
    if (outcome) outcome = rows_.put(model_, at, std::move(value), record_.position);
  }

  const Model model_;
  Rows& rows_;
};

template <class Fold>
Result<void> fold_events(Fold&& fold, const Record& record) {
  for (const Event& event : record.decision.events) std::visit([&](const auto& e) { fold.on(e); }, event);
  return fold.outcome;
}

template <class T>
void take(T& to, const std::optional<T>& from) {
  if (from) to = *from;
}
template <class T>
void take(std::optional<T>& to, const std::optional<T>& from) {
  if (from) to = from;
}

}  // namespace kring::projections
