#include "mysql/auth.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "mysql/errors.h"

namespace kintsugi::mysql {
namespace {

template <class Digest>
Digest digest(const EVP_MD* method, std::initializer_list<std::string_view> parts) {
  Digest result{};
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, method, nullptr);
  for (const std::string_view part : parts) EVP_DigestUpdate(context, part.data(), part.size());
  EVP_DigestFinal_ex(context, result.data(), nullptr);
  EVP_MD_CTX_free(context);
  return result;
}

Sha1Digest sha1(std::initializer_list<std::string_view> parts) {
  return digest<Sha1Digest>(EVP_sha1(), parts);
}

Sha256Digest sha256(std::initializer_list<std::string_view> parts) {
  return digest<Sha256Digest>(EVP_sha256(), parts);
}

template <class Digest>
std::string_view view(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// `a` XOR `b`, where b is repeated as often as needed.
std::string exclusive_or(std::string_view a, std::string_view b) {
  std::string result(a);
  for (std::size_t i = 0; i < a.size() && !b.empty(); ++i) result[i] ^= b[i % b.size()];
  return result;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

template <class Digest>
std::optional<Digest> from_hex(std::string_view text) {
  Digest result{};
  if (text.size() != 2 * result.size()) return std::nullopt;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    result[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return result;
}

std::string to_hex(std::string_view bytes) {
  std::string result;
  for (const char c : bytes) {
    result += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4];
    result += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15];
  }
  return result;
}

using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

PkeyContext context_of(EVP_PKEY* key) { return {EVP_PKEY_CTX_new(key, nullptr), &EVP_PKEY_CTX_free}; }

Bio memory_of(std::string_view text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all};
}

std::string public_pem_of(EVP_PKEY* key) {
  const Bio out(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_PUBKEY(out.get(), key);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

RandomBytes secure_random() {
  return [](std::size_t size) {
    std::string bytes(size, '\0');
    // OpenSSL 3 fails here only where the system has no entropy source: not a state to go on from.
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1) std::abort();
    return bytes;
  };
}

std::string make_scramble(const RandomBytes& random) {
  std::string scramble = random(kScrambleSize);
  for (char& c : scramble) {
    c = static_cast<char>(c & 0x7f);
    if (c == '\0' || c == '$') ++c;
  }
  return scramble;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string native_response(std::string_view password, std::string_view scramble) {
  if (password.empty()) return {};
  const Sha1Digest once = sha1({password});
  const Sha1Digest twice = sha1({view(once)});
  return exclusive_or(view(once), view(sha1({scramble, view(twice)})));
}

std::string sha2_response(std::string_view password, std::string_view scramble) {
  if (password.empty()) return {};
  const Sha256Digest once = sha256({password});
  const Sha256Digest twice = sha256({view(once)});
  return exclusive_or(view(once), view(sha256({view(twice), scramble})));
}

Credential Credential::from_password(std::string_view password) {
  return {.native = sha1({view(sha1({password}))}),
          .sha2 = sha256({view(sha256({password}))}),
          .empty = password.empty()};
}

bool Credential::accepts_native(std::string_view response, std::string_view scramble) const {
  if (response.empty()) return empty;
  if (!native || empty || response.size() != native->size()) return false;
  const std::string once = exclusive_or(response, view(sha1({scramble, view(*native)})));
  return equal_in_constant_time(view(sha1({once})), view(*native));
}

bool Credential::accepts_sha2(std::string_view response, std::string_view scramble) const {
  if (response.empty()) return empty;
  if (!sha2 || empty || response.size() != sha2->size()) return false;
  const std::string once = exclusive_or(response, view(sha256({view(*sha2), scramble})));
  return equal_in_constant_time(view(sha256({once})), view(*sha2));
}

bool Credential::accepts_password(std::string_view password) const {
  if (password.empty() || empty) return password.empty() && empty;
  if (sha2) return equal_in_constant_time(view(sha256({view(sha256({password}))})), view(*sha2));
  return native && equal_in_constant_time(view(sha1({view(sha1({password}))})), view(*native));
}

Result<Sha1Digest> parse_native_hash(std::string_view text) {
  const auto hash = text.starts_with('*') ? from_hex<Sha1Digest>(text.substr(1)) : std::nullopt;
  if (!hash) return failure(kInvalidArgument, "a native password hash is '*' and 40 hexadecimal digits");
  return *hash;
}

std::string format_native_hash(const Sha1Digest& hash) { return "*" + to_hex(view(hash)); }

Result<Sha256Digest> parse_sha2_hash(std::string_view text) {
  if (text.starts_with('*')) text.remove_prefix(1);
  const auto hash = from_hex<Sha256Digest>(text);
  if (!hash) return failure(kInvalidArgument, "a caching_sha2 password hash is 64 hexadecimal digits");
  return *hash;
}

std::string format_sha2_hash(const Sha256Digest& hash) { return to_hex(view(hash)); }

RsaKeyPair::RsaKeyPair(void* key, std::string public_pem) : key_(key), public_pem_(std::move(public_pem)) {}

RsaKeyPair::~RsaKeyPair() { EVP_PKEY_free(static_cast<EVP_PKEY*>(key_)); }

Result<std::shared_ptr<const RsaKeyPair>> RsaKeyPair::generate() {
  EVP_PKEY* key = EVP_RSA_gen(2048);
  if (key == nullptr) return failure(kInternal, "OpenSSL made no RSA key");
  return std::shared_ptr<const RsaKeyPair>(new RsaKeyPair(key, public_pem_of(key)));
}

Result<std::shared_ptr<const RsaKeyPair>> RsaKeyPair::from_pem(std::string_view private_key) {
  const Bio in = memory_of(private_key);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr);
  if (key == nullptr || EVP_PKEY_base_id(key) != EVP_PKEY_RSA) {
    EVP_PKEY_free(key);
    return failure(kInvalidArgument, "not a private RSA key in PEM form");
  }
  return std::shared_ptr<const RsaKeyPair>(new RsaKeyPair(key, public_pem_of(key)));
}

std::optional<std::string> RsaKeyPair::decrypt_password(std::string_view encrypted,
                                                        std::string_view scramble) const {
  const PkeyContext context = context_of(static_cast<EVP_PKEY*>(key_));
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_size(static_cast<EVP_PKEY*>(key_)));
  std::string plain(size, '\0');
  if (encrypted.size() != size || EVP_PKEY_decrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
      EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &size,
                       bytes_of(encrypted), encrypted.size()) != 1) {
    return std::nullopt;
  }
  plain.resize(size);
  plain = exclusive_or(plain, scramble);
  if (plain.empty() || plain.back() != '\0') return std::nullopt;
  plain.pop_back();
  return plain;
}

Result<std::string> encrypt_password(std::string_view public_pem, std::string_view password,
                                     std::string_view scramble) {
  const Bio in = memory_of(public_pem);
  const Pkey key(PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) {
    return failure(kBadHandshake, "the server's public key is not an RSA key in PEM form");
  }
  const std::string plain = exclusive_or(std::string(password) + '\0', scramble);
  const PkeyContext context = context_of(key.get());
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_size(key.get()));
  std::string encrypted(size, '\0');
  if (EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
      EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char*>(encrypted.data()), &size,
                       bytes_of(plain), plain.size()) != 1) {
    return failure(kBadHandshake, "the password cannot be encrypted with the server's public key");
  }
  encrypted.resize(size);
  return encrypted;
}

}  // namespace kintsugi::mysql
