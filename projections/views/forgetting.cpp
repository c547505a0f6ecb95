#include "projections/views/forgetting.h"

#include <algorithm>

#include "events/codec/archive.h"

namespace kring::projections {

std::optional<std::string> Forgetting::open(const SealContext& context, BytesView sealed) const {
  auto forgotten = [&](const PersonId& person) { return is_forgotten(context.programme, person); };
  return std::ranges::any_of(context.persons, forgotten) ? std::nullopt : opener_.open(context, sealed);
}

bool Forgetting::is_forgotten(const ProgrammeId& programme, const PersonId& person) const {
  auto [found, added] = known_.try_emplace({programme, person}, true);
  if (!added) return found->second;
  // What cannot be read counts as forgotten: the error shows where the row itself is read.
  auto bytes = database_.get(Model::directory, Key(programme, table::person).id(person.text), UINT64_MAX);
  if (!bytes) return true;
  auto row = bytes->empty() ? Result<PersonRow>(PersonRow{}) : codec::unpack<PersonRow>(*bytes);
  return found->second = !row || row->forgotten;
}

}  // namespace kring::projections
