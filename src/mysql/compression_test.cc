#include "mysql/compression.h"

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
