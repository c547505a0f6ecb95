// What a command is answered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "events/base/error.h"
#include "events/decision.h"

namespace kring {

enum class AnswerStatus : std::uint8_t { accepted, rejected, duplicate, unknown, invalid };
template <>
struct Names<AnswerStatus> {
  static constexpr std::array<std::string_view, 5> names{"accepted", "rejected", "duplicate", "unknown", "invalid"};
};

struct Answer {
  std::string id;
  AnswerStatus status{};
  std::optional<Position> position;          // none where nothing is recorded
  std::vector<std::string> events;           // the names of what was recorded
  std::vector<Warning> warnings;
  std::optional<Rejection> rejection;
  std::optional<AnswerStatus> first_status;  // of a duplicate: how it was answered the first time
  std::optional<PersonId> person;            // where the id was generated
  std::optional<Error> error;                // of `invalid` and `unknown`
};

// What a recorded decision was answered.
Answer answer_for(Position position, const Decision& decision);
// It may or may not be recorded.
Answer unknown_answer(std::string id, const Error& why);

}  // namespace kring
