#include "mysql/packet.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "mysql/errors.h"

namespace kintsugi::mysql {

static_assert(std::endian::native == std::endian::little, "integers are copied as the wire has them");

void Reader::fail() {
  failed_ = true;
  bytes_ = {};
}

std::string_view Reader::take(std::size_t size) {
  if (size > bytes_.size()) {
    fail();
    return {};
  }
  const std::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

float Reader::f32() { return std::bit_cast<float>(u32()); }

double Reader::f64() { return std::bit_cast<double>(u64()); }

std::uint64_t Reader::lenenc() {
  const std::uint8_t first = u8();
  switch (first) {
    case 0xfc:
      return u16();
    case 0xfd:
      return u24();
    case 0xfe:
      return u64();
    case 0xfb:
    case 0xff:
      fail();
      return 0;
    default:
      return first;
  }
}

std::string_view Reader::lenenc_string() {
  // Servers read the low half of a length of eight bytes, and some drivers (mysql2) write nonsense above it.
  const std::uint64_t size = lenenc() & 0xffffffff;
  return take(size);
}

std::string_view Reader::null_string() {
  const std::size_t end = bytes_.find('\0');
  if (end == std::string_view::npos) {
    fail();
    return {};
  }
  const std::string_view text = take(end);
  skip(1);
  return text;
}

std::string_view Reader::null_string_or_rest() {
  return bytes_.find('\0') == std::string_view::npos ? rest() : null_string();
}

bool Reader::null() {
  if (peek() != 0xfb) return false;
  skip(1);
  return true;
}

Writer& Writer::fixed(std::uint64_t value, std::size_t size) {
  out_.append(reinterpret_cast<const char*>(&value), size);
  return *this;
}

Writer& Writer::f32(float value) { return u32(std::bit_cast<std::uint32_t>(value)); }

Writer& Writer::f64(double value) { return u64(std::bit_cast<std::uint64_t>(value)); }

Writer& Writer::lenenc(std::uint64_t value) {
  if (value < 0xfb) return fixed(value, 1);
  if (value <= 0xffff) return u8(0xfc).fixed(value, 2);
  if (value <= 0xffffff) return u8(0xfd).fixed(value, 3);
  return u8(0xfe).fixed(value, 8);
}

Writer& Writer::lenenc_string(std::string_view value) { return lenenc(value.size()).bytes(value); }

Writer& Writer::null_string(std::string_view value) { return bytes(value).zeros(1); }

std::uint64_t count_packets(std::string_view frames) {
  std::uint64_t packets = 0;
  while (frames.size() >= kHeaderSize) {
    const std::uint32_t length = parse_header(frames).length;
    if (length < kMaxFrame) ++packets;  // its last frame
    frames.remove_prefix(std::min(frames.size(), kHeaderSize + length));
  }
  return packets;
}

void append_packet(std::string& out, std::uint8_t& sequence, std::string_view payload) {
  const std::size_t mark = begin_packet(out);
  out.append(payload);
  end_packet(out, mark, sequence);
}

std::size_t begin_packet(std::string& out) {
  out.append(kHeaderSize, '\0');
  return out.size() - kHeaderSize;
}

void end_packet(std::string& out, std::size_t mark, std::uint8_t& sequence) {
  std::size_t left = out.size() - mark - kHeaderSize;
  while (left >= kMaxFrame) {
    write_header(out.data() + mark, {kMaxFrame, sequence++});
    mark += kHeaderSize + kMaxFrame;
    left -= kMaxFrame;
    out.insert(mark, kHeaderSize, '\0');
  }
  write_header(out.data() + mark, {static_cast<std::uint32_t>(left), sequence++});
}

Result<PacketAssembler::Step> PacketAssembler::next(std::string_view bytes) {
  Step step;
  if (!joining_) joined_.clear();
  for (;;) {
    const std::string_view left = bytes.substr(step.consumed);
    step.needed = step.consumed + kHeaderSize;
    if (left.size() < kHeaderSize) return step;
    const FrameHeader header = parse_header(left);
    const std::uint8_t expected = sequence_;
    if (check_sequence_ && header.sequence != expected) {
      sequence_ = static_cast<std::uint8_t>(header.sequence + 1);
      return failure(kPacketOutOfOrder, "got packet " + std::to_string(header.sequence) + ", expected " +
                                            std::to_string(expected));
    }
    if (joined_.size() + header.length > max_payload_) {
      sequence_ = static_cast<std::uint8_t>(header.sequence + 1);
      refused_at_ = step.consumed;
      joining_ = false;
      release();
      return failure(kPacketTooLarge, "got a packet bigger than max_allowed_packet (" +
                                          std::to_string(max_payload_) + " bytes)");
    }
    step.needed += header.length;
    if (left.size() < kHeaderSize + header.length) return step;
    const std::string_view frame = left.substr(kHeaderSize, header.length);
    sequence_ = static_cast<std::uint8_t>(header.sequence + 1);
    step.consumed += kHeaderSize + header.length;
    const bool last = header.length < kMaxFrame;
    if (last && !joining_) {
      step.payload = frame;
    } else {
      joined_.append(frame);
      joining_ = !last;
      step.payload = joined_;
    }
    step.complete = last;
    if (last) return step;
  }
}

void PacketAssembler::release() { joined_ = std::string(); }

}  // namespace kintsugi::mysql
