#include "mysql/packet.h"

#include <gtest/gtest.h>

#include "mysql/errors.h"

namespace kintsugi::mysql {
namespace {

using namespace std::string_literals;

TEST(Reader, ReadsWhatWriterWrote) {
  std::string bytes;
  Writer(bytes)
      .u8(0xab)
      .u16(0xabcd)
      .u24(0xabcdef)
      .u32(0xabcdef01)
      .u64(0x0123456789abcdef)
      .f32(1.5f)
      .f64(-2.25);
  Writer(bytes).null_string("name").lenenc_string("value").bytes("tail");
  Reader reader(bytes);
  EXPECT_EQ(reader.u8(), 0xab);
  EXPECT_EQ(reader.u16(), 0xabcd);
  EXPECT_EQ(reader.u24(), 0xabcdefu);
  EXPECT_EQ(reader.u32(), 0xabcdef01u);
  EXPECT_EQ(reader.u64(), 0x0123456789abcdefu);
  EXPECT_EQ(reader.f32(), 1.5f);
  EXPECT_EQ(reader.f64(), -2.25);
  EXPECT_EQ(reader.null_string(), "name");
  EXPECT_EQ(reader.lenenc_string(), "value");
  EXPECT_EQ(reader.rest(), "tail");
  EXPECT_TRUE(reader.ok());
}

TEST(Reader, OfALengthOfEightBytesTheLowHalfCounts) {
  std::string bytes;
  Writer(bytes).u8(0xfe).u64(0x0000000300000003).bytes("abcd");
  Reader reader(bytes);
  EXPECT_EQ(reader.lenenc_string(), "abc");
  EXPECT_EQ(reader.rest(), "d");
  EXPECT_TRUE(reader.ok());
}

TEST(Reader, LengthEncodedIntegersHaveTheShortestForm) {
  const std::pair<std::uint64_t, std::size_t> cases[] = {
      {0, 1}, {250, 1}, {251, 3}, {0xffff, 3}, {0x10000, 4}, {0xffffff, 4}, {0x1000000, 9}, {~0ull, 9}};
  for (const auto& [value, size] : cases) {
    std::string bytes;
    Writer(bytes).lenenc(value);
    EXPECT_EQ(bytes.size(), size) << value;
    Reader reader(bytes);
    EXPECT_EQ(reader.lenenc(), value);
    EXPECT_TRUE(reader.ok());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      Reader shorter(std::string_view(bytes).substr(0, cut));
      shorter.lenenc();
      EXPECT_FALSE(shorter.ok()) << value << " cut at " << cut;
    }
  }
}

TEST(Reader, StaysFailedOnceSomethingDidNotFit) {
  Reader reader(
      "\x05"
      "abc");
  EXPECT_EQ(reader.lenenc_string(), "");
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.u8(), 0);
  EXPECT_EQ(reader.rest(), "");
  EXPECT_FALSE(reader.ok());
}

TEST(Reader, RefusesLengthsThatAreMarkers) {
  for (const char marker : {'\xfb', '\xff'}) {
    const std::string bytes = marker + "12345678"s;
    Reader reader(bytes);
    reader.lenenc();
    EXPECT_FALSE(reader.ok());
  }
}

TEST(Framing, SplitsAtTheLargestFrameAndEndsWithAnEmptyOne) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{5}, kMaxFrame - 1, kMaxFrame, kMaxFrame + 1, 2 * kMaxFrame}) {
    const std::string payload(size, 'x');
    std::string bytes;
    std::uint8_t sequence = 254;
    append_packet(bytes, sequence, payload);
    const std::size_t frames = size / kMaxFrame + 1;
    EXPECT_EQ(bytes.size(), size + frames * kHeaderSize);
    EXPECT_EQ(sequence, static_cast<std::uint8_t>(254 + frames));

    PacketAssembler assembler(1 << 30);
    assembler.set_sequence(254);
    const auto step = assembler.next(bytes);
    ASSERT_TRUE(step);
    EXPECT_TRUE(step->complete);
    EXPECT_EQ(step->consumed, bytes.size());
    EXPECT_EQ(step->payload, payload);
    EXPECT_EQ(assembler.sequence(), sequence);
  }
}

TEST(PacketAssembler, AsksForWhatIsMissing) {
  std::string bytes;
  std::uint8_t sequence = 0;
  append_packet(bytes, sequence, "hello");
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    PacketAssembler assembler(100);
    const auto step = assembler.next(std::string_view(bytes).substr(0, cut));
    ASSERT_TRUE(step);
    EXPECT_FALSE(step->complete);
    EXPECT_EQ(step->needed, cut < kHeaderSize ? kHeaderSize : bytes.size());
  }
}

TEST(PacketAssembler, JoinsFramesThatComeByAndBy) {
  const std::string payload(kMaxFrame + 10, 'y');
  std::string bytes;
  std::uint8_t sequence = 0;
  append_packet(bytes, sequence, payload);
  append_packet(bytes, sequence, "next");
  PacketAssembler assembler(1 << 30);
  const auto first = assembler.next(std::string_view(bytes).substr(0, kMaxFrame + kHeaderSize + 2));
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->complete);
  EXPECT_EQ(first->consumed, kMaxFrame + kHeaderSize);
  const std::string_view rest = std::string_view(bytes).substr(first->consumed);
  const auto second = assembler.next(rest);
  ASSERT_TRUE(second);
  ASSERT_TRUE(second->complete);
  EXPECT_EQ(second->payload, payload);
  const auto third = assembler.next(rest.substr(second->consumed));
  ASSERT_TRUE(third && third->complete);
  EXPECT_EQ(third->payload, "next");
}

TEST(PacketAssembler, RefusesLargePacketsByTheirHeaderAndWrongSequenceIds) {
  PacketAssembler assembler(4);
  const auto large = assembler.next("\x05\0\0\0"s);
  ASSERT_FALSE(large);
  EXPECT_TRUE(large.error().is(kPacketTooLarge));
  EXPECT_EQ(large.error().mysql_errno(), 1153);
  const auto wrong = assembler.next("\x01\0\0\x07x"s);
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(wrong.error().is(kPacketOutOfOrder));
}

}  // namespace
}  // namespace kintsugi::mysql
