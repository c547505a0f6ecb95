// Answers on their way out of a node, and those that nobody reads.
#include "tools/kring/node/outlet.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "events/base/text.h"
#include "tools/kring/submit.h"

namespace kring::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds patience{60'000};

struct Pipe {
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
    signal(SIGPIPE, SIG_IGN);
  }
  ~Pipe() {
    for (const int end : ends)
      if (end >= 0) ::close(end);
  }
  std::string read_some() const {
    char buffer[4096];
    const auto count = ::read(ends[0], buffer, sizeof buffer);
    return {buffer, static_cast<std::size_t>(std::max<ssize_t>(0, count))};
  }
  int ends[2];
};

TEST(AnOutlet, WritesLinesInOrderWhileSomebodyReads) {
  const Pipe pipe;
  Outlet outlet(pipe.ends[1]);
  std::string expected;
  for (int i = 0; i < 20'000; ++i) {
    const std::string line = concat("answer ", i, i % 1000 == 0 ? std::string(10'000, 'x') : "");
    expected += line + "\n";
    outlet.put(line);
  }
  std::string found;
  while (found.size() < expected.size()) found += pipe.read_some();
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(outlet.finish(patience));
  EXPECT_EQ(outlet.written(), 20'000u);
}

TEST(AnOutlet, NeverHoldsUpWhoAnswersNorItsOwnEnd) {
  const Pipe pipe;
  constexpr std::size_t count = 100'000;
  {
    Outlet outlet(pipe.ends[1]);
    for (std::size_t i = 0; i < count; ++i) outlet.put("nobody reads this");
    EXPECT_FALSE(outlet.finish(milliseconds(1)));
    EXPECT_LT(outlet.written(), count);
    EXPECT_EQ(outlet.error(), 0);

    // It goes on as soon as somebody reads, and says so.
    pollfd progress{outlet.progress(), POLLIN, 0};
    const auto before = outlet.written();
    while (outlet.written() == before) {
      outlet.see_progress();
      ASSERT_FALSE(pipe.read_some().empty());
      ASSERT_EQ(poll(&progress, 1, static_cast<int>(patience.count())), 1);
    }
  }
  // What was written ends with a whole line.
  ::fcntl(pipe.ends[0], F_SETFL, O_NONBLOCK);
  std::string last;
  for (std::string some = pipe.read_some(); !some.empty(); some = pipe.read_some()) last = some;
  EXPECT_TRUE(last.ends_with("this\n"));
}

TEST(AnOutlet, DropsWhatCannotBeWritten) {
  Pipe pipe;
  Outlet outlet(pipe.ends[1]);
  ::close(std::exchange(pipe.ends[0], -1));
  for (int i = 0; i < 10; ++i) outlet.put("to whom?");
  EXPECT_TRUE(outlet.finish(patience));
  EXPECT_EQ(outlet.written(), 10u);
  EXPECT_EQ(outlet.error(), EPIPE);
}

TEST(Results, AnswerUnknownToAllThatIsOpenWhenTheyAreGivenUp) {
  std::vector<std::string> lines;
  Results results(Format::json, "", [&](const std::string& line) { lines.push_back(line); });
  for (const char* id : {"a", "b", "c"}) results.expect_one(id);
  Answer answer;
  answer.id = "b";
  answer.status = AnswerStatus::accepted;
  results.complete(1, answer);
  EXPECT_EQ(results.expected(), 3u);
  EXPECT_TRUE(lines.empty());

  EXPECT_EQ(results.give_up({ErrorKind::io, "outcome_unknown", "", "it had to end"}), 2u);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(lines[0].starts_with(R"({"id":"a","status":"unknown")")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with(R"({"id":"b","status":"accepted")")) << lines[1];
  EXPECT_NE(lines[2].find("it had to end"), std::string::npos) << lines[2];
  EXPECT_EQ(results.exit_code(), 2);

  results.complete(0, answer);
  results.complete_invalid(2, 3, {ErrorKind::invalid, "invalid_command", "", "late"});
  EXPECT_EQ(lines.size(), 3u);
  EXPECT_EQ(results.unknown(), 2u);
}

}  // namespace
}  // namespace kring::cli
