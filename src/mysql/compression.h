#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "mysql/capabilities.h"

namespace kintsugi::mysql {

enum class Compression { none, zlib, zstd };

/// What two sides with these agreed capabilities use once authentication is over; zlib where both methods are
/// agreed, as MySQL does.
Compression compression_of(Capabilities agreed);
/// The level for that: `zstd_level` is what the client asked for with zstd; zlib has its own.
int compression_level(Compression method, std::uint8_t zstd_level);

/// The compressed protocol: the stream of ordinary frames, cut anywhere into compressed packets of 3 bytes
/// compressed length, 1 byte sequence id of their own, 3 bytes uncompressed length (0: sent as it is). One
/// per connection, of a few bytes: the libraries' working memory is the thread's. Does no I/O.
class CompressionCodec {
 public:
  /// `level`: zstd's 1 to 22 or zlib's 1 to 9; 0 is the library's own.
  explicit CompressionCodec(Compression method, int level = 0) : method_(method), level_(level) {}

  /// Appends `plain` to `out` as compressed packets. Small ones are not worth compressing and are sent as
  /// they are.
  void compress(std::string_view plain, std::string& out);

  struct Step {
    std::size_t consumed = 0;  ///< bytes of the input that are used up
    std::size_t needed = 0;    ///< where nothing is consumed: bytes that the input must have
  };
  /// Takes one compressed packet off the front of `bytes` and appends what was in it (less than 16 MiB) to
  /// `plain`. Fails with kBadCompression or kPacketOutOfOrder, and the connection is to be dropped.
  Result<Step> decompress(std::string_view bytes, std::string& plain);

  /// A command begins: the sequence ids of compressed packets start again, as those of frames do.
  void reset_sequence() { sequence_ = 0; }

 private:
  Compression method_;
  int level_;
  std::uint8_t sequence_ = 0;
};

}  // namespace kintsugi::mysql
