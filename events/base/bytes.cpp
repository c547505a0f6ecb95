#include "events/base/bytes.h"

#include <isa-l/crc.h>
#include <openssl/evp.h>

#include "events/base/check.h"

namespace kring {
namespace {

const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);  // fetching each time costs more than hashing
  KRING_CHECK(fetched != nullptr);
  return fetched;
}

EVP_MD_CTX* context_of(void* context) { return static_cast<EVP_MD_CTX*>(context); }

}  // namespace

std::uint32_t crc32c(BytesView bytes, std::uint32_t start) {
  // ISA-L takes and returns the register without the customary inversion at both ends.
  auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~start);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  KRING_CHECK(context_ != nullptr);
  KRING_CHECK(EVP_DigestInit_ex2(context_of(context_), algorithm(), nullptr) == 1);
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_of(context_)); }

Sha256& Sha256::add(BytesView bytes) {
  KRING_CHECK(EVP_DigestUpdate(context_of(context_), bytes.data(), bytes.size()) == 1);
  return *this;
}

Hash Sha256::finish() {
  Hash hash;
  KRING_CHECK(EVP_DigestFinal_ex(context_of(context_), hash.data(), nullptr) == 1);
  KRING_CHECK(EVP_DigestInit_ex2(context_of(context_), algorithm(), nullptr) == 1);
  return hash;
}

Hash sha256(BytesView bytes) {
  thread_local Sha256 hasher;
  return hasher.add(bytes).finish();
}

std::string to_hex(BytesView bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (unsigned char c : bytes) {
    out += digits[c >> 4];
    out += digits[c & 15];
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  auto nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  Bytes out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    int high = nibble(hex[i]), low = nibble(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

}  // namespace kring
