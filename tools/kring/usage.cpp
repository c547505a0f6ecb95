#include "tools/kring/usage.h"

#include <algorithm>
#include <vector>

#include "events/base/similar.h"
#include "events/base/text.h"

namespace kring::cli {
namespace {

// "table|json|csv:{...}": what a validator adds says the same again.
std::string type_of(const CLI::Option& option) {
  std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

std::string usage_of(const CLI::Option& option) {
  if (option.get_positional()) {
    std::string name = concat(option.get_single_name(), option.get_items_expected_max() > 1 ? " ..." : "");
    return option.get_required() ? name : concat("[", name, "]");
  }
  return concat("[--", option.get_lnames().front(), option.get_items_expected_max() > 0 ? concat(" ", type_of(option)) : "", "]");
}

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  return flags;
}

std::string unexpected(const CLI::App& app) {
  auto words = app.remaining(true);
  const CLI::App* command = chosen_command(app);
  auto flag = std::ranges::find_if(words, [](const std::string& word) { return word.size() > 1 && word.starts_with('-'); });
  bool command_first = !command && !words.empty() && flag != words.begin();  // `kring histroy --theme x`
  if (flag != words.end() && !command_first) {
    auto typed = flag->substr(0, flag->find('='));
    auto known = flags_of(app);
    if (command)
      for (auto& name : flags_of(*command)) known.push_back(std::move(name));
    return concat(command ? concat("'", command->get_name(), "' has") : "there is", " no option '", typed, "'", did_you_mean(typed, known));
  }
  if (words.empty()) return "something was not expected";
  if (!command) return concat("there is no command '", words.front(), "'", did_you_mean(words.front(), names_of_commands(app)));
  return concat("'", command->get_name(), "' takes nothing more: '", words.back(), "'");
}

}  // namespace

const CLI::App* chosen_command(const CLI::App& app) {
  auto chosen = app.get_subcommands();
  return chosen.empty() ? nullptr : chosen.front();
}

std::string usage_line(const CLI::App& app) {
  const CLI::App* command = chosen_command(app);
  if (!command) return "usage: kring [--data DIR] [--log URL] COMMAND ...; kring --help lists the commands";
  std::string line = concat("usage: kring ", command->get_name());
  for (bool positional : {true, false})
    for (const CLI::Option* option : command->get_options())
      if (option->get_positional() == positional && option != command->get_help_ptr()) line += concat(" ", usage_of(*option));
  return concat(line, "; kring ", command->get_name(), " --help shows an example");
}

std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error)) return unexpected(app);
  return error.what();
}

}  // namespace kring::cli
