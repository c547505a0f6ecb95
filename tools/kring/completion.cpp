#include "tools/kring/completion.h"

#include <algorithm>

#include "engine/runtime/environment.h"
#include "events/base/text.h"
#include "events/privacy/keyring.h"
#include "events/types_of.h"
#include "projections/views/moment.h"
#include "projections/views/views.h"
#include "tools/kring/data_directory.h"

namespace kring::cli {
namespace {

constexpr std::string_view bash_script = R"(# kring's completion for bash: source <(kring completion bash)
_kring() {
  local word cur=${COMP_WORDS[COMP_CWORD]}
  [[ $cur == = ]] && cur=
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    case $word in
      :file) compopt -o filenames; mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur") ;;
      :directory) compopt -o filenames; mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$cur") ;;
      "$cur"*) COMPREPLY+=("$word") ;;
    esac
  done < <("${COMP_WORDS[0]}" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _kring kring
)";

constexpr std::string_view zsh_script = R"(#compdef kring
# kring's completion for zsh: source <(kring completion zsh), or save it as _kring in a directory of $fpath
_kring() {
  local line
  local -a found
  while IFS= read -r line; do
    case $line in
      :file) _files ;;
      :directory) _files -/ ;;
      *$'\t'*) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
      *) found+=("${line//:/\\:}") ;;
    esac
  done < <("${words[1]}" complete "${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#found )) && _describe kring found
}
if [[ $funcstack[1] == _kring ]]; then
  _kring "$@"  # found in $fpath, and called for the first time
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -D -i }
  compdef _kring kring
fi
)";

constexpr std::string_view fish_script = R"(# kring's completion for fish: kring completion fish | source
function __kring
    set -l typed (commandline -opc) (commandline -ct)
    for line in ($typed[1] complete $typed[2..-1] 2>/dev/null)
        switch $line
            case :file
                __fish_complete_path (commandline -ct)
            case :directory
                __fish_complete_directories (commandline -ct)
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c kring -f -a '(__kring)'
)";

// What kind of word an option or a positional takes: "THEME", "table|json|csv", "DIR".
std::string kind_of(const CLI::Option& option) {
  if (option.get_positional() && option.get_type_name() == "TEXT") return option.get_single_name();
  std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

// The words in lower case of "table|json|csv" and "N|last".
std::vector<std::string> spelled_out(const std::string& kind) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= kind.size();) {
    auto end = std::min(kind.find('|', begin), kind.size());
    auto word = kind.substr(begin, end - begin);
    if (!word.empty() && word[0] >= 'a' && word[0] <= 'z') words.push_back(std::move(word));
    begin = end + 1;
  }
  return words;
}

class Completer {
 public:
  Completer(const CLI::App& app, Options typed, const KnownWords& known) : app_(app), typed_(std::move(typed)), known_(known) {}

  // A word in front of the one that is completed.
  void pass(const std::string& word) {
    if (word == "=") return;  // bash makes three words of --theme=x
    if (awaiting_) return take(word);
    if (word.starts_with("--")) {
      awaiting_ = find(word.substr(0, word.find('=')));
      if (awaiting_ && word.contains('=')) take(word.substr(word.find('=') + 1));
      else if (awaiting_ && awaiting_->get_items_expected_max() == 0) awaiting_ = nullptr;
    } else if (!command_) {
      auto named = app_.get_subcommands([&](const CLI::App* command) { return command->get_name() == word; });
      command_ = named.empty() ? nullptr : named.front();
    } else {
      ++positionals_;
    }
  }

  std::string complete(const std::string& word) {
    if (awaiting_) values(kind_of(*awaiting_), "");
    else if (auto equals = word.find('='); word.starts_with("--") && equals != std::string::npos) {
      if (const auto* option = find(word.substr(0, equals))) values(kind_of(*option), word.substr(0, equals + 1));
    } else if (word.starts_with('-')) {
      if (command_) flags(*command_);
      flags(app_);
    } else if (!command_) {
      for (const CLI::App* command : app_.get_subcommands([](const CLI::App*) { return true; })) add(command->get_name(), command->get_description());
    } else {
      positional();
    }
    return std::move(out_);
  }

 private:
  void take(const std::string& value) {
    if (awaiting_->check_lname("data")) typed_.data = value;
    if (awaiting_->check_lname("programme")) typed_.programme = value;
    awaiting_ = nullptr;
  }

  const CLI::Option* find(const std::string& flag) const {
    const CLI::Option* option = command_ ? command_->get_option_no_throw(flag) : nullptr;
    return option ? option : app_.get_option_no_throw(flag);
  }

  void add(const std::string& word, const std::string& description = {}) {
    out_ += description.empty() ? word + "\n" : concat(word, '\t', description, '\n');
  }

  void flags(const CLI::App& app) {
    for (const CLI::Option* option : app.get_options())
      for (const std::string& name : option->get_lnames()) add("--" + name, option->get_description());
  }

  void positional() {
    std::size_t number = 0;
    for (const CLI::Option* option : command_->get_options()) {
      if (!option->get_positional()) continue;
      if (number++ == positionals_ || option->get_items_expected_max() > 1) return values(kind_of(*option), "");
    }
  }

  void values(const std::string& kind, const std::string& before) {
    if (kind == "FILE") return add(":file");
    if (kind == "DIR") return add(":directory");
    if (kind == "URL|DIR") return add("embedded"), add(":directory");
    for (const auto& word : spelled_out(kind)) add(before + word);
    for (const auto& word : known_.of(kind, typed_)) add(before + word);
  }

  const CLI::App& app_;
  Options typed_;
  const KnownWords& known_;
  const CLI::App* command_ = nullptr;
  const CLI::Option* awaiting_ = nullptr;  // that the next word is the value of
  std::size_t positionals_ = 0;
  std::string out_;
};

std::vector<std::string> ids_in(projections::Database& database, const std::string& kind, const Options& typed) {
  auto moment = projections::find_moment(database, database.progress()[0].position, typed.programme, "", real_environment().now());
  if (!moment) return {};
  auto keyless = open_without_keys();
  projections::View view(database, *keyless, moment->programme, moment->as_of);
  std::string lower = kind;
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return projections::known_ids(view, lower);
}

}  // namespace

std::vector<std::string> WordsOfData::of(const std::string& kind, const Options& typed) const {
  if (kind == "EVENT") {
    std::vector<std::string> types(TypesOf<Event>::all.begin(), TypesOf<Event>::all.end());
    types.emplace_back("Rejected");
    return types;
  }
  if (kind == "MODEL") return {projections::model_names.begin(), projections::model_names.end()};
  auto database = projections::Database::open_reader(models_path(typed));
  return database ? ids_in(**database, kind, typed) : std::vector<std::string>{};
}

std::string candidates(const CLI::App& app, std::vector<std::string> words, Options defaults, const KnownWords& known) {
  if (words.empty()) words.emplace_back();
  std::string last = std::move(words.back());
  words.pop_back();
  Completer completer(app, std::move(defaults), known);
  for (const auto& word : words) completer.pass(word);
  return completer.complete(last == "=" ? "" : last);
}

std::string completion_script(const std::string& shell) { return std::string(shell == "bash" ? bash_script : shell == "zsh" ? zsh_script : fish_script); }

}  // namespace kring::cli
