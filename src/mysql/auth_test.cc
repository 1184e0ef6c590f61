#include "mysql/auth.h"

#include <gtest/gtest.h>

namespace kintsugi::mysql {
namespace {

const std::string kScramble = "abcdefghij0123456789";

TEST(Credential, HasTheHashesThatServersStore) {
  const Credential credential = Credential::from_password("mysql_password");
  EXPECT_EQ(format_native_hash(*credential.native), "*9E128DA0C64A6FCCCDCFBDD0FC0A2C967C6DB36F");
  // printf %s abc | openssl sha256 -binary | openssl sha256
  EXPECT_EQ(format_sha2_hash(*Credential::from_password("abc").sha2),
            "4F8B42C22DD3729B519BA6F68D2DA7CC5B2D606D05DAED5AD5128CC03E6C6358");
}

TEST(Credential, AcceptsOnlyItsPassword) {
  const Credential credential = Credential::from_password("secret");
  EXPECT_TRUE(credential.accepts_native(native_response("secret", kScramble), kScramble));
  EXPECT_TRUE(credential.accepts_sha2(sha2_response("secret", kScramble), kScramble));
  EXPECT_TRUE(credential.accepts_password("secret"));
  for (const char* wrong : {"", "secreT", "secret "}) {
    EXPECT_FALSE(credential.accepts_native(native_response(wrong, kScramble), kScramble)) << wrong;
    EXPECT_FALSE(credential.accepts_sha2(sha2_response(wrong, kScramble), kScramble)) << wrong;
    EXPECT_FALSE(credential.accepts_password(wrong)) << wrong;
  }
  EXPECT_FALSE(credential.accepts_native(native_response("secret", kScramble), "another scramble 123"));
  EXPECT_FALSE(credential.accepts_sha2(sha2_response("secret", kScramble), "another scramble 123"));
  EXPECT_FALSE(credential.accepts_native("short", kScramble));
}

TEST(Credential, EmptyPasswordIsProvenByNothingElse) {
  const Credential credential = Credential::from_password("");
  EXPECT_TRUE(credential.accepts_native("", kScramble));
  EXPECT_TRUE(credential.accepts_sha2("", kScramble));
  EXPECT_TRUE(credential.accepts_password(""));
  EXPECT_FALSE(credential.accepts_password("x"));
  EXPECT_FALSE(credential.accepts_native(native_response("x", kScramble), kScramble));
}

TEST(Credential, OneHashIsEnoughForItsMethodAndForThePassword) {
  Credential native;
  native.native = parse_native_hash("*9E128DA0C64A6FCCCDCFBDD0FC0A2C967C6DB36F").value();
  EXPECT_TRUE(native.accepts_native(native_response("mysql_password", kScramble), kScramble));
  EXPECT_FALSE(native.accepts_sha2(sha2_response("mysql_password", kScramble), kScramble));
  EXPECT_TRUE(native.accepts_password("mysql_password"));
  Credential sha2;
  sha2.sha2 = Credential::from_password("p").sha2;
  EXPECT_TRUE(sha2.accepts_sha2(sha2_response("p", kScramble), kScramble));
  EXPECT_FALSE(sha2.accepts_native(native_response("p", kScramble), kScramble));
  EXPECT_TRUE(sha2.accepts_password("p"));
}

TEST(Hashes, AreReadInEitherCaseAndRefusedOtherwise) {
  EXPECT_TRUE(parse_native_hash("*9e128da0c64a6fcccdcfbdd0fc0a2c967c6db36f"));
  EXPECT_FALSE(parse_native_hash("9E128DA0C64A6FCCCDCFBDD0FC0A2C967C6DB36F"));
  EXPECT_FALSE(parse_native_hash("*9E12"));
  EXPECT_FALSE(parse_native_hash("*ZE128DA0C64A6FCCCDCFBDD0FC0A2C967C6DB36F"));
  const std::string hex(64, 'a');
  EXPECT_TRUE(parse_sha2_hash(hex));
  EXPECT_TRUE(parse_sha2_hash("*" + hex));
  EXPECT_FALSE(parse_sha2_hash(hex + "a"));
}

TEST(Scramble, HasNoByteThatClientsStopAt) {
  int salt = 0;
  const RandomBytes counting = [&](std::size_t size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(salt++);
    return bytes;
  };
  for (int i = 0; i < 20; ++i) {
    const std::string scramble = make_scramble(counting);
    EXPECT_EQ(scramble.size(), kScrambleSize);
    for (const char c : scramble) {
      EXPECT_NE(c, '\0');
      EXPECT_NE(c, '$');
      EXPECT_GE(c, 0);
    }
  }
  EXPECT_NE(make_scramble(secure_random()), make_scramble(secure_random()));
}

TEST(Rsa, DecryptsWhatWasEncryptedForItAndNothingElse) {
  const auto key = RsaKeyPair::generate().value();
  const auto other = RsaKeyPair::generate().value();
  for (const std::string password : {"", "p", "a password of some more characters than the scramble has"}) {
    std::string encrypted = encrypt_password(key->public_pem(), password, kScramble).value();
    EXPECT_EQ(key->decrypt_password(encrypted, kScramble), password);
    EXPECT_EQ(other->decrypt_password(encrypted, kScramble), std::nullopt);
    encrypted[10] ^= 1;
    EXPECT_EQ(key->decrypt_password(encrypted, kScramble), std::nullopt);
    EXPECT_EQ(key->decrypt_password("short", kScramble), std::nullopt);
  }
  EXPECT_FALSE(encrypt_password("no key", "p", kScramble));
  EXPECT_FALSE(encrypt_password(key->public_pem(), std::string(300, 'x'), kScramble));
  EXPECT_FALSE(RsaKeyPair::from_pem(key->public_pem()));
}

}  // namespace
}  // namespace kintsugi::mysql
