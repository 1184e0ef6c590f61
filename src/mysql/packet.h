#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.h"

namespace kintsugi::mysql {

/// Every packet on the wire is one or more frames: 3 bytes length, 1 byte sequence id, payload. A frame of
/// exactly kMaxFrame bytes is followed by another of the same packet, be it empty.
inline constexpr std::size_t kHeaderSize = 4;
inline constexpr std::size_t kMaxFrame = 0xffffff;

/// Takes integers and strings off the front of a payload. Never reads past its end: the first thing that
/// does not fit makes it failed for good, and whatever is asked afterwards is zero or empty. So a parser
/// reads everything and asks ok() once, before it believes what it has. The views it gives point into the
/// payload.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(fixed(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(fixed(2)); }
  std::uint32_t u24() { return static_cast<std::uint32_t>(fixed(3)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(fixed(4)); }
  std::uint64_t u48() { return fixed(6); }
  std::uint64_t u64() { return fixed(8); }
  float f32();
  double f64();

  /// Length-encoded integer. The bytes 0xfb (NULL in a text row) and 0xff (error) are not one, and fail.
  std::uint64_t lenenc();
  std::string_view lenenc_string();
  /// Up to a zero byte, which is consumed and not part of the result; fails where there is none.
  std::string_view null_string();
  /// Like null_string, but the end of the payload ends it as well.
  std::string_view null_string_or_rest();
  std::string_view take(std::size_t size);
  std::string_view rest() { return take(bytes_.size()); }
  void skip(std::size_t size) { take(size); }
  /// Consumes the byte 0xfb if it is next.
  bool null();

  /// The next byte without consuming it; 0 at the end.
  std::uint8_t peek() const { return bytes_.empty() ? 0 : static_cast<std::uint8_t>(bytes_.front()); }
  bool empty() const { return bytes_.empty(); }
  std::size_t remaining() const { return bytes_.size(); }
  bool ok() const { return !failed_; }
  void fail();

 private:
  std::uint64_t fixed(std::size_t size) {
    if (bytes_.size() < size) return fail(), 0;
    std::uint64_t value = 0;
    std::memcpy(&value, bytes_.data(), size);
    bytes_.remove_prefix(size);
    return value;
  }

  std::string_view bytes_;
  bool failed_ = false;
};

/// Appends integers and strings to a payload. Borrows the string.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& u8(std::uint8_t value) { return fixed(value, 1); }
  Writer& u16(std::uint16_t value) { return fixed(value, 2); }
  Writer& u24(std::uint32_t value) { return fixed(value, 3); }
  Writer& u32(std::uint32_t value) { return fixed(value, 4); }
  Writer& u64(std::uint64_t value) { return fixed(value, 8); }
  Writer& f32(float value);
  Writer& f64(double value);
  Writer& lenenc(std::uint64_t value);
  Writer& lenenc_string(std::string_view value);
  Writer& null_string(std::string_view value);
  Writer& bytes(std::string_view value) { return out_.append(value), *this; }
  Writer& zeros(std::size_t count) { return out_.append(count, '\0'), *this; }

 private:
  Writer& fixed(std::uint64_t value, std::size_t size);

  std::string& out_;
};

struct FrameHeader {
  std::uint32_t length = 0;
  std::uint8_t sequence = 0;
};

/// `bytes` holds at least kHeaderSize bytes.
inline FrameHeader parse_header(std::string_view bytes) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data(), kHeaderSize);
  return {word & 0xffffffU, static_cast<std::uint8_t>(word >> 24)};
}
inline void write_header(char* out, FrameHeader header) {
  const std::uint32_t word = header.length | std::uint32_t{header.sequence} << 24;
  std::memcpy(out, &word, kHeaderSize);
}

/// How many packets end in these whole frames.
std::uint64_t count_packets(std::string_view frames);

/// Appends `payload` as a packet, split into frames where it has kMaxFrame bytes or more. `sequence` is the
/// id of its first frame and is left at the one after its last.
void append_packet(std::string& out, std::uint8_t& sequence, std::string_view payload);

/// A packet written in place:
///
///     const std::size_t mark = begin_packet(out);
///     Writer(out).u8(0).lenenc(rows);
///     end_packet(out, mark, sequence);
std::size_t begin_packet(std::string& out);
void end_packet(std::string& out, std::size_t mark, std::uint8_t& sequence);

/// Takes whole packets off the front of a stream of bytes, joined where they span frames, and checks their
/// sequence ids. One packet of one frame is not copied.
class PacketAssembler {
 public:
  /// max_payload: larger packets fail with kPacketTooLarge as soon as their header shows it.
  explicit PacketAssembler(std::size_t max_payload) : max_payload_(max_payload) {}

  struct Step {
    bool complete = false;     ///< `payload` is a packet; else the buffer must grow to `needed` bytes
    std::size_t consumed = 0;  ///< bytes to drop from the front of the buffer, after `payload` was used
    std::size_t needed = 0;
    std::string_view payload;  ///< points into `bytes`, or into this object until the next call
  };

  /// `bytes`: what has come and was not consumed before. After a failure, sequence() is what an ERR packet to
  /// the peer should carry.
  Result<Step> next(std::string_view bytes);
  /// After kPacketTooLarge: where in those bytes the frame begins that was too much. The packet is over with
  /// a frame that is shorter than kMaxFrame.
  std::size_t refused_at() const { return refused_at_; }

  /// The sequence id that the next frame must have: set to 0 (server) or kept (client) between commands.
  std::uint8_t sequence() const { return sequence_; }
  void set_sequence(std::uint8_t sequence) { sequence_ = sequence; }
  void set_max_payload(std::size_t bytes) { max_payload_ = bytes; }
  /// Inside the compressed protocol servers number frames as they like, and nobody checks.
  void set_check_sequence(bool check) { check_sequence_ = check; }
  /// Frees what a joined packet held.
  void release();

 private:
  std::size_t max_payload_;
  std::uint8_t sequence_ = 0;
  bool joining_ = false;
  bool check_sequence_ = true;
  std::size_t refused_at_ = 0;
  std::string joined_;
};

}  // namespace kintsugi::mysql
