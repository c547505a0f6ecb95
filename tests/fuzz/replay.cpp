// Runs a fuzz target without a fuzzer: `fuzz_replay_TARGET PATH...` calls it with every file of these paths, and then with
// mutations of those files, each from a seed (tests/support/seeds.h), so that a run can be repeated. When the target
// stops the program, the input is left in fuzz_replay_TARGET.failure and its origin is named.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <vector>

#include "events/base/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/seeds.h"

namespace kring::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = 64 << 10;  // bytes of a mutated input

struct Input {
  std::string name;
  Bytes bytes;
};

// What the signal handler says; the last two are set before each call.
std::string failure_file;
std::string running;
BytesView running_bytes;

extern "C" void leave_input(int signal) {
  const auto say = [](BytesView text) { return write(STDERR_FILENO, text.data(), text.size()); };
  const int file = open(failure_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const bool left = file >= 0 && write(file, running_bytes.data(), running_bytes.size()) >= 0;
  say("the target failed with ");
  say(running);
  if (left) say("; the input is in ");
  if (left) say(failure_file);
  say("\n");
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(const std::string& name, BytesView bytes) {
  running = name;
  running_bytes = bytes;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

Bytes read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Input> inputs_of(const std::vector<fs::path>& paths) {
  std::vector<Input> inputs;
  for (const fs::path& path : paths) {
    if (!fs::is_directory(path)) inputs.push_back({path.string(), read(path)});
    else
      for (const auto& entry : fs::directory_iterator(path)) inputs.push_back({entry.path().string(), read(entry.path())});
  }
  std::ranges::sort(inputs, {}, &Input::name);
  return inputs;
}

class Mutator {
 public:
  Mutator(const std::vector<Input>& inputs, unsigned seed) : inputs_(inputs), random_(seed) {}

  Bytes operator()() {
    Bytes bytes = one_of_them();
    for (std::size_t times = 1 + below(4); times > 0; --times) mutate(bytes);
    bytes.resize(std::min(bytes.size(), largest));
    return bytes;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % std::max<std::size_t>(1, limit); }
  const Bytes& one_of_them() { return inputs_[below(inputs_.size())].bytes; }

  void mutate(Bytes& bytes) {
    const std::size_t at = below(bytes.size()), count = std::min(bytes.size() - at, 1 + below(16));
    switch (bytes.empty() ? 3 : below(7)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(8)); return;
      case 1: bytes[at] = static_cast<char>(random_()); return;
      case 2: bytes.erase(at, count); return;
      case 3: bytes.insert(at, 1 + below(8), static_cast<char>(random_())); return;
      case 4: bytes.insert(at, Bytes(bytes.substr(below(bytes.size()), 1 + below(64)))); return;
      case 5: std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(count, 4), below(2) ? '\xff' : '\0'); return;
      default: {  // goes on as another one does
        const Bytes& other = one_of_them();
        const Bytes rest = other.substr(below(other.size()));
        bytes.replace(at, Bytes::npos, rest);
      }
    }
  }

  const std::vector<Input>& inputs_;
  std::mt19937 random_;
};

int replay(const std::vector<fs::path>& paths) {
  constexpr int seeds_at_full_scale = 100, mutations_of_a_seed = 200;
  const auto inputs = inputs_of(paths);
  if (inputs.empty()) {
    std::cerr << "no input to replay\n";
    return 1;
  }
  for (const Input& input : inputs) run(input.name, input.bytes);
  const auto seeds = test::seeds(seeds_at_full_scale);
  for (unsigned seed : seeds) {
    Mutator next(inputs, seed);
    for (int i = 0; i < mutations_of_a_seed; ++i) {
      const Bytes bytes = next();
      run(concat("mutation ", i, " of KRING_TEST_SEED=", seed), bytes);
    }
  }
  std::cout << inputs.size() << " inputs and " << seeds.size() * mutations_of_a_seed << " mutations of them\n";
  return 0;
}

}  // namespace
}  // namespace kring::fuzz

int main(int argc, char** argv) {
  kring::fuzz::failure_file = std::filesystem::path(argv[0]).filename().string() + ".failure";
  for (int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL}) std::signal(signal, kring::fuzz::leave_input);
  try {
    return kring::fuzz::replay({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
