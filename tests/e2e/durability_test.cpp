// Nothing is answered before it is safe, seen from outside.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/program.h"

namespace kring::test {
namespace {

std::string define(const std::string& programme) {
  return R"({"type":"define_programme","programme":")" + programme + R"(","title":"Proef","from":"2024-01-01","to":"2035-12-31"})" + "\n";
}

// strace tells the order of system calls: the write of an answer must come after an fdatasync of the segment that
// came after the write of the record.
TEST(Durability, no_answer_is_written_before_the_sync_that_covers_it) {
  Kring kring;
  ASSERT_EQ(kring.submit(define("eerste")).exit_code, 0);
  std::string trace = kring.data() + ".strace", input = kring.data() + ".in";
  std::ofstream(input) << define("tweede");
  auto ran = run("strace", {"-f", "-E", no_leak_check, "-y", "-s", "400", "-e", "trace=write,writev,pwrite64,pwritev,fdatasync,fsync", "-o", trace, Kring::program(), "--data",
                            kring.data(), "submit", input});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  ASSERT_NE(ran.out.find("accepted"), std::string::npos);
  std::ifstream lines(trace);
  enum class Seen { nothing, record, sync, answer } seen = Seen::nothing;
  for (std::string line; std::getline(lines, line);) {
    bool segment = line.find("/log/") != std::string::npos && line.find(".kring>") != std::string::npos;
    bool sync = line.find("fdatasync(") != std::string::npos || line.find("fsync(") != std::string::npos;
    if (segment && !sync && line.find("KRNG") != std::string::npos) seen = Seen::record;
    if (segment && sync && line.find("= 0") != std::string::npos && seen == Seen::record) seen = Seen::sync;
    if (line.find("accepted") != std::string::npos) {
      EXPECT_EQ(seen, Seen::sync) << line;
      seen = Seen::answer;
    }
  }
  EXPECT_EQ(seen, Seen::answer) << "the answer was not seen in the trace";
}

TEST(Durability, a_second_writer_is_told_who_has_the_directory) {
  Kring kring;
  ASSERT_EQ(kring.submit(define("eerste")).exit_code, 0);
  // A first writer whose input stays open: its first answer shows that it has the directory.
  std::ofstream(kring.data() + ".in") << define("tweede");
  auto ran = run("bash", {"-c", "mkfifo '" + kring.data() + ".fifo'; '" + Kring::program() + "' --data '" + kring.data() +
                                    "' submit <'" + kring.data() + ".fifo' >'" + kring.data() + ".out' & writer=$!; exec 4>'" + kring.data() +
                                    ".fifo'; cat '" + kring.data() + ".in' >&4; until grep -q accepted '" + kring.data() +
                                    ".out'; do :; done; '" + Kring::program() + "' --data '" + kring.data() + "' submit '" + kring.data() +
                                    ".in'; echo \"exit $? writer $writer\"; exec 4>&-; wait"});
  EXPECT_NE(ran.out.find("exit 2"), std::string::npos) << ran.out << ran.err;
  auto writer = ran.out.substr(ran.out.find("writer ") + 7);
  EXPECT_NE(ran.err.find(writer.substr(0, writer.find('\n'))), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace kring::test
