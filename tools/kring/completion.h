// Completion in bash, zsh and fish. The scripts ask the program itself, `kring complete WORD ...`, which looks the answer
// up in the definition of its command line and in the data directory: nothing of it can go stale.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "tools/kring/options.h"

namespace kring::cli {

// Which words an argument of a kind ("THEME", "AREA", ...) can be, as far as that is known.
class KnownWords {
 public:
  virtual ~KnownWords() = default;
  virtual std::vector<std::string> of(const std::string& kind, const Options& typed) const = 0;
};

// From the data directory as it is now; in silence where there is none. Changes nothing.
class WordsOfData : public KnownWords {
 public:
  std::vector<std::string> of(const std::string& kind, const Options& typed) const override;
};

// `words`: what was typed behind `kring`; the last one, which may be empty, is to be completed. One candidate a line, a
// tab and its description behind it where there is one; ":file" and ":directory" stand for what the shell knows better.
std::string candidates(const CLI::App& app, std::vector<std::string> words, Options defaults, const KnownWords& known);

// For `source <(kring completion bash)` and its like.
std::string completion_script(const std::string& shell);

}  // namespace kring::cli
