// What must be the same before and after a log has moved: everything that anybody can ask, now and as of any moment.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/program.h"

namespace kring::test {

// Question to answer, exit codes included. `place`: --data, and --log where the log is not in it.
std::map<std::string, std::string> answers(const std::vector<std::string>& place);

}  // namespace kring::test
