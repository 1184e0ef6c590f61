#include "mysql/compression.h"

#include <malloc.h>

#include <deque>

#include <gtest/gtest.h>

#include "mysql/errors.h"

namespace kintsugi::mysql {
namespace {

class CompressionTest : public testing::TestWithParam<Compression> {};
INSTANTIATE_TEST_SUITE_P(Methods, CompressionTest, testing::Values(Compression::zlib, Compression::zstd));

std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& c : bytes) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

TEST_P(CompressionTest, GivesBackWhatWasPutIn) {
  CompressionCodec sender(GetParam());
  CompressionCodec receiver(GetParam());
  for (const std::string& plain : {std::string("x"), std::string(49, 'a'), std::string(50, 'a'),
                                   std::string(3 << 20, 'b'), noise(1000), noise(2 << 20)}) {
    std::string wire;
    sender.compress(plain, wire);
    EXPECT_LT(wire.size(), plain.size() + 100);
    std::string back;
    std::size_t at = 0;
    while (at < wire.size()) {
      const auto step = receiver.decompress(std::string_view(wire).substr(at), back);
      ASSERT_TRUE(step) << step.error().text();
      ASSERT_GT(step->consumed, 0u);
      at += step->consumed;
    }
    EXPECT_EQ(back, plain);
  }
}

TEST_P(CompressionTest, WaitsForWholePackets) {
  CompressionCodec sender(GetParam());
  std::string wire;
  sender.compress(std::string(500, 'a'), wire);
  EXPECT_LT(wire.size(), 100u);
  for (std::size_t cut = 0; cut < wire.size(); ++cut) {
    CompressionCodec receiver(GetParam());
    std::string back;
    const auto step = receiver.decompress(std::string_view(wire).substr(0, cut), back);
    ASSERT_TRUE(step);
    EXPECT_EQ(step->consumed, 0u);
    EXPECT_GT(step->needed, cut);
    EXPECT_EQ(back, "");
  }
}

#ifndef KINTSUGI_SANITIZED  // whose allocator does not count
TEST_P(CompressionTest, ConnectionsOfAThreadShareTheWorkingMemory) {
  constexpr std::size_t kConnections = 200;
  const std::string plain(10'000, 'a');
  std::deque<CompressionCodec> codecs;
  const auto use = [&](CompressionCodec& codec) {
    std::string wire;
    std::string back;
    codec.compress(plain, wire);
    codec.reset_sequence();
    ASSERT_TRUE(codec.decompress(wire, back));
    EXPECT_EQ(back, plain);
  };
  use(codecs.emplace_back(GetParam()));
  const std::size_t before = ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
  for (std::size_t i = 0; i < kConnections; ++i) use(codecs.emplace_back(GetParam()));
  const std::size_t after = ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
  EXPECT_LT(after, before + kConnections * 100);
}
#endif

TEST_P(CompressionTest, EveryLevelOneAfterTheOther) {
  const std::string plain = noise(100) + std::string(5000, 'a') + noise(3000);
  for (const int level : {1, 9, 3, 6, 0, 9, 1}) {
    CompressionCodec sender(GetParam(), level);
    CompressionCodec receiver(GetParam());
    std::string wire;
    std::string back;
    sender.compress(plain, wire);
    EXPECT_LT(wire.size(), plain.size() * 3 / 4) << level;
    ASSERT_TRUE(receiver.decompress(wire, back)) << level;
    EXPECT_EQ(back, plain) << level;
  }
}

TEST(Compression, TheLevelOfZstdIsTheClientsAndThatOfZlibOurs) {
  EXPECT_EQ(compression_of(capability::kCompress | capability::kZstd), Compression::zlib);
  EXPECT_EQ(compression_level(Compression::zlib, 22), 0);
  EXPECT_EQ(compression_level(Compression::zstd, 19), 19);
  EXPECT_EQ(compression_level(Compression::zstd, 200), 22);
}

TEST_P(CompressionTest, RefusesDamage) {
  CompressionCodec sender(GetParam());
  std::string wire;
  sender.compress(std::string(500, 'a'), wire);
  const auto receive = [&](const std::string& bytes) {
    CompressionCodec receiver(GetParam());
    std::string back;
    const auto step = receiver.decompress(bytes, back);
    EXPECT_EQ(back, "");
    return step;
  };
  std::string wrong_size = wire;
  ++wrong_size[4];
  EXPECT_TRUE(receive(wrong_size).error().is(kBadCompression));
  std::string wrong_bytes = wire;
  wrong_bytes[7] ^= 0x55;
  EXPECT_TRUE(receive(wrong_bytes).error().is(kBadCompression));
  std::string wrong_sequence = wire;
  ++wrong_sequence[3];
  EXPECT_TRUE(receive(wrong_sequence).error().is(kPacketOutOfOrder));
}

}  // namespace
}  // namespace kintsugi::mysql
