// A data directory with planted personal values: words that are nowhere else, so that a search for them finds what leaked.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/at_rest.h"
#include "tests/support/program.h"

namespace kring::test {

class Planted : public testing::Test {
 protected:
  Planted();

  // In a process with a directory for temporary files that is searched too.
  Ran kring(std::vector<std::string> arguments, const std::string& input = "") const;
  Ran submit(const std::string& commands) const { return kring({"submit"}, commands); }
  // The same in a process that is killed after its last answer: it closes and flushes nothing.
  std::vector<json::Value> submit_and_kill(const std::string& commands) const;

  // Submits commands on persons p-1, p-2 and others: accepted, rejected, invalid and sent again, each with planted
  // values wherever a command takes personal text; the answers are checked.
  void plant() const;

  // The planted values that are sealed with the key of p-1, those that p-2 has without p-1, those that must never be
  // kept (of commands refused, invalid or sent again, and reasons about nobody known), and those that name nobody.
  static std::vector<std::string> of_p1() { return values("(Een|Bei)"); }
  static std::vector<std::string> of_p2_alone() { return values("(Twe)"); }
  static std::vector<std::string> never_kept() { return values("(Weg)"); }
  static std::vector<std::string> of_nobody() { return values("(Nie)"); }

  std::string data() const { return root.path() + "/data"; }
  std::string keys() const { return data() + "/keys"; }
  std::string kek() const { return data() + ".kek"; }
  std::string ledger() const { return data() + ".erased"; }
  Disk disk() const { return Disk(root.path()); }

  // The keys that these persons have now.
  std::vector<KeyAtRest> keys_of_persons(const std::vector<std::string>& persons) const;

  // Nothing is left: of the values, of the keys that there were, and no key opens any text of these persons.
  void expect_gone(const std::vector<std::string>& words, const std::vector<std::string>& persons, const std::vector<KeyAtRest>& keys_before) const;

  // No read shows any of the values, as of any of these positions.
  void expect_unread(const std::vector<std::string>& words, const std::vector<Position>& as_of) const;

  TemporaryDirectory root;

 private:
  static std::vector<std::string> values(const std::string& kind);
};

std::string to_text(const Ran& ran);  // both outputs, for messages

// Fails the test for each word that the text holds.
void expect_none(const std::string& text, const std::vector<std::string>& words, const std::string& where);

}  // namespace kring::test
