// How much there is, over all programmes of a log.
#include "projections/store/tables.h"
#include "projections/views/views.h"

namespace kring::projections {

Result<json::Object> counts(Database& database) {
  struct Counted {
    const char* name;
    Model model;
    char table;
    const char* id;  // only what stands under it; empty: all
  };
  constexpr Counted counted[] = {{"themes", Model::directory, table::theme, ""},
                                 {"areas", Model::directory, table::area, ""},
                                 {"venues", Model::directory, table::venue, ""},
                                 {"persons", Model::directory, table::person, ""},
                                 {"rejections", Model::history, table::type_index, "Rejected"}};
  std::vector<ProgrammeId> programmes;
  auto listed = database.scan(Model::directory, list_of_programmes(), {}, UINT64_MAX, [&](BytesView key, BytesView) {
    programmes.push_back({KeyParts(key).id()});
    return true;
  });
  if (!listed) return std::unexpected(std::move(listed.error()));
  json::Object out{{"programmes", programmes.size()}};
  for (const Counted& each : counted) {
    std::uint64_t number = 0;
    for (const ProgrammeId& programme : programmes) {
      const Key all(programme, each.table);
      auto scanned = database.scan(each.model, *each.id ? Bytes(Key(all).id(each.id)) : Bytes(all), {}, UINT64_MAX, [&](auto...) { return ++number > 0; });
      if (!scanned) return std::unexpected(std::move(scanned.error()));
    }
    out.emplace(each.name, number);
  }
  return out;
}

}  // namespace kring::projections
