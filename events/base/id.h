// Identifiers. An Id<Tag> is a slug, [a-z0-9][a-z0-9-]{0,62}, checked where input enters (events/json);
// one type per kind of thing, so that a theme cannot be passed where an area is meant.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace kring {

template <class Tag>
struct Id {
  std::string text;

  bool empty() const { return text.empty(); }
  auto operator<=>(const Id&) const = default;
};

using ProgrammeId = Id<struct ProgrammeTag>;
using ThemeId = Id<struct ThemeTag>;
using AreaId = Id<struct AreaTag>;
using VenueId = Id<struct VenueTag>;
using PersonId = Id<struct PersonTag>;
using Role = Id<struct RoleTag>;  // what a person is: matched against the policy's eligible_roles

bool is_slug(std::string_view text);        // [a-z0-9][a-z0-9-]{0,62}
bool is_actor(std::string_view text);       // [a-z0-9][a-z0-9:@._-]{0,127}
bool is_command_id(std::string_view text);  // [A-Za-z0-9._:-]{1,64}

}  // namespace kring
