// Lines of a file or of standard input, one at a time, in memory that stays bounded whatever comes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/kring/interrupt.h"

namespace kring::cli {

inline constexpr std::size_t max_line = 1 << 20;  // bytes of one command

enum class ReadLine : std::uint8_t {
  line,
  too_long,     // read over; the lines behind it go on
  end,
  interrupted,  // what had been read of a line is dropped
  failed,       // errno tells why
};

class LineReader {
 public:
  // The descriptor stays the caller's.
  LineReader(int descriptor, Interrupt& interrupt) : descriptor_(descriptor), interrupt_(interrupt), buffer_(1 << 16) {}

  // Without its end. The last line may lack one.
  ReadLine next(std::string& line);

  std::uint64_t offset() const { return offset_; }  // bytes of the lines so far
  std::uint64_t size() const;                       // of the file; 0 where it is none

 private:
  bool fill();

  const int descriptor_;
  Interrupt& interrupt_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // of what is in the buffer
  std::uint64_t offset_ = 0;
  ReadLine over_ = ReadLine::line;   // why nothing more comes
};

}  // namespace kring::cli
