#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

/// Passwords as MySQL proves them. Algorithms: MySQL Internals, "Native Authentication" and "Caching SHA-2
/// Pluggable Authentication"; all sums by OpenSSL. Bytes that depend on a password are compared in constant
/// time.
namespace kintsugi::mysql {

inline constexpr const char* kNativePassword = "mysql_native_password";
inline constexpr const char* kCachingSha2Password = "caching_sha2_password";
inline constexpr const char* kClearPassword = "mysql_clear_password";

inline constexpr std::size_t kScrambleSize = 20;

using Sha1Digest = std::array<unsigned char, 20>;
using Sha256Digest = std::array<unsigned char, 32>;

/// Fills a string of that many random bytes; what draws scrambles comes in through this, so that tests
/// repeat.
using RandomBytes = std::function<std::string(std::size_t size)>;
/// OpenSSL's generator.
RandomBytes secure_random();
/// kScrambleSize random bytes, none of which is zero or '$' (clients end a scramble there).
std::string make_scramble(const RandomBytes& random);

bool equal_in_constant_time(std::string_view a, std::string_view b);

/// What a client answers to a scramble; empty for an empty password.
std::string native_response(std::string_view password, std::string_view scramble);
std::string sha2_response(std::string_view password, std::string_view scramble);

/// One valid password of a user, as what can prove it. Where a hash is missing, its method cannot be used
/// (mysql_native_password) or needs the password itself (caching_sha2_password, over TLS or RSA).
struct Credential {
  std::optional<Sha1Digest> native;  ///< SHA1(SHA1(password))
  std::optional<Sha256Digest> sha2;  ///< SHA256(SHA256(password))
  bool empty = false;                ///< the password is the empty one

  static Credential from_password(std::string_view password);

  /// Whether `response` proves this password. An empty response proves only the empty one.
  bool accepts_native(std::string_view response, std::string_view scramble) const;
  bool accepts_sha2(std::string_view response, std::string_view scramble) const;
  bool accepts_password(std::string_view password) const;
};

/// "*9E128DA0…" (40 digits, either case) to its bytes, and back.
Result<Sha1Digest> parse_native_hash(std::string_view text);
std::string format_native_hash(const Sha1Digest& hash);
/// 64 hexadecimal digits, with or without a leading '*'.
Result<Sha256Digest> parse_sha2_hash(std::string_view text);
std::string format_sha2_hash(const Sha256Digest& hash);

/// The key by which a client without TLS encrypts its password for caching_sha2_password. Any thread.
class RsaKeyPair {
 public:
  /// 2048 bits; takes 50 to 500 ms of CPU, so once per process.
  static Result<std::shared_ptr<const RsaKeyPair>> generate();
  /// From PEM, private key included.
  static Result<std::shared_ptr<const RsaKeyPair>> from_pem(std::string_view private_key);
  ~RsaKeyPair();
  RsaKeyPair(const RsaKeyPair&) = delete;
  RsaKeyPair& operator=(const RsaKeyPair&) = delete;

  /// "-----BEGIN PUBLIC KEY-----…", as it is sent to clients.
  const std::string& public_pem() const { return public_pem_; }

  /// The password from what `encrypt_password` made, or nothing where it was not made with this key.
  std::optional<std::string> decrypt_password(std::string_view encrypted, std::string_view scramble) const;

 private:
  explicit RsaKeyPair(void* key, std::string public_pem);
  void* key_;  // EVP_PKEY
  std::string public_pem_;
};

/// The client's side: OAEP with SHA-1 of the password and its zero byte, XORed with the scramble.
Result<std::string> encrypt_password(std::string_view public_pem, std::string_view password,
                                     std::string_view scramble);

}  // namespace kintsugi::mysql
