// A programme file. Whatever the text, it is a list of commands that can be read, in the order in which they have to be
// recorded, or an `invalid` error that names the file.
#include <algorithm>
#include <array>

#include "tests/fuzz/fuzz.h"
#include "tools/kring/programme_file.h"

namespace kring::fuzz {
namespace {

constexpr std::array<std::string_view, 6> order{"programme", "theme", "policy", "area", "venue", "person"};

void holds(const std::vector<cli::FileEntry>& entries, std::int64_t lines) {
  KRING_CHECK(!entries.empty() && entries.front().kind == "programme");
  std::size_t reached = 0;
  for (const cli::FileEntry& entry : entries) {
    auto at = static_cast<std::size_t>(std::ranges::find(order, entry.kind) - order.begin());
    KRING_CHECK(at < order.size() && at >= reached);
    reached = at;
    KRING_CHECK(entry.line >= 1 && entry.line <= lines);
    KRING_CHECK(!entry.id.empty());
    auto request = json::parse_command(json::to_text(entry.command));
    KRING_CHECK(request && !request->command.programme.empty());
  }
}

}  // namespace
}  // namespace kring::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kring;
  std::string text(fuzz::input_of(data, size));
  auto entries = cli::read_programme_text(text, "proef.toml");
  if (entries) {
    fuzz::holds(*entries, std::ranges::count(text, '\n') + 1);
    return 0;
  }
  const Error& error = entries.error();
  KRING_CHECK(error.kind == ErrorKind::invalid && error.code == "invalid_programme_file");
  KRING_CHECK(error.message.starts_with("proef.toml:"));
  return 0;
}
