// Bytes, hashes and checksums. SHA-256 comes from OpenSSL, CRC-32C from ISA-L; both stay behind this header.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kring {

using Bytes = std::string;            // owned bytes; std::string for its small-buffer optimisation
using BytesView = std::string_view;   // borrowed bytes
using Hash = std::array<std::uint8_t, 32>;   // SHA-256
using Token = std::array<std::uint8_t, 16>;  // random, or a truncated hash

inline BytesView view(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }
inline BytesView view(const Token& token) { return {reinterpret_cast<const char*>(token.data()), token.size()}; }

std::uint32_t crc32c(BytesView bytes, std::uint32_t start = 0);  // `start`: the checksum of what precedes

// SHA-256 over several pieces. One object may be used again and again; not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& add(BytesView bytes);
  Hash finish();  // and start anew

 private:
  void* context_;
};

Hash sha256(BytesView bytes);

std::string to_hex(BytesView bytes);
std::optional<Bytes> from_hex(std::string_view hex);

}  // namespace kring
