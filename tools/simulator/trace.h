// What a run tells of itself.
#pragma once

#include <string>

#include "events/base/text.h"

namespace kring::simulator {

// What happened, a line each; the same seed writes the same lines.
class Trace {
 public:
  template <class... Pieces>
  void operator()(const Pieces&... pieces) {
    text_ += concat(pieces..., '\n');
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace kring::simulator
